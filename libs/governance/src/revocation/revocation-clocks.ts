import type { Instant } from '@catena/domain'
import type { AccessSummary } from '../access-summary/access-summary.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { endedSince, hasLeft, isDynamic, merged, obtained, personOf } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import { exposureClocks } from '../sharing/exposure.js'

export type RevocationTrigger =
  | 'role changed'
  | 'left'
  | 'grant ended'
  | 'contained'
  | 'job disabled'
  | 'exposed'
  | 'torn down'
  | 'cut over'
  | 'release closed'
  | 'break-glass closed'

/** How long it took from what should have ended access to the end that records show (R4.1). */
export interface RevocationClock {
  readonly trigger: RevocationTrigger
  /** Of whom or of what. */
  readonly name: string
  readonly at: Instant
  /** Absent: no end is seen, and the clock runs. */
  readonly endedAt?: Instant
  /** From the trigger to the end, or to the moment asked about; 0 where it had ended before. */
  readonly openMs: number
  /** Obtained after the trigger and before the end: by whom it is about, or by anybody where it is about all. */
  readonly usesSince: number
  /** Sources that saw it obtained since, and never before. */
  readonly newSources: readonly string[]
  readonly positions: readonly number[]
}

interface Triggered extends Pick<RevocationClock, 'trigger' | 'name' | 'at' | 'positions'> {
  /** Whose access should have ended; absent: everybody's. */
  readonly of?: AccessSummary
}

/** One clock for each trigger that happened by then, the newest first. */
export function revocationClocks(history: CredentialHistory): RevocationClock[] {
  const all = [...peopleIn(history), ...grantsIn(history), ...decidedIn(history)]
  return all
    .filter(({ at }) => at <= history.at)
    .map((one) => clockOf(history, one))
    .sort((a, b) => b.at - a.at)
}

function clockOf(history: CredentialHistory, { of, ...trigger }: Triggered): RevocationClock {
  const { at } = trigger
  const uses = obtained(history).filter(({ accessor }) => of === undefined || accessor.id === of.accessor.id)
  const ended = endOf(history, uses, at, of)
  const changes = ended === undefined ? [] : [{ at: Math.max(at, ended) }]
  const asked = uses.filter((use) => use.at !== at).map((use) => ({ at: use.at, system: use.source }))
  const { openMs, usesSince, newSystems } = exposureClocks(at, changes, asked, history.at)
  return { ...trigger, openMs, usesSince, newSources: newSystems, ...(ended === undefined ? {} : { endedAt: ended }) }
}

/** Of a secret, that it holds something else or nothing; of what is issued anew, that each of those before had ended. */
function endOf(
  history: CredentialHistory,
  uses: readonly Retrieval[],
  at: Instant,
  of: AccessSummary | undefined,
): Instant | undefined {
  if (isDynamic(history) !== true) return endedSince(history, of?.lastAt ?? at - 1)?.at
  const before = uses.filter((use) => use.at <= at)
  const ends = before.flatMap(({ end }) => (end.state === 'ambiguous' ? [] : (end.at ?? [])))
  return before.length === 0 || ends.length < before.length || history.older ? undefined : Math.max(...ends)
}

/** Who had obtained it, and left or changed their role. */
function peopleIn(history: CredentialHistory): Triggered[] {
  const seen = history.accessors.filter(({ accessor, lastAt }) => accessor.kind === 'person' && lastAt !== undefined)
  return seen.flatMap((of): Triggered[] => {
    const people = of.accessor.keys.flatMap((key) => personOf(history, key) ?? [])
    const { name } = of.accessor
    const left = people.length > 0 && people.every(hasLeft) ? people.map(({ employment }) => employment) : []
    const moments = left.flatMap(({ since }) => since ?? [])
    const leaving: Triggered[] =
      moments.length === 0 || moments.length < left.length
        ? []
        : [{ trigger: 'left', name, at: Math.max(...moments), positions: merged(left.map(({ evidence }) => evidence)), of }] // prettier-ignore
    const moves = people
      .flatMap(({ changes }) => changes)
      .filter(({ kind, at }) => (kind === 'moved' || kind === 'left group') && at > (of.firstAt ?? Infinity))
    return [...leaving, ...moves.map(({ at, evidence }): Triggered => ({ trigger: 'role changed', name, at, positions: evidence, of }))] // prettier-ignore
  })
}

/** Of grants by name whose holder had obtained it. */
function grantsIn({ sharing, accessors }: CredentialHistory): Triggered[] {
  return sharing.grants.flatMap(({ to, until = Infinity, endedAt = Infinity, positions }): Triggered[] => {
    const at = Math.min(until, endedAt)
    const of = accessors.find(({ accessor, firstAt = Infinity }) => accessor.keys.includes(to) && firstAt <= at)
    return at === Infinity || of === undefined
      ? []
      : [{ trigger: 'grant ended', name: of.accessor.name, at, positions, of }]
  })
}

function decidedIn({ sharing, teardowns }: CredentialHistory): Triggered[] {
  const { incidents, jobs, exposures, migrations, releases, breakGlass } = sharing
  const known = (trigger: RevocationTrigger, name: string, at: Instant | undefined, positions: readonly number[]): Triggered[] =>
    at === undefined ? [] : [{ trigger, name, at, positions }]
  return [
    ...incidents.flatMap(({ id, containedAt, positions }) => known('contained', id, containedAt, positions)),
    ...jobs.flatMap(({ job, disabledAt, positions }) => known('job disabled', job, disabledAt, positions)),
    ...exposures.flatMap(({ how, at, positions }) => known('exposed', how, at, positions)),
    ...teardowns.flatMap(({ name, at, positions }) => known('torn down', name, at, positions)),
    ...migrations.flatMap(({ id, cutoverAt, positions }) => known('cut over', id, cutoverAt, positions)),
    ...releases.flatMap(({ id, until, positions }) => known('release closed', id, until, positions)),
    ...breakGlass.flatMap(({ id, closedAt, positions }) => known('break-glass closed', id, closedAt, positions)),
  ]
} // prettier-ignore
