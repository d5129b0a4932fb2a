import {
  disputesOf,
  type ActorAspect,
  type Approver,
  type Chain as DomainChain,
  type ContentAspect,
  type EffectAspect,
  type EndAspect,
  type Link as DomainLink,
  type Principal as DomainPrincipal,
  type RightAspect,
  type SystemIdentity as DomainIdentity,
} from '@catena/access-chain'
import { scopeOf, type Activity, type Target as DomainTarget } from '@catena/domain'
import { credentialOf, type KnownAsOf } from '@catena/projections'
import type { Principal } from '../principals/principal.model.js'
import type { Evidenced } from '../records/evidenced.model.js'
import type { Actor } from './actor.model.js'
import type { Content, Effect, End, Right } from './aspects.model.js'
import type { Chain, SystemIdentity } from './chain.model.js'
import type { Fact, Target } from './fact.model.js'
import type { Link } from './path.model.js'

/** A chain in the shape of the schema. Every statement keeps the state of knowledge it was made in. */
export function toChain(asOf: KnownAsOf, chain: DomainChain): Chain {
  const { path } = chain
  return {
    id: chain.fact.factId,
    fact: toFact(asOf, chain.fact),
    path: {
      ...path,
      reason: path.reason ?? null,
      through: path.through ?? null,
      links: path.links.map((link) => toLink(asOf, link)),
    },
    actor: toActor(asOf, chain.actor),
    identity: chain.identity === undefined ? null : toIdentity(chain.identity),
    right: toRight(asOf, chain.right),
    effect: toEffect(asOf, chain.effect),
    content: chain.content === undefined ? null : toContent(asOf, chain.content),
    end: toEnd(asOf, chain.end),
    callerEnd: chain.callerEnd === undefined ? null : toEnd(asOf, chain.callerEnd),
    sideways: chain.sideways.map((one) => ({
      ...one,
      ...resting(asOf, one.evidence),
      principal: maybePrincipal(asOf, one.principal),
      name: one.name ?? null,
      fact: one.fact ?? null,
    })),
    findings: chain.findings.map((finding) => ({ ...finding, ...resting(asOf, finding.evidence) })),
  }
}

function resting(asOf: KnownAsOf, positions: readonly number[]): Pick<Evidenced, 'asOf' | 'positions'> {
  return { asOf, positions: [...new Set(positions)].sort((a, b) => a - b) }
}

export function toPrincipal(asOf: KnownAsOf, principal: DomainPrincipal | Approver): Principal {
  const { sponsor, mode } = principal
  return {
    ...principal,
    system: scopeOf(principal.key),
    sponsor: maybePrincipal(asOf, sponsor),
    mode: mode ?? null,
    asOf,
  }
}

function maybePrincipal(asOf: KnownAsOf, principal: DomainPrincipal | Approver | undefined): Principal | null {
  return principal === undefined ? null : toPrincipal(asOf, principal)
}

function toFact(asOf: KnownAsOf, fact: Activity): Fact {
  return {
    ...resting(asOf, fact.positions),
    id: fact.factId,
    source: fact.source,
    kind: fact.kind,
    type: fact.type,
    occurredAt: fact.occurredAt,
    completedAt: fact.completedAt ?? null,
    outcome: fact.outcome,
    target: fact.target === undefined ? null : toTarget(fact.target),
    attributes: fact.attributes,
    conflicts: disputesOf(fact),
  }
}

function toContent(asOf: KnownAsOf, { state, targets, facts, evidence, isCut }: ContentAspect): Content {
  return {
    ...resting(asOf, evidence),
    state,
    reason: null,
    targets: targets.map(toTarget),
    isCut: isCut === true,
    facts,
  }
}

function toTarget(target: DomainTarget): Target {
  return {
    system: target.system,
    container: target.container ?? null,
    containerName: target.containerName ?? null,
    path: target.path,
    version: target.version ?? null,
    credentialId: credentialOf(target) ?? null,
  }
}

function toLink(asOf: KnownAsOf, link: DomainLink): Link {
  return { ...link, ...resting(asOf, link.evidence), key: link.key ?? null, reason: link.reason ?? null }
}

function toActor(asOf: KnownAsOf, actor: ActorAspect): Actor {
  const common = { ...resting(asOf, actor.evidence), state: actor.state, caveats: actor.caveats }
  if (actor.kind === 'attributed') return { ...common, is: 'attributed', principal: toPrincipal(asOf, actor.principal) }
  if (actor.kind === 'ambiguous')
    return { ...common, is: 'ambiguous', candidates: actor.candidates.map((one) => toPrincipal(asOf, one)) }
  return {
    ...common,
    is: 'missing',
    reason: actor.reason,
    shared: actor.shared ?? null,
    authority: maybePrincipal(asOf, actor.authority),
  }
}

function toIdentity(identity: DomainIdentity): SystemIdentity {
  const { strength } = identity
  return {
    system: identity.system,
    displayName: identity.displayName ?? null,
    entityId: identity.entityId ?? null,
    account: identity.account ?? null,
    method: identity.method ?? null,
    role: identity.role ?? null,
    strength:
      strength === undefined
        ? null
        : { acr: strength.acr ?? null, amr: strength.amr ?? [], secondFactor: strength.secondFactor ?? null },
  }
}

function toRight(asOf: KnownAsOf, right: RightAspect): Right {
  return {
    ...resting(asOf, right.evidence),
    state: right.state,
    reason: right.reason ?? null,
    policies: right.policies,
    approvals: right.approvals.map((approval) => ({
      ...resting(asOf, approval.evidence),
      state: approval.state,
      decision: approval.decision,
      permits: approval.permits,
      approver: maybePrincipal(asOf, approval.approver),
      at: approval.at,
    })),
  }
}

function toEffect(asOf: KnownAsOf, effect: EffectAspect): Effect {
  return {
    ...resting(asOf, effect.evidence),
    state: effect.state,
    reason: effect.reason ?? null,
    yielded: effect.yielded ?? null,
  }
}

function toEnd(asOf: KnownAsOf, end: EndAspect): End {
  return {
    ...resting(asOf, end.evidence),
    state: end.state,
    reason: end.reason ?? null,
    how: end.how ?? null,
    at: end.at ?? null,
    by: end.by ?? null,
    words: end.words,
  }
}
