import { namespaceOf, type Activity, type Instant, type Key } from '@catena/domain'
import { isAccount, signInSpan } from './account-sign-ins.js'
import { Evidence, issuerOf, keysOf, type WalkSettings } from './evidence.js'
import type { FactIndex, Span } from './fact-index.js'
import { keysIn } from './forward-keys.js'
import { needsWindow } from './gather-issuers.js'
import { effectiveTime, isFederated } from './lives.js'
import { mergeLookups } from './merge-lookups.js'
import { startSpan } from './windows.js'

/** No login takes longer from its request to its answer. */
const LOGIN_MAX_MS = 3_600_000
/** A search reaches this far beyond what fits, because stored times are rounded. */
const ROUNDING_MS = 1

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
  const bound = facts.flatMap((fact) => boundBy(evidence, fact)).filter((one) => isAskedFor(evidence, one))
  if (bound.length === 0) return []
  const [byName] = await Promise.all([underAllNames(index, bound), loadSkews(evidence, bound)])
  const lookups = [...byName].flatMap(([key, under]) => under.map((one) => ({ key, span: reachOf(evidence, one) })))
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

/** Is there anything that could present it to somebody? */
function isAskedFor(evidence: Evidence, { key, issuer }: Bound): boolean {
  return isAccount(key) || presentersTo(evidence, issuer).length > 0
}

/** Ids of the sources that accept what a system says of its sessions or runs. */
function presentersTo({ settings }: Evidence, system: string): string[] {
  const isOf = ({ kind, scope }: { kind: string; scope: string }): boolean => `${kind}/${scope}` === system
  return settings.sources.filter(({ federations }) => federations.some(({ issuer }) => isOf(issuer))).map(({ id }) => id)
} // prettier-ignore

async function loadSkews(evidence: Evidence, bound: readonly Bound[]): Promise<void> {
  const issuers = [...new Set(bound.map(({ issuer }) => issuer))]
  const pairs = issuers.flatMap((issuer) => presentersTo(evidence, issuer).map((presenter) => [presenter, issuer] as const))
  await Promise.all(pairs.map(([presenter, issuer]) => evidence.loadSkew(presenter, issuer)))
} // prettier-ignore

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

/** Whoever asks for what began at that moment did so in this time, on whichever clock. */
function reachOf(evidence: Evidence, { at, issuer }: Bound): Span {
  const { settings } = evidence
  const skews = presentersTo(evidence, issuer).map((presenter) => evidence.skew(presenter, issuer))
  const lives = settings.sources.flatMap(({ federations }) => federations.map(({ sessionMaxMs }) => sessionMaxMs ?? 0))
  return {
    from: at + Math.min(0, ...skews.map(({ low }) => low)) - LOGIN_MAX_MS,
    to: at + Math.max(0, ...skews.map(({ high }) => high)) + Math.max(settings.attemptMaxMs, settings.sessionMaxMs, ...lives),
  }
} // prettier-ignore

function asks(evidence: Evidence, fact: Activity, name: Key, bound: readonly Bound[]): boolean {
  if (isAccount(name) && keysOf(fact, 'caller').includes(name)) return holds(signInSpan(evidence, fact), bound)
  if (!isFederated(fact) || !(needsWindow(fact) || namespaceOf(name) === 'person-name')) return false
  const issuer = issuerOf(fact)
  return holds(startSpan(evidence, fact), bound.filter((one) => one.issuer === issuer)) // prettier-ignore
}

function holds({ from, to }: Span, bound: readonly Bound[]): boolean {
  return bound.some(({ at }) => from - ROUNDING_MS <= at && at <= to + ROUNDING_MS)
}
