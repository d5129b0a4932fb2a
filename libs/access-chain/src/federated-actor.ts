import type { Activity } from '@catena/domain'
import { positionsOf, type ActorAspect } from './chain.js'
import { groupOf, keyOf, keysOf, type Evidence } from './evidence.js'
import { namesDisputed, personsNamed } from './people.js'
import { attributed, missing, namedBy, personPrincipal, workloadPrincipal } from './principals.js'
import { sessionPersons } from './sessions.js'
import type { Upstream } from './upstream.js'

const WORKLOAD_CLAIMS = ['federated-attempt', 'federated-run', 'federated-repository', 'federated-repository-name']

/** Who logged in through an issuer: the attempt of a CI run, or the person of a session. */
export function federatedActor(evidence: Evidence, login: Activity, upstream: Upstream): ActorAspect {
  const isWorkload = WORKLOAD_CLAIMS.some((role) => groupOf(login, role) !== undefined)
  return isWorkload ? workloadActor(login, upstream) : personActor(evidence, login, upstream)
}

function workloadActor(login: Activity, { link, sessions }: Upstream): ActorAspect {
  const state = link.state === 'missing' ? 'inferred' : link.state
  const reason = link.reason ?? 'not recorded by that source'
  return attributed(sessions.map(workloadPrincipal), state, proofOf(login, { sessions }), reason)
}

/** A person by the session's own binding, else by what the login's claims say; a name that can change hands is at most an inference. */
function personActor(evidence: Evidence, login: Activity, upstream: Upstream): ActorAspect {
  const { link, sessions } = upstream
  const reason = link.reason ?? 'not recorded by that source'
  // Whoever was given a session of that name may be somebody else.
  if (sessions.some((session) => session.impersonated)) return missing('bearer handed over', login.positions)
  const bound = [...new Set(sessions.flatMap((session) => sessionPersons(session.establishers)))].sort()
  const proof = proofOf(login, upstream)
  const isMinted = keyOf(login, 'federated-session') !== undefined
  if (isMinted && bound.length > 0) {
    const principals = bound.map((key) => personPrincipal(evidence, key, login))
    const names = bound.flatMap((key) => namedBy(evidence, key, login))
    // Of several sessions that observers tell of, one that is not on record may be anybody's.
    const isOneUnknown = keysOf(login, 'federated-session').length > sessions.length
    const isUncertain = isOneUnknown || sessions.some(({ disagree }) => disagree)
    const strength = isUncertain ? 'ambiguous' : link.state === 'proven' ? 'proven' : 'inferred'
    return attributed(principals, strength, [...proof, ...names], reason)
  }
  const named = personsNamed(evidence, login)
  const isProven = named.length === 1 && named[0]?.state === 'proven'
  const strength = namesDisputed(login).length > 0 ? 'ambiguous' : isProven ? 'proven' : 'inferred'
  const principals = named.map((person) => personPrincipal(evidence, person.key, login))
  const names = named.flatMap((person) => [...person.evidence, ...namedBy(evidence, person.key, login)])
  return attributed(principals, strength, [...proof, ...names], reason)
}

function proofOf(login: Activity, { sessions }: Pick<Upstream, 'sessions'>): number[] {
  return positionsOf([login, ...sessions.flatMap((session) => session.establishers)])
}
