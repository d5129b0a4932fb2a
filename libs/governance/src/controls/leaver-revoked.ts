import { endedSince, hasLeft, HOUR_MS, isDynamic, named, personOf, witnessesOf } from '../history/questions.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { control, controlled, uncontrolled, unknown } from './control.js'

export const leaverRevoked = control({
  id: 'leaver-revoked',
  version: 2,
  title: 'What a leaver has seen is replaced',
  question: 'Was it replaced in time after somebody who had obtained it left, and not obtained by them since?',
  method:
    'Asked of static secrets that people obtained. Uncontrolled: somebody obtained it after they had left; or somebody left, and what they had ' +
    'obtained was not changed within replaceHours. Unknown: no directory says whether one of them is still here. Controlled: nobody who left ' +
    'knows what it holds now, or the time still runs.',
  requirements: ['R4.1', 'R4.2'],
  severity: 'critical',
  because: 'who left still knows a secret that was not changed',
  parameters: { replaceHours: { default: 24, unit: 'hours', meaning: 'time from leaving to the replacement' } },
  applies: (history) =>
    isDynamic(history) === false &&
    history.accessors.some(({ accessor, lastAt }) => accessor.kind === 'person' && lastAt !== undefined),
  test: (history, { replaceHours }) => {
    const people = history.accessors.filter(
      ({ accessor, lastAt }) => accessor.kind === 'person' && lastAt !== undefined,
    )
    const limit = replaceHours * HOUR_MS
    const clocks = people.flatMap((summary) => {
      const leftAt = leftAtOf(history, summary.accessor.keys)
      if (leftAt === undefined) return []
      const end = endedSince(history, summary.lastAt ?? 0)?.at
      return [
        {
          summary,
          late: Math.max(0, (end ?? history.at) - leftAt) > limit,
          open: end === undefined,
          usedAfter: (summary.lastAt ?? 0) > leftAt,
          dueAt: leftAt + limit + 1,
        },
      ]
    })
    const after = clocks.filter(({ usedAfter }) => usedAfter)
    if (after.length > 0)
      return uncontrolled(`Obtained after they left: ${named(after.map(({ summary }) => summary.accessor.name))}.`, {
        witnesses: witnessesOf(after.map(({ summary }) => summary)),
      })
    const late = clocks.filter((clock) => clock.late)
    if (late.length > 0)
      return uncontrolled(
        `Not replaced within ${replaceHours} hours after they left: ${named(late.map(({ summary }) => summary.accessor.name))}.`,
        { witnesses: witnessesOf(late.map(({ summary }) => summary)) },
      )
    const due = clocks.filter(({ open, dueAt }) => open && dueAt > history.at).map(({ dueAt }) => dueAt)
    const changes = due.length === 0 ? {} : { validUntil: Math.min(...due) }
    const unlisted = people.filter(({ accessor }) =>
      accessor.keys.every((key) => (personOf(history, key)?.employment.state ?? 'unknown') === 'unknown'),
    )
    if (unlisted.length > 0)
      return unknown(
        `No directory says whether ${named(unlisted.map(({ accessor }) => accessor.name))} is still here.`,
        { witnesses: witnessesOf(unlisted), ...changes },
      )
    return controlled('Nobody who left knows what it holds now.', changes)
  },
})

/** When the last of these identities left; undefined while one is here, or where the time is not known to have come. */
function leftAtOf(history: CredentialHistory, keys: readonly string[]): number | undefined {
  const people = keys.flatMap((key) => personOf(history, key as never) ?? [])
  if (people.length === 0 || !people.every(hasLeft)) return undefined
  return Math.max(...people.map(({ employment }) => employment.since ?? 0))
}
