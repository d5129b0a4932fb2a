import { namesOf, type Chain } from '@catena/access-chain'
import { namespaceOf, valueOf, type Activity, type Key, type Verb } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'

export interface Followed {
  /**
   * All that was found, be it more than a list holds: whoever may see a part of it sees all of that part. What may have been of several credentials once for
   * each of them.
   */
  readonly facts: readonly (readonly [Activity, ...Activity[]])[]
  /** Not everything was followed. */
  readonly isCut: boolean
  /** Does the chain speak of the principal? */
  readonly keeps: (chain: Chain) => boolean
}

/**
 * What a principal may have done: all that came through any of its names, and through accounts that an operator, a list or a vault's
 * entity joins to it. Candidates only: the chain of each says whether it was the principal.
 */
export async function followPrincipal(reader: AccessReader, asOf: KnownAsOf, principal: Key): Promise<Followed> {
  const runs = await runsOf(reader, asOf, principal)
  const known = await namesOf(reader.index(asOf), [principal])
  const names = [principal, ...known, ...keysOf(runs, 'binds', 'repository')]
  // A login may present the run alone, or the repository's name alone: its attempts are then candidates.
  const ownRuns = isRun(principal) ? keysOf(runs, 'establishes', 'ci-') : []
  const direct = await reader.usesOf(asOf, [...new Set([...names, ...ownRuns])])
  const joined = await reader.usesOf(asOf, keysOf(direct.all, 'binds', 'vault-entity'))
  const facts = new Map([...byFact(direct.all), ...byFact(joined.all)])
  return {
    facts: [...facts.values()],
    isCut: direct.isCut || joined.isCut,
    keeps: speaksOf(principal, isRun(principal) ? [] : keysOf(runs, 'establishes', 'ci-')),
  }
}

function byFact(facts: readonly Activity[]): Map<string, [Activity, ...Activity[]]> {
  const found = new Map<string, [Activity, ...Activity[]]>()
  for (const fact of facts) {
    const known = found.get(fact.factId)
    if (known === undefined) found.set(fact.factId, [fact])
    else known.push(fact)
  }
  return found
}

/** A repository acts through its runs and their attempts; a run or attempt is told of by its own facts. */
async function runsOf(reader: AccessReader, asOf: KnownAsOf, principal: Key): Promise<readonly Activity[]> {
  const isRepository = namespaceOf(principal).startsWith('repository')
  if (!isRepository && !isRun(principal)) return []
  const found = await reader.index(asOf).factsBy([{ key: principal }], isRepository ? 'binds' : 'establishes')
  return found.get(principal) ?? []
}

function isRun(principal: Key): boolean {
  return namespaceOf(principal).startsWith('ci-')
}

function speaksOf(principal: Key, runs: readonly Key[]): (chain: Chain) => boolean {
  const namespace = namespaceOf(principal)
  if (namespace === 'vault-account') return () => true
  if (namespace === 'vault-entity') return (chain) => chain.identity?.entityId === valueOf(principal)
  const own = new Set([principal, ...runs])
  return ({ actor }) =>
    (actor.kind === 'attributed' && own.has(actor.principal.key)) ||
    (actor.kind === 'ambiguous' && actor.candidates.some((candidate) => own.has(candidate.key)))
}

function keysOf(facts: readonly Activity[], verb: Verb, namespace: string): Key[] {
  const groups = facts.flatMap((fact) => fact.groups).filter((group) => group.verb === verb)
  const keys = groups.flatMap((group) => group.forms).map((form) => form.key)
  return [...new Set(keys.filter((key) => key.startsWith(namespace)))]
}
