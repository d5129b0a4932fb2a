import type { LinkState } from '@catena/access-chain'
import { isApproved, isApprovedByItself, isApprovedByNobodyNamed, type Retrieval } from '../history/retrieval.js'

/**
 * Counts over retrievals by name, e.g. `outcome:succeeded`, `path:proven`. Tallies add and subtract: what a late record changed is taken out as
 * it was and put in as it is, in any order, and nothing is counted twice.
 */
export type Tally = Readonly<Record<string, number>>

/** Names that a retrieval counts under, sorted: retrievals with the same ones count alike. */
export function shapeOf(retrieval: Retrieval): string[] {
  return [...namesIn(retrieval)].sort()
}

export function tallyOf(retrieval: Retrieval): Tally {
  return tallyOfAll([retrieval])
}

export function tallyOfAll(retrievals: readonly Retrieval[]): Tally {
  const sum: Record<string, number> = {}
  for (const retrieval of retrievals) for (const name of namesIn(retrieval)) sum[name] = (sum[name] ?? 0) + 1
  return sum
}

/** What a retrieval counts under, each once. */
function namesIn(retrieval: Retrieval): Set<string> {
  const { outcome, kind, source, path, actor, right, end, caveats, findings, environment, initiator, token } = retrieval
  const names = [
    `outcome:${outcome}`,
    ...caveats.map((caveat) => `caveat:${caveat}`),
    ...new Set(findings.map(({ kind }) => `finding:${kind}`)),
    ...(initiator?.key === undefined ? [] : [`initiator:${initiator.key}`]),
    ...right.approvals.flatMap(({ approver }) => (approver === undefined ? [] : [`approver:${approver}`])),
  ]
  if (isApprovedByItself(retrieval)) names.push('approved by itself')
  if (isApprovedByNobodyNamed(retrieval)) names.push('approved by nobody named')
  if (outcome !== 'denied' && outcome !== 'failed') {
    names.push(
      `kind:${kind}`,
      `source:${source}`,
      `path:${path.state}`,
      `actor:${actor.state}`,
      `end:${end.at === undefined ? 'open' : end.state}`,
      weakestNameOf(retrieval),
    )
    names.push(...right.policies.map((policy) => `policy:${policy}`))
    if (isApproved(retrieval)) names.push('approved')
    if (token !== undefined) names.push('handed token')
    if (environment !== undefined) names.push(`environment:${environment}`)
  }
  return new Set(names)
}

const WEAKEST_FIRST: readonly LinkState[] = ['missing', 'ambiguous', 'inferred', 'proven']

/** Sorts the weakest first: `weak:0:path missing (…), actor proven`. */
function weakestNameOf({ path, actor }: Pick<Retrieval, 'path' | 'actor'>): string {
  const rank = Math.min(WEAKEST_FIRST.indexOf(path.state), WEAKEST_FIRST.indexOf(actor.state))
  const words = ({ state, reason }: Retrieval['actor']): string =>
    reason === undefined ? state : `${state} (${reason})`
  return `weak:${rank}:path ${words(path)}, actor ${words(actor)}`
}

export function addTally(a: Tally, b: Tally, times: 1 | -1 = 1): Tally {
  const sum: Record<string, number> = { ...a }
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + times * count
  return Object.fromEntries(Object.entries(sum).filter(([, count]) => count !== 0))
}

export function isEmptyTally(tally: Tally): boolean {
  return Object.keys(tally).length === 0
}

/** Names by the prefix that they are counted under, each list in order. */
export function namesByPrefix(tally: Tally): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const name of Object.keys(tally).sort()) {
    const colon = name.indexOf(':')
    if (colon < 0) continue
    const [prefix, own] = [name.slice(0, colon), name.slice(colon + 1)]
    const known = found.get(prefix)
    if (known === undefined) found.set(prefix, [own])
    else known.push(own)
  }
  return found
}

/** Of the weakest chain among what was obtained, in words; of several equally weak ones always the same. */
export function weakestOf(names: ReadonlyMap<string, readonly string[]>): string | undefined {
  return names.get('weak')?.[0]?.slice(2)
}
