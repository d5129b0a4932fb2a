import type { Instant } from '@catena/domain'
import type { SourceRecord } from '../history/credential-history.js'
import { daysOf, DAY_MS, goneSince, isPerhapsGone, witnessesOf } from '../history/questions.js'
import { control, controlled, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED } from './perhaps-ended.js'

export const stillUsed = control({
  id: 'still-used',
  version: 2,
  title: 'What nobody uses is taken away',
  question: 'Was it obtained within the period after which an unused credential is to be withdrawn?',
  method:
    'Asked of credentials that somebody ever obtained and that still hold something. Uncontrolled: nobody obtained it for idleDays. Unknown: its log ' +
    'does not reach so far, records of the period were lost, or versions were deleted of which no record tells whether the one in use was among them. Controlled: somebody did.',
  requirements: ['R2.1'],
  severity: 'low',
  because: 'a valid secret that nobody needs can only do harm, and nobody would notice',
  parameters: { idleDays: { default: 90, unit: 'days', meaning: 'longest time without use' } },
  applies: (history) =>
    goneSince(history) === undefined && history.accessors.some(({ lastAt }) => lastAt !== undefined),
  test: (history, { idleDays }) => {
    const { accessors, sources, at } = history
    const last = Math.max(...accessors.map(({ lastAt }) => lastAt ?? -Infinity))
    const validUntil = last + idleDays * DAY_MS + 1
    if (at < validUntil) return controlled(`It was used ${daysOf(at - last)} ago.`, { validUntil })
    const hasHeard = ({ coverage }: SourceRecord): boolean => (coverage?.to ?? -Infinity) >= validUntil - DAY_MS
    if (!sources.some(hasHeard))
      return unknown(`No use of it is recorded for ${daysOf(at - last)}, and its log does not reach so far.`)
    const lost = lostIn(sources.filter(hasHeard), at - idleDays * DAY_MS, at)
    if (lost !== undefined)
      return unknown(`No use of it is recorded for ${daysOf(at - last)}, and records of the period were lost.`, {
        validUntil: lost + idleDays * DAY_MS,
      })
    if (isPerhapsGone(history)) return unknown(`It was not used for ${daysOf(at - last)}; ${PERHAPS_ENDED}.`)
    return uncontrolled(`It was not used for ${daysOf(at - last)}, and is still valid.`, {
      witnesses: witnessesOf(accessors.filter(({ lastAt }) => lastAt === last)),
    })
  },
})

/** Where every source lost records of that time: when the first such loss ended. */
function lostIn(sources: readonly SourceRecord[], from: Instant, to: Instant): Instant | undefined {
  const lost = sources.map(({ gaps }) => gaps.filter((gap) => gap.from < to && gap.to > from))
  return lost.every((gaps) => gaps.length > 0) ? Math.min(...lost.flat().map((gap) => gap.to)) : undefined
}
