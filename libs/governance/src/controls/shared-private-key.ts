import { counted, merged, positionsOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const sharedPrivateKey = control({
  id: 'shared-private-key',
  version: 2,
  title: 'A private key is in one place',
  question: 'Is the private key, of itself or of a certificate, in more than one place?',
  method:
    'Asked of certificates and private keys, as declared. Uncontrolled: declared copies and those who obtained it are more than ' +
    'placesMax. Unknown: there are none of both. Who obtained it and was refused since still has it; who was only refused has ' +
    'nothing. Controlled: no more than that.',
  requirements: ['R2.4'],
  severity: 'medium',
  because: 'a certificate whose private key is in many places is a shared secret',
  parameters: {
    placesMax: { default: 1, unit: 'count', meaning: 'places outside its slot, each use by a workload being one' },
  },
  applies: ({ stewardship: { declared } }) => declared.kind === 'certificate' || declared.kind === 'private-key',
  test: ({ stewardship, accessors }, { placesMax }) => {
    const extracted = accessors.filter(({ lastAt }) => lastAt !== undefined).length
    const places = stewardship.copies.length + extracted
    if (places > placesMax)
      return uncontrolled(`The private key is in ${counted(places, 'place')} beside its slot.`, {
        witnesses: merged([positionsOf(stewardship.copies), ...accessors.map(({ newest }) => newest.positions)]),
      })
    if (places === 0) return unknown('Nothing records where the private key is used.')
    return controlled('The private key is in one place.')
  },
})
