import { INSECURE_LOCATIONS, named, positionsOf } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const insecureLocation = control({
  id: 'insecure-location',
  version: 1,
  title: 'No copy lies in the open',
  question: 'Is it, or what renews it, kept in code, images, tickets, mail or chat?',
  method:
    'Asked of credentials of which copies are declared. Uncontrolled: a copy lies in code, a configuration file, an image, a ticket, ' +
    'mail or chat. Controlled: none of the declared copies does. What nobody declared is not seen.',
  requirements: ['R2.4', 'R3.11'],
  severity: 'high',
  because:
    'whoever can read the place has the secret, and a short life does not help where the refresh path lies beside it',
  parameters: {},
  applies: ({ stewardship }) => stewardship.copies.length > 0,
  test: ({ stewardship }) => {
    const open = stewardship.copies.filter(({ kind }) => INSECURE_LOCATIONS.includes(kind))
    if (open.length === 0) return controlled('No declared copy lies where others can read it.')
    return uncontrolled(`It lies in the open: ${named(open.map(({ kind, place }) => `${kind} ${place}`))}.`, {
      witnesses: positionsOf(open),
    })
  },
})
