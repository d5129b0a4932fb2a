import type { Activity } from '@catena/domain'
import { accountActor } from './account-actor.js'
import { weakest, type ActorAspect, type Link } from './chain.js'
import { custodyCaveats } from './custody.js'
import { isDisputed } from './disputes.js'
import type { Evidence } from './evidence.js'
import { federatedActor } from './federated-actor.js'
import { holderActor, holderPrincipal } from './holder-actor.js'
import { textOf } from './lives.js'
import { attributed, missing } from './principals.js'
import { isEstablishingLogin, type Trace } from './trace.js'

/** Who held the authority at that moment. */
export function actorOf(evidence: Evidence, fact: Activity, traced: Trace): ActorAspect {
  const found = holderOf(evidence, fact, traced)
  // Whoever may have been refused on the way may be nobody at all.
  const mayBeRefused = traced.passed.some((one) => isDisputed(one, 'outcome')) || isLoginDisputed(fact)
  // Whose token it was, where observers show two, or where the one that is known to be made came later, is not known.
  const mayBeAnothers =
    [fact, ...traced.passed].some((one) => isDisputed(one, 'caller')) || traced.links.some(isDoubted)
  const actor = mayBeRefused || mayBeAnothers ? atMostCandidate(found) : found
  // An account tells that it was one of its sign-ins, and not which.
  return actor.kind === 'attributed' && traced.byAccount === true ? { ...actor, state: 'inferred' } : actor
}

function holderOf(evidence: Evidence, fact: Activity, traced: Trace): ActorAspect {
  if (traced.handedOver) return handedOver(evidence, fact, traced)
  if (traced.hold !== undefined) return holderActor(evidence, fact, traced.hold)
  const [shared] = sharedLogins(traced)
  if (shared !== undefined) return missing('shared identity', shared.positions, { shared: shared.name })
  return notBeyond(traced, unheldActor(evidence, fact, traced))
}

function unheldActor(evidence: Evidence, fact: Activity, traced: Trace): ActorAspect {
  const { terminal, begun } = traced
  if (begun !== undefined) return accountActor(evidence, fact, begun)
  switch (terminal.kind) {
    case 'root':
      return missing('shared identity', fact.positions, { shared: 'root' })
    case 'account':
      return accountActor(evidence, fact, terminal.login)
    case 'none':
      return missing(
        traced.links.findLast((link) => link.reason !== undefined)?.reason ?? terminal.reason,
        fact.positions,
      )
    case 'contested':
      return contestedActor(evidence, fact, terminal.traces)
    case 'upstream':
      return aged(evidence, fact, traced, federatedActor(evidence, terminal.login, terminal.upstream))
  }
}

/** Logins of identities that many hold, the nearest first. */
function sharedLogins({ between = [], begun, terminal }: Trace): { name: string; positions: readonly number[] }[] {
  const last = terminal.kind === 'upstream' && begun === undefined ? [terminal.login] : []
  return [...between.map(({ login }) => login), ...last].flatMap((login) => {
    const name = textOf(login, 'sharedIdentity')
    return name === undefined ? [] : [{ name, positions: login.positions }]
  })
}

/** Whoever stands at the far end is no surer than each session on the way there. */
function notBeyond({ between = [] }: Trace, actor: ActorAspect): ActorAspect {
  const limit = weakest(between.map(({ upstream }) => upstream.link.state))
  if (actor.kind !== 'attributed' || limit === 'proven') return actor
  return limit === 'inferred' ? { ...actor, state: 'inferred' } : atMostCandidate(actor)
}

function atMostCandidate(actor: ActorAspect): ActorAspect {
  if (actor.kind !== 'attributed') return actor
  const { principal, caveats, evidence } = actor
  return { kind: 'ambiguous', state: 'ambiguous', candidates: [principal], caveats, evidence }
}

/** One fact made the token, if any is known to have. */
function isDoubted({ by, state, to, candidates }: Link): boolean {
  return by !== 'federation' && state === 'ambiguous' && to.length === 1 && candidates.length === 0
}

function isLoginDisputed(fact: Activity): boolean {
  return isEstablishingLogin(fact) && isDisputed(fact, 'outcome')
}

function handedOver(evidence: Evidence, fact: Activity, traced: Trace): ActorAspect {
  const { terminal, links, hold, begun } = traced
  const proof = [...new Set(links.flatMap((link) => link.evidence))]
  const [key, ...others] = hold?.keys ?? []
  if (hold !== undefined && key !== undefined && others.length === 0)
    return missing('bearer handed over', proof, { authority: holderPrincipal(evidence, key, hold, fact) })
  const isKnown = terminal.kind === 'upstream' && begun === undefined && sharedLogins(traced).length === 0
  const giver = isKnown ? federatedActor(evidence, terminal.login, terminal.upstream) : undefined
  const authority = giver?.kind === 'attributed' ? { authority: giver.principal } : {}
  return missing('bearer handed over', proof, authority)
}

/** Whoever made the token: one principal in every case is an inference, unless it is only a candidate in one of them. */
function contestedActor(evidence: Evidence, fact: Activity, traces: readonly Trace[]): ActorAspect {
  const actors = traces.map((traced) => actorOf(evidence, fact, traced))
  const lost = actors.find((actor) => actor.kind === 'missing')
  if (lost !== undefined) return missing('not recorded by that source', fact.positions)
  const principals = actors.flatMap((actor) =>
    actor.kind === 'attributed' ? [actor.principal] : actor.kind === 'ambiguous' ? actor.candidates : [],
  )
  const proof = actors.flatMap((actor) => actor.evidence)
  const strength = actors.some(({ kind }) => kind === 'ambiguous') ? 'ambiguous' : 'inferred'
  const actor = attributed(principals, strength, proof, 'not recorded by that source')
  return { ...actor, caveats: [...new Set(actors.flatMap(({ caveats }) => caveats))] }
}

/** Custody ages: what was proven at the login may no longer be at the use. */
function aged(evidence: Evidence, fact: Activity, traced: Trace, actor: ActorAspect): ActorAspect {
  if (actor.kind !== 'attributed') return actor
  const caveats = custodyCaveats(evidence, fact, traced, actor)
  return caveats.length === 0 ? actor : { ...actor, state: 'inferred', caveats }
}
