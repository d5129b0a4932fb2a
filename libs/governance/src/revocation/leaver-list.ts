import type { Instant, Key } from '@catena/domain'
import { isOneActor } from '../history/accessor.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { DAY_MS, endedSince, hasLeft, isDynamic, isKeptKey, personOf } from '../history/questions.js'
import type { Extractor } from '../inventory/inventory-entry.js'

/** A shared secret that a person has seen and that still opens, or opened for a while after they left. */
export interface SeenSecret {
  readonly credential: string
  readonly name: string
  readonly lastSeenAt: Instant
  /** Absent: they are here, or the time is not known. */
  readonly leftAt?: Instant
  /** When what they saw ended; absent: it is valid still. */
  readonly endedAt?: Instant
  /** From leaving to the end, or to now while it is open; absent while they are here. */
  readonly latencyMs?: number
  /** Only perhaps theirs: they are one of several candidates, or whether they obtained it is not known. */
  readonly perhaps: boolean
  readonly evidence: readonly number[]
}

/** What a person may still know (R4.2): what is open first, the longest wait first. Kept keys were never seen, leases end by themselves. */
export function leaverList(person: Key, histories: readonly CredentialHistory[]): SeenSecret[] {
  const seen = histories.flatMap((history) => seenIn(person, history) ?? [])
  const open = (one: SeenSecret): number => (one.endedAt === undefined ? 0 : 1)
  return seen.sort((a, b) => open(a) - open(b) || (b.latencyMs ?? 0) - (a.latencyMs ?? 0) || (a.name < b.name ? -1 : 1))
}

function seenIn(person: Key, history: CredentialHistory): SeenSecret | undefined {
  if (isDynamic(history) !== false || isKeptKey(history)) return undefined
  const own = history.accessors.filter(({ accessor, lastAt }) => lastAt !== undefined && accessor.keys.includes(person))
  if (own.length === 0) return undefined
  const lastSeenAt = Math.max(...own.map(({ lastAt = 0 }) => lastAt))
  const record = personOf(history, person)
  const leftAt = hasLeft(record) ? record?.employment.since : undefined
  const endedAt = endedSince(history, lastSeenAt)?.at
  return {
    credential: history.id,
    name: `${history.slot.container ?? ''}${history.slot.path}`,
    lastSeenAt,
    perhaps: own.every(({ accessor, succeeded }) => accessor.kind !== 'person' || succeeded === 0),
    evidence: own.flatMap(({ newest }) => newest.positions),
    ...(leftAt === undefined ? {} : { leftAt, latencyMs: Math.max(0, (endedAt ?? history.at) - leftAt) }),
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}

/** Who would notice if it were revoked now (R4.4). */
export interface Impact {
  readonly consumers: readonly (Extractor & { readonly perhapsMore: boolean })[]
  readonly lastUse?: Instant
  readonly copies: number
  /** Somebody unknown obtained it: the list may not be complete. */
  readonly complete: boolean
}

export function impactOf(history: CredentialHistory, windowDays: number): Impact {
  const since = history.at - windowDays * DAY_MS
  const recent = history.accessors.filter(({ lastAt }) => lastAt !== undefined && lastAt >= since)
  const uses = history.accessors.flatMap(({ lastAt }) => lastAt ?? [])
  return {
    consumers: recent
      .map(({ accessor, lastAt = 0 }) => ({
        name: accessor.name,
        kind: accessor.kind,
        lastAt,
        perhapsMore: !isOneActor(accessor),
      }))
      .sort((a, b) => b.lastAt - a.lastAt),
    copies: history.stewardship.copies.length,
    complete: recent.every(({ accessor }) => isOneActor(accessor)),
    ...(uses.length === 0 ? {} : { lastUse: Math.max(...uses) }),
  }
}

/** Many systems × many operators × no automated end: what to replace first (R5.6). */
export interface Defensibility {
  readonly systems: number
  readonly operators: number
  readonly endsByItself: boolean
  /** Higher is harder to defend. */
  readonly score: number
}

/** Somebody of whom nothing is known may be many; counts as two. */
export function defensibilityOf(history: CredentialHistory): Defensibility {
  const active = history.accessors.filter(({ lastAt }) => lastAt !== undefined)
  const systems = Math.max(
    1,
    active.filter(({ accessor }) => accessor.kind === 'workload').length +
      history.stewardship.copies.length +
      (history.stewardship.declared.reaches?.length ?? 0),
  )
  const operators = Math.max(
    1,
    active.reduce(
      (sum, { accessor }) =>
        sum + (accessor.kind === 'person' ? 1 : accessor.kind === 'workload' ? 0 : Math.max(2, accessor.keys.length)),
      0,
    ),
  )
  const endsByItself = isDynamic(history) === true
  return { systems, operators, endsByItself, score: systems * operators * (endsByItself ? 1 : 3) }
}

/** The hardest to defend first; equals by id, so that the order is one. */
export function leastDefensible(
  histories: readonly CredentialHistory[],
): { readonly id: string; readonly defensibility: Defensibility }[] {
  const scored = histories.map((history) => ({ id: history.id, defensibility: defensibilityOf(history) }))
  return scored.sort((a, b) => b.defensibility.score - a.defensibility.score || (a.id < b.id ? -1 : 1))
}
