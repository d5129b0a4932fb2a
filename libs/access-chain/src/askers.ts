import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import { isAccount, signInSpan } from './account-sign-ins.js'
import { clockPairsOf, type ClockPair } from './clock-pairs.js'
import { Evidence, issuerOf, keysOf, type WalkSettings } from './evidence.js'
import type { FactIndex, Span } from './fact-index.js'
import { keysIn } from './forward-keys.js'
import { needsWindow } from './gather-issuers.js'
import { effectiveTime, isFederated } from './lives.js'
import { mergeLookups } from './merge-lookups.js'
import { searchSpan, startSpan } from './windows.js'

/** No login takes longer from its request to its answer. */
const LOGIN_MAX_MS = 3_600_000

/** A standing name that something belongs to which began at a moment. */
interface Bound {
  readonly key: Key
  readonly at: Instant
  /** The system whose record says so. */
  readonly issuer: string
}

/**
 * Facts whose walk asks what a standing name was bound to around their time, and finds these facts: federated logins that present nothing minted, by
 * whichever name a directory gives it; those that name a person by a login name; and callers known by their account alone. The walk turned round, by its
 * own rules of time: what else presents the name asks for none of it. Reads only.
 */
export async function askersOf(index: FactIndex, settings: WalkSettings, facts: readonly Activity[]): Promise<Activity[]> {
  const evidence = new Evidence(index, settings)
  const pairs = clockPairsOf(settings.sources)
  const issuers = new Set(pairs.map(([, issuer]) => issuer))
  const bound = facts.flatMap((fact) => boundBy(evidence, fact)).filter(({ key, issuer }) => issuers.has(issuer) || isAccount(key))
  if (bound.length === 0) return []
  const skews = Promise.all(pairs.map(([presenter, issuer]) => evidence.loadSkew(presenter, issuer)))
  const [byName] = await Promise.all([underAllNames(index, bound), skews])
  const reach = reachOf(evidence, pairs)
  const lookups = [...byName].flatMap(([key, under]) => under.map(({ at }) => ({ key, span: { from: at - reach.before, to: at + reach.after } })))
  const found = await index.factsBy(mergeLookups(lookups), 'presents')
  const asking = [...found].flatMap(([name, facts]) => facts.filter((fact) => asks(evidence, fact, name, byName.get(name) ?? [])))
  return [...new Map(asking.map((fact) => [fact.factId, fact])).values()]
} // prettier-ignore

function boundBy(evidence: Evidence, fact: Activity): Bound[] {
  const keys = keysIn([fact], ({ verb }) => verb === 'binds')
  if (keys.length === 0) return []
  const [at, issuer] = [effectiveTime(fact, 'binds'), evidence.systemOf(fact.source)]
  return keys.map((key) => ({ key, at, issuer }))
}

/** Under every name of what it belongs to: those that a directory gives it, and those that records equate with these. */
async function underAllNames(index: FactIndex, bound: readonly Bound[]): Promise<Map<Key, Bound[]>> {
  const keys = [...new Set(bound.map(({ key }) => key))]
  const described = await index.factsBy(keys.map((key) => ({ key })), 'describes') // prettier-ignore
  const told = new Map(keys.map((key) => [key, [key, ...keysIn(described.get(key) ?? [], ({ verb }) => verb === 'describes')]]))
  const equated = await index.equated([...new Set([...told.values()].flat())])
  const byName = new Map<Key, Bound[]>()
  for (const one of bound) {
    const names = new Set((told.get(one.key) ?? []).flatMap((name) => equated.get(name) ?? [name]))
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), one])
  }
  return byName
} // prettier-ignore

/** Whoever asks for what began at a moment did so from so long before it on, ms, and until so long after it, on whichever clock. */
function reachOf(evidence: Evidence, pairs: readonly ClockPair[]): { readonly before: number; readonly after: number } {
  const { sources, attemptMaxMs, sessionMaxMs } = evidence.settings
  const skews = pairs.map(([presenter, issuer]) => evidence.skew(presenter, issuer))
  const lives = sources.flatMap(({ federations }) => federations.map((federation) => federation.sessionMaxMs ?? 0))
  return {
    before: LOGIN_MAX_MS - Math.min(0, ...skews.map(({ low }) => low)),
    after: Math.max(0, ...skews.map(({ high }) => high)) + Math.max(attemptMaxMs, sessionMaxMs, ...lives),
  }
}

function asks(evidence: Evidence, fact: Activity, name: Key, bound: readonly Bound[]): boolean {
  if (isAccount(name) && keysOf(fact, 'caller').includes(name)) return holds(signInSpan(evidence, fact), bound)
  if (!isFederated(fact) || !(needsWindow(fact) || namespaceOf(name) === 'person-name')) return false
  const issuer = issuerOf(fact)
  return holds(startSpan(evidence, fact), bound.filter((one) => one.issuer === issuer)) // prettier-ignore
}

function holds(span: Span, bound: readonly Bound[]): boolean {
  const { from, to } = searchSpan(span)
  return bound.some(({ at }) => from <= at && at <= to)
}
