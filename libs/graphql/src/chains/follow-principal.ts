import type { Chain } from '@catena/access-chain'
import { namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'

export interface Followed {
  readonly facts: readonly Activity[]
  /** There was more than one look forward takes. */
  readonly truncated: boolean
  /** Does the chain speak of the principal? */
  readonly keeps: (chain: Chain) => boolean
}

/**
 * What a principal may have done: all that came through any of its names, and through accounts that a vault's entity joins
 * to it. Candidates only: the chain of each says whether it was the principal.
 */
export async function followPrincipal(reader: AccessReader, asOf: KnownAsOf, principal: Key): Promise<Followed> {
  const direct = await reader.usesOf(asOf, await namesOf(reader, asOf, principal))
  const joined = await reader.usesOf(asOf, keysOf(direct.facts, 'binds', 'vault-entity'))
  const facts = new Map([...direct.facts, ...joined.facts].map((fact) => [fact.factId, fact]))
  return {
    facts: [...facts.values()],
    truncated: direct.truncated || joined.truncated,
    keeps: await speaksOf(reader, asOf, principal),
  }
}

/** All names under which a directory describes the principal. */
async function namesOf(reader: AccessReader, asOf: KnownAsOf, principal: Key): Promise<Key[]> {
  const described = await reader.index(asOf).factsBy([{ key: principal }], 'describes')
  const groups = (described.get(principal) ?? []).flatMap((fact) => fact.groups)
  const names = groups.filter((group) => group.verb === 'describes').flatMap((group) => group.forms)
  return [...new Set([principal, ...names.map((form) => form.key)])]
}

async function speaksOf(reader: AccessReader, asOf: KnownAsOf, principal: Key): Promise<(chain: Chain) => boolean> {
  const namespace = namespaceOf(principal)
  if (namespace === 'vault-account') return () => true
  if (namespace === 'vault-entity') return (chain) => chain.identity?.entityId === valueOf(principal)
  const own = new Set([principal, ...(await runsOf(reader, asOf, principal))])
  return ({ actor }) =>
    (actor.kind === 'attributed' && own.has(actor.principal.key)) ||
    (actor.kind === 'ambiguous' && actor.candidates.some((candidate) => own.has(candidate.key)))
}

/** A repository acts through its runs and their attempts. */
async function runsOf(reader: AccessReader, asOf: KnownAsOf, principal: Key): Promise<Key[]> {
  if (!namespaceOf(principal).startsWith('repository')) return []
  const bound = await reader.index(asOf).factsBy([{ key: principal }], 'binds')
  return keysOf(bound.get(principal) ?? [], 'establishes', 'ci-')
}

function keysOf(facts: readonly Activity[], verb: 'binds' | 'establishes', namespace: string): Key[] {
  const groups = facts.flatMap((fact) => fact.groups).filter((group) => group.verb === verb)
  const keys = groups.flatMap((group) => group.forms).map((form) => form.key)
  return [...new Set(keys.filter((key) => key.startsWith(namespace)))]
}
