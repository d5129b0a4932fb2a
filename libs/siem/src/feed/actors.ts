import type { ActorAspect, Chain } from '@catena/access-chain'
import { agreedOutcome, valueOf, type Activity } from '@catena/domain'
import type { FeedActor } from './event.js'

/** The actor of a walked chain: named only where the walk attributes. */
export function chainActor({ actor, identity }: Chain): FeedActor {
  const shown = identity?.displayName === undefined ? {} : { shownAs: identity.displayName }
  return { ...ofAspect(actor), ...shown }
}

function ofAspect(actor: ActorAspect): FeedActor {
  if (actor.kind === 'attributed') {
    const { kind, key, name } = actor.principal
    // The feed's formats know no agents: one is software that acts.
    return { state: actor.state, kind: kind === 'agent' ? 'workload' : kind, id: key, name }
  }
  if (actor.kind === 'ambiguous') {
    return { state: 'ambiguous', kind: 'unknown', candidates: actor.candidates.map(({ name }) => name) }
  }
  const { reason, shared } = actor
  return shared === undefined
    ? { state: 'missing', kind: 'unknown', reason }
    : { state: 'missing', kind: 'shared', id: shared, reason }
}

/** Groups that name who acted, the better first. */
const ACCOUNT_ROLES = ['person', 'caller', 'person-name', 'actor', 'issued-principal', 'account']

/**
 * Who acted by the record alone, as an account of its source. A login that was not admitted proves nobody: then the account is what was
 * tried.
 */
export function accountActor(fact: Activity): FeedActor {
  const groups = fact.groups.filter(({ trust }) => trust === 'verified')
  const key = ACCOUNT_ROLES.map((role) => groups.find((group) => group.role === role)?.forms[0]?.key).find(Boolean)
  const name = ['username', 'caller', 'displayName'].map((attribute) => fact.attributes[attribute]).find(isText)
  if (key === undefined) {
    const shown = name === undefined ? {} : { shownAs: name }
    return { state: 'missing', kind: 'unknown', reason: 'not recorded by that source', ...shown }
  }
  const outcome = agreedOutcome(fact)
  if (fact.kind === 'login' && outcome !== 'succeeded') {
    const reason = outcome === 'unknown' ? 'not recorded by that source' : 'refused: nobody was authenticated'
    return { state: 'missing', kind: 'unknown', reason, shownAs: name ?? valueOf(key) }
  }
  return { state: 'proven', kind: 'account', id: key, name: name ?? valueOf(key) }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
