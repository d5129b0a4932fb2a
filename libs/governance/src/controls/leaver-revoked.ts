import { holds, type Validity } from '@catena/directory'
import type { Key } from '@catena/domain'
import type { AccessSummary } from '../access-summary/access-summary.js'
import type { Accessor } from '../history/accessor.js'
import { behind, sightingsBehind, type Behind } from '../history/behind.js'
import { knownFrom } from '../history/looks-back.js'
import { DAY_MS, hasLeft, HOUR_MS, isDynamic, isPerson, named, obtainedWithin, personOf, restingOn, rotatesUnseen, witnessesOf } from '../history/questions.js' // prettier-ignore
import { endingAfter, hasEndedBy } from '../history/live-changes.js'
import type { CredentialHistory } from '../history/credential-history.js'
import type { Retrieval } from '../history/retrieval.js'
import { control, controlled, tooOften, uncontrolled, unknown } from './control.js'
import { PERHAPS_ENDED, ROTATES_UNSEEN } from './perhaps-ended.js'

export const leaverRevoked = control({
  id: 'leaver-revoked',
  version: 6,
  title: 'What a leaver has seen is replaced',
  question: 'Was it replaced in time after somebody who had obtained it left, and not obtained by them since?',
  method:
    'Asked of static secrets that people obtained, or perhaps did. Uncontrolled: somebody obtained it after they had left, or did within windowDays while they were ' +
    'gone, though they came back since; or somebody left, and what they had obtained was not changed within replaceHours. Unknown: no directory says whether one of them is still here, or when one who left did, and ' +
    'it was not changed since they had it; or somebody left, and in time versions were deleted of which no record tells whether the one in ' +
    'use was among them, or its store changes it by itself, which no record tells; or somebody was gone for a while within windowDays, and there were too many retrievals to look at each. The same of ' +
    'somebody who left and is one of several that may have obtained it. Controlled: nobody who left knows what it holds now, or the time still runs.',
  requirements: ['R4.1', 'R4.2'],
  severity: 'critical',
  because: 'who left still knows a secret that was not changed',
  parameters: {
    replaceHours: { default: 24, unit: 'hours', meaning: 'time from leaving to the replacement' },
    windowDays: { default: 90, unit: 'days', meaning: 'what was obtained during an absence so long ago still counts' },
  },
  applies: (history) =>
    isDynamic(history) === false &&
    history.accessors.some(
      ({ accessor, lastAt }) =>
        lastAt !== undefined && (accessor.kind === 'person' || candidatesOf(accessor).length > 0),
    ),
  test: (history, { replaceHours, windowDays }) => {
    const people = history.accessors.filter(
      ({ accessor, lastAt }) => accessor.kind === 'person' && lastAt !== undefined,
    )
    const limit = replaceHours * HOUR_MS
    const clocks = people.flatMap((summary) => {
      const leftAt = leavingOf(history, summary.accessor.keys)
      if (leftAt === undefined || leftAt === 'undated') return []
      const ending = endingAfter(history, summary.lastAt ?? 0)
      const recorded = history.at - leftAt <= limit ? 'yes' : hasEndedBy(ending, leftAt + limit)
      const ended = recorded === 'no' && rotatesUnseen(history) ? 'perhaps' : recorded
      return [
        {
          summary,
          late: ended === 'no',
          unclear: ended === 'perhaps',
          unseen: recorded === 'no',
          open: ending.sure === undefined,
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
    const since = history.at - windowDays * DAY_MS
    const uses = [...obtainedWithin(history, windowDays), ...sightingsBehind(history, since)]
    const away = uses.filter((use) => isAway(history, use))
    if (away.length > 0)
      return uncontrolled(
        `Obtained while they were gone: ${named([...new Set(away.map(({ accessor }) => accessor.name))])}.`,
        restingOn(away, windowDays),
      )
    const late = clocks.filter((clock) => clock.late)
    if (late.length > 0)
      return uncontrolled(
        `Not replaced within ${replaceHours} hours after they left: ${named(late.map(({ summary }) => summary.accessor.name))}.`,
        { witnesses: witnessesOf(late.map(({ summary }) => summary)) },
      )
    const due = [
      ...clocks.filter(({ open }) => open).map(({ dueAt }) => dueAt),
      ...candidateLeavings(history).map(({ leftAt }) => leftAt + limit + 1),
    ].filter((time) => time > history.at)
    const changes = due.length === 0 ? {} : { validUntil: Math.min(...due) }
    const unclear = clocks.filter((clock) => clock.unclear)
    const unseen = unclear.filter((clock) => clock.unseen)
    if (unseen.length > 0)
      return unknown(
        `After they left (${named(unseen.map(({ summary }) => summary.accessor.name))}) no change is recorded; ${ROTATES_UNSEEN}.`,
        { witnesses: witnessesOf(unseen.map(({ summary }) => summary)), ...changes },
      )
    if (unclear.length > 0)
      return unknown(
        `After they left (${named(unclear.map(({ summary }) => summary.accessor.name))}) ${PERHAPS_ENDED}.`,
        { witnesses: witnessesOf(unclear.map(({ summary }) => summary)), ...changes },
      )
    const candidates = candidatesGone(history, limit)
    if (candidates.length > 0)
      return unknown(
        `Perhaps obtained by somebody who left, and not replaced since: ${named(candidates.map(({ accessor }) => accessor.name))}.`,
        { witnesses: witnessesOf(candidates), ...changes },
      )
    const absences = behind(history, since).flatMap((one) => absencesIn(history, one))
    if (absences.length > 0) {
      const edges = [knownFrom(history) + 1, ...absences.flatMap(({ to }) => to ?? [])]
      return tooOften(history, [...edges.map((edge) => edge + windowDays * DAY_MS), ...due])
    }
    const undated = people.filter(
      ({ accessor, lastAt }) =>
        leavingOf(history, accessor.keys) === 'undated' && endingAfter(history, lastAt ?? 0).sure === undefined,
    )
    if (undated.length > 0)
      return unknown(
        `Not replaced since ${named(undated.map(({ accessor }) => accessor.name))} had it, and when they left is on no record.`,
        { witnesses: witnessesOf(undated), ...changes },
      )
    const unlisted = [
      ...people.filter(({ accessor }) => accessor.keys.every((key) => !isListed(history, key))),
      ...history.accessors.filter(
        ({ accessor, lastAt }) => lastAt !== undefined && candidatesOf(accessor).some((key) => !isListed(history, key)),
      ),
    ]
    if (unlisted.length > 0)
      return unknown(
        `No directory says whether ${named(unlisted.map(({ accessor }) => accessor.name))} is still here.`,
        { witnesses: witnessesOf(unlisted), ...changes },
      )
    return controlled('Nobody who left knows what it holds now.', changes)
  },
})

/** Had every account of the person left, or been locked, when it was obtained? Whoever came back since had no right to it then. */
function isAway(history: CredentialHistory, { accessor, at }: Pick<Retrieval, 'accessor' | 'at'>): boolean {
  if (accessor.kind !== 'person' || accessor.keys.length === 0) return false
  return accessor.keys.every((key) => personOf(history, key)?.absences.some((absence) => holds(absence, at)) ?? false)
}

/** People of whom one may have obtained it. */
function candidatesOf({ kind, keys }: Accessor): Key[] {
  return kind === 'ambiguous' ? keys.filter(isPerson) : []
}

/** Candidates that left, each for itself: that the others are here says nothing of who it was. */
function candidateLeavings(history: CredentialHistory): { summary: AccessSummary; leftAt: number }[] {
  return history.accessors
    .filter(({ lastAt }) => lastAt !== undefined)
    .flatMap((summary) =>
      candidatesOf(summary.accessor).flatMap((key) => {
        const leftAt = leavingOf(history, [key])
        if (leftAt === undefined) return []
        // Of whom nobody knows when they left it counts from when it was obtained.
        return [{ summary, leftAt: leftAt === 'undated' ? -Infinity : leftAt }]
      }),
    )
}

/** What perhaps somebody obtained who left, and what was not replaced in time for certain. */
function candidatesGone(history: CredentialHistory, limitMs: number): AccessSummary[] {
  const gone = candidateLeavings(history).filter(({ summary: { lastAt = 0 }, leftAt }) => {
    const { sure } = endingAfter(history, lastAt)
    if (leftAt === -Infinity) return sure === undefined
    return lastAt > leftAt || Math.max(0, (sure?.at ?? history.at) - leftAt) > limitMs
  })
  return [...new Set(gone.map(({ summary }) => summary))]
}

function isListed(history: CredentialHistory, key: Key): boolean {
  return (personOf(history, key)?.employment.state ?? 'unknown') !== 'unknown'
}

/** Absences within the stretch, where every account of the person has one: it may have been obtained then. */
function absencesIn(history: CredentialHistory, { of: { accessor }, from, to }: Behind): Validity[] {
  if (accessor.kind !== 'person') return []
  const each = accessor.keys.map((key) =>
    (personOf(history, key)?.absences ?? []).filter(
      (absence) => (absence.from ?? -Infinity) <= to && from < (absence.to ?? Infinity),
    ),
  )
  return each.every((own) => own.length > 0) ? each.flat() : []
}

/** When the last of these identities left; undefined while one is here. Who was gone at the first record of them left nobody knows when. */
function leavingOf(history: CredentialHistory, keys: readonly Key[]): number | 'undated' | undefined {
  const people = keys.flatMap((key) => personOf(history, key) ?? [])
  if (people.length === 0 || !people.every(hasLeft)) return undefined
  const moments = people.flatMap(({ employment }) => employment.since ?? [])
  return moments.length < people.length ? 'undated' : Math.max(...moments)
}
