import { endedSince, merged, named } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const insecureSharing = control({
  id: 'insecure-sharing',
  version: 1,
  title: 'What was sent in the open is replaced',
  question: 'Was it sent by mail, chat or ticket, and not replaced since?',
  method:
    'Asked of credentials reported as sent by mail, chat or ticket. Uncontrolled: records show no change of the secret since. ' +
    'Controlled: it was changed.',
  requirements: ['R3.11'],
  severity: 'high',
  because: 'messages are kept, forwarded and searched by many',
  parameters: {},
  applies: ({ sharing, at }) => sharing.exposures.some((one) => one.how === 'insecure-sharing' && one.at <= at),
  test: (history) => {
    const sent = history.sharing.exposures.filter(({ how, at }) => how === 'insecure-sharing' && at <= history.at)
    const open = sent.filter(({ at }) => endedSince(history, at) === undefined)
    if (open.length === 0) return controlled('It was replaced after it was sent in the open.')
    return uncontrolled(`It was sent in the open and not replaced since: ${named(open.map(({ words }) => words))}.`, {
      witnesses: merged(open.map(({ positions }) => positions)),
    })
  },
})
