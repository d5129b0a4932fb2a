import { credentialKey, type Activity } from '@catena/domain'
import { prefixesOf, REVOCATION_LAG_MS, tokenPathOf } from './end.js'
import { keysOf, type Evidence } from './evidence.js'
import type { Lookup } from './fact-index.js'
import { numberOf } from './lives.js'

/** What became of the tokens, leases and versions that these facts obtained. */
export async function gatherEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const leases = facts.flatMap((fact) => keysOf(fact, 'lease'))
  await Promise.all([
    gatherTokenEnds(evidence, facts),
    evidence.loadAllNames('ends', [...facts.flatMap((fact) => keysOf(fact, 'opened-session')), ...leases]),
    evidence.load('ends', [...leases.flatMap(prefixesOf).map((key) => ({ key })), ...facts.flatMap(versionLookup)]),
  ])
}

/** The same of the tokens by which these facts were done; who made them was loaded before. */
export function gatherCallerEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const callers = facts.flatMap((fact) => keysOf(fact, 'caller'))
  const makers = callers.flatMap((key) => evidence.factsBy(key, 'establishes'))
  return gatherTokenEnds(evidence, [...new Map(makers.map((maker) => [maker.factId, maker])).values()])
}

/** What became of the tokens that these facts made. */
async function gatherTokenEnds(evidence: Evidence, makers: readonly Activity[]): Promise<void> {
  await Promise.all([
    evidence.loadAllNames(
      'ends',
      makers.flatMap((fact) => [...keysOf(fact, 'issued'), ...keysOf(fact, 'wrapped')]),
    ),
    evidence.loadAllNames(
      'presents',
      makers.flatMap((fact) => keysOf(fact, 'wrapping')),
    ),
    evidence.load('ends', makers.flatMap(expiryLookup)),
  ])
}

/** The server log names a token by its path and the time at which it was due. */
function expiryLookup(maker: Activity): Lookup[] {
  const path = tokenPathOf(maker)
  const ttl = numberOf(maker, 'issuedTtlSeconds')
  if (path === undefined || ttl === undefined) return []
  const due = (maker.completedAt ?? maker.occurredAt) + ttl * 1000
  return [{ key: path, span: { from: due - REVOCATION_LAG_MS, to: due + REVOCATION_LAG_MS } }]
}

/** Later than any record's time, ms: the year 2255. */
const END_OF_TIME = 9e12

/** What replaced the content after it was read; what came before may be long. */
function versionLookup(fact: Activity): Lookup[] {
  const credential = fact.kind === 'secret-read' && fact.target !== undefined ? credentialKey(fact.target) : undefined
  return credential === undefined ? [] : [{ key: credential, span: { from: fact.occurredAt, to: END_OF_TIME } }]
}
