import type { Chain, Principal } from '@catena/access-chain'
import { namespaceOf, scopeOf, valueOf, type Key } from '@catena/domain'
import type { Meaning } from './meaning.js'

/** How a chain has to do with what was asked for. */
export type Relation = 'itself' | 'actor' | 'candidate' | 'authority' | 'initiator' | 'path'

/** undefined: the records say that this chain has nothing to do with it, though a name or a moment made it worth a walk. */
export function relationOf(chain: Chain, meaning: Meaning): Relation | undefined {
  if (meaning.kind === 'person' || meaning.kind === 'agent') return toPerson(chain, meaning.keys)
  if (meaning.kind === 'session' || meaning.kind === 'run') return toPath(chain, meaning.keys)
  return meaning.kind === 'credential' || meaning.kind === 'request' ? 'itself' : 'path'
}

function toPerson({ actor, sideways }: Chain, keys: readonly Key[]): Relation | undefined {
  const isAsked = (principal: Principal | undefined): boolean =>
    principal !== undefined && keys.some((key) => key === principal.key || isNameOf(key, principal))
  if (actor.kind === 'attributed' && isAsked(actor.principal)) return 'actor'
  if (actor.kind === 'ambiguous' && actor.candidates.some(isAsked)) return 'candidate'
  if (actor.kind === 'missing' && isAsked(actor.authority)) return 'authority'
  return sideways.some(({ principal }) => isAsked(principal)) ? 'initiator' : undefined
}

function isNameOf(key: Key, principal: Principal): boolean {
  return (
    namespaceOf(key) === 'person-name' && scopeOf(key) === scopeOf(principal.key) && valueOf(key) === principal.name
  )
}

function toPath({ path }: Chain, keys: readonly Key[]): Relation | undefined {
  const isAsked = (through: Key): boolean => keys.some((key) => through === key || isAttemptOf(through, key))
  if (path.through !== undefined && isAsked(path.through)) return 'path'
  if (path.candidates.some(isAsked)) return 'candidate'
  return path.links.some(({ key, to }) => key !== undefined && to.length > 0 && isAsked(key)) ? 'path' : undefined
}

function isAttemptOf(attempt: Key, run: Key): boolean {
  return (
    namespaceOf(attempt) === 'ci-attempt' &&
    namespaceOf(run) === 'ci-run' &&
    scopeOf(attempt) === scopeOf(run) &&
    valueOf(attempt).startsWith(`${valueOf(run)}/`)
  )
}
