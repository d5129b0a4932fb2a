import { looksBackTo } from '../history/looks-back.js'
import { goneAt } from '../history/live-changes.js'
import { counted, daysOf, DAY_MS, merged, obtained } from '../history/questions.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'

export const revocationSilent = control({
  id: 'revocation-silent',
  version: 3,
  title: 'A revocation is followed by silence',
  question: 'After it was deleted or destroyed, was it obtained no more, for as long as proves it?',
  method:
    'Asked of credentials that were deleted or destroyed. Uncontrolled: it was obtained afterwards. Unknown: silenceDays have not ' +
    'passed, the log does not cover them from the end on without a gap, the answer to a request after it is not recorded, whether what is in use was among ' +
    'the deleted versions, or is back, is not recorded, or there were too many attempts since to look at each. Controlled: they passed, the log covers them, and nobody obtained it.',
  requirements: ['R4.3'],
  severity: 'high',
  because: 'an end that is only announced is none',
  parameters: { silenceDays: { default: 7, unit: 'days', meaning: 'silence that proves the end' } },
  applies: (history) => goneAt(history) !== undefined,
  test: (history, { silenceDays }) => {
    const gone = goneAt(history)
    const since = gone?.change.at ?? 0
    const witnesses = gone?.change.positions ?? []
    if (gone?.isSure !== true)
      return unknown('It was deleted, and whether what is in use was among that, or is back, is not recorded.', {
        witnesses,
      })
    const later = obtained(history).filter(({ at, outcome }) => at > since && outcome === 'succeeded')
    if (later.length > 0)
      return uncontrolled(`It was obtained ${counted(later.length, 'time')} after it was ended.`, {
        witnesses: merged([witnesses, ...later.map(({ positions }) => positions)]),
      })
    const halves = obtained(history).filter(({ at }) => at > since)
    if (halves.length > 0)
      return unknown(
        `After it was ended it was asked for ${counted(halves.length, 'time')}, and no answer is recorded.`,
        {
          witnesses: merged([witnesses, ...halves.map(({ positions }) => positions)]),
        },
      )
    const provenAt = since + silenceDays * DAY_MS
    const heard = history.sources.some(
      ({ coverage, gaps }) =>
        coverage !== undefined &&
        coverage.from <= since &&
        coverage.to >= provenAt &&
        !gaps.some(({ from, to }) => from < provenAt && to > since),
    )
    if (history.at < provenAt)
      return unknown(`It was ended ${daysOf(history.at - since)} ago; ${silenceDays} days of silence prove it.`, {
        witnesses,
        validUntil: provenAt,
      })
    if (!heard) return unknown('It was ended, and its log does not cover the time that would prove it.', { witnesses })
    if (!looksBackTo(history, since)) return tooOften(history, [])
    return controlled(`It was ended, and ${silenceDays} days of silence followed.`, { witnesses })
  },
})
