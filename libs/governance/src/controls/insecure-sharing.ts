import { endingAfter, type Ending } from '../history/live-changes.js'
import { merged, named } from '../history/questions.js'
import type { Exposure } from '../history/sharing-record.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const insecureSharing = control({
  id: 'insecure-sharing',
  version: 2,
  title: 'What was sent in the open is replaced',
  question: 'Was it sent by mail, chat or ticket, and not replaced since?',
  method:
    'Asked of credentials reported as sent by mail, chat or ticket. Uncontrolled: records show no change of the secret since. ' +
    'Unknown: versions were deleted since, and whether the one in use was among them is not recorded. Controlled: it was changed.',
  requirements: ['R3.11'],
  severity: 'high',
  because: 'messages are kept, forwarded and searched by many',
  parameters: {},
  applies: ({ sharing, at }) => sharing.exposures.some((one) => one.how === 'insecure-sharing' && one.at <= at),
  test: (history) => {
    const sent = history.sharing.exposures.filter(({ how, at }) => how === 'insecure-sharing' && at <= history.at)
    const ending = (one: Exposure): Ending => endingAfter(history, one.at)
    const open = sent.filter((one) => ending(one).sure === undefined)
    if (open.length === 0) return controlled('It was replaced after it was sent in the open.')
    const witnesses = merged(open.map(({ positions }) => positions))
    if (open.every((one) => ending(one).perhaps !== undefined))
      return unknown(`It was sent in the open, and since ${PERHAPS_ENDED}.`, { witnesses })
    return uncontrolled(`It was sent in the open and not replaced since: ${named(open.map(({ words }) => words))}.`, {
      witnesses,
    })
  },
})
