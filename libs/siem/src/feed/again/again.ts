import type { Activity, Instant, Key, SourceInstance } from '@catena/domain'
import { namespaceOf, scopeOf } from '@catena/domain'
import {
  greatestSkew,
  heardLess,
  issuersAmong,
  lostIn,
  reclockedPresenters,
  type Surroundings,
} from '@catena/governance'
import { leasesOf, NOT_YET } from './ground.js'

/**
 * Told chains that may have changed, by their grounds. `slot`: read before `to`, and not ended before `from`. `ended`: ended or due between. `clock`: placed
 * by this presenter's clock. `sessions`: done after `from` with what came through this issuer. `coverage`: uncovered, of logins between. `told`: the events of the feed with these sequences.
 */
export interface Again {
  readonly kind: 'slot' | 'ended' | 'clock' | 'sessions' | 'coverage' | 'told'
  readonly subject: string
  readonly from: Instant
  readonly to: Instant
}

/** Stamps of one vault, and of what it asks others, lie no further apart. */
const STAMPS_MS = 3_600_000
/** What was read ended by the first change after it, whose own end may be stamped so much before its beginning. */
const CHANGES_MS = 60_000
/** A server writes that something ended so long after it was due, or after it was asked to end it. */
const LAG_MS = 5_000

/**
 * By ends that no name leads to. `earlier`: the same facts as they were known before, which may have had another time. `skewMs`: how far the clocks of two
 * sources differ at most.
 */
export function endedBy(facts: readonly Activity[], earlier: ReadonlyMap<string, Activity> = new Map(), skewMs = 0): Again[] {
  return facts.flatMap((fact) => {
    const stood = earlier.get(fact.factId) ?? fact
    const [from, to] = [Math.min(fact.occurredAt, stood.occurredAt), Math.max(lastOf(fact), lastOf(stood))]
    return endsIn(fact).flatMap((key) => widened(fact, endedByKey(key, from, to, skewMs)))
  })
} // prettier-ignore

/** What is back may have been gone for long. */
function widened({ kind }: Activity, again: Again | undefined): Again[] {
  if (again === undefined) return []
  return [kind === 'secret-restored' && again.kind === 'slot' ? { ...again, from: 0 } : again]
}

/** Does it end anything by a name that no chain asks for? */
export function endsUnasked(fact: Activity): boolean {
  return endsIn(fact).some((key) => endedByKey(key, fact.occurredAt, fact.occurredAt, 0) !== undefined)
}

function lastOf({ occurredAt, completedAt }: Activity): Instant {
  return Math.max(occurredAt, completedAt ?? occurredAt)
}

function endsIn({ groups }: Activity): Key[] {
  return groups
    .filter(({ verb, trust }) => verb === 'ends' && trust === 'verified')
    .flatMap(({ forms }) => forms.map(({ key }) => key))
}

function endedByKey(key: Key, from: Instant, to: Instant, skewMs: number): Again | undefined {
  switch (namespaceOf(key)) {
    case 'credential':
      return { kind: 'slot', subject: key, from: from - CHANGES_MS, to: to + CHANGES_MS }
    case 'vault-token-path':
      return { kind: 'ended', subject: key, from: from - LAG_MS, to: to + LAG_MS }
    case 'vault-lease-prefix':
      return { kind: 'ended', subject: leasesOf(scopeOf(key)), from: from - LAG_MS, to: to + LAG_MS }
    // Who had signed in before went on until then: what came later rests on a session that was over.
    case 'idp-sessions':
      return { kind: 'sessions', subject: scopeOf(key), from: from - skewMs - CHANGES_MS, to: NOT_YET }
    default:
      return undefined
  }
}

/** By records that were not interpreted: what came through their system since may have come through what they tell. */
export function lostBy(facts: readonly Activity[], sources: readonly SourceInstance[], skewMs: number): Again[] {
  return lostIn(facts, sources).map(({ system, from }) => ({ kind: 'sessions', subject: system, from: from - skewMs - CHANGES_MS, to: NOT_YET })) // prettier-ignore
}

/** By clocks that are judged otherwise now, and by sources that were heard of earlier or later than before. */
export function surroundedBy(before: Surroundings, now: Surroundings, sources: readonly SourceInstance[]): Again[] {
  const clocks = reclockedPresenters(before, now).map((subject): Again => ({ kind: 'clock', subject, from: 0, to: NOT_YET }))
  const begun = sources.flatMap((source) => begunBy(before, now, source) ?? [])
  const heard = issuersAmong(sources).flatMap((source) => heardBy(before, now, source) ?? [])
  // What was told of them rests on a silence that nobody knew of.
  const silent = heardLess(before, now, sources).map(({ system, until }): Again => ({ kind: 'sessions', subject: system, from: until - slackOf(before, now), to: NOT_YET }))
  return [...clocks, ...begun, ...heard, ...silent]
} // prettier-ignore

/** What lies before its first word was uncovered. */
function begunBy(before: Surroundings, now: Surroundings, { id }: SourceInstance): Again | undefined {
  const [old, next] = [before.coverages[id], now.coverages[id]]
  if (next === undefined || old?.from === next.from) return undefined
  if (old === undefined) return { kind: 'coverage', subject: '', from: 0, to: NOT_YET }
  return { kind: 'coverage', subject: '', from: next.from - slackOf(before, now), to: NOT_YET }
}

/** What lies after an issuer's last word by more than its heartbeat was uncovered; the span is of the issuer's clock. */
function heardBy(before: Surroundings, now: Surroundings, { id, heartbeatSeconds }: SourceInstance): Again | undefined {
  const [old, next] = [before.coverages[id], now.coverages[id]]
  if (next === undefined || old === undefined || old.to >= next.to) return undefined
  const slack = slackOf(before, now)
  return { kind: 'coverage', subject: '', from: old.to - slack, to: next.to + (heartbeatSeconds ?? 0) * 1000 + slack }
} // prettier-ignore

function slackOf(before: Surroundings, now: Surroundings): number {
  return STAMPS_MS + greatestSkew(before, now)
}
