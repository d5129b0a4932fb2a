import { namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import type { ActorAspect, MissingReason, Principal } from './chain.js'
import { entryAt } from './directory.js'
import { keyOf, type Evidence } from './evidence.js'
import { textOf } from './lives.js'
import type { Session } from './sessions.js'

export function workloadPrincipal(session: Session): Principal {
  const repository = session.establishers
    .map((fact) => textOf(fact, 'repositoryName'))
    .find((name) => name !== undefined)
  const noun = namespaceOf(session.key) === 'ci-job' ? 'job' : 'run'
  return {
    key: session.key,
    kind: 'workload',
    name: `${repository === undefined ? '' : `${repository} `}${noun} ${valueOf(session.key)}`,
  }
}

/** By the name that the person had at the login, else any that is known. */
export function personPrincipal(evidence: Evidence, person: Key, login: Activity): Principal {
  return { key: person, kind: 'person', name: namingOf(evidence, person, login).name ?? valueOf(person) }
}

/** Ledger positions of the records that tell what the person is called; none where none does. */
export function namedBy(evidence: Evidence, person: Key, login: Activity): readonly number[] {
  return namingOf(evidence, person, login).evidence
}

interface Naming {
  readonly name: string | undefined
  readonly evidence: readonly number[]
}

function namingOf(evidence: Evidence, person: Key, login: Activity): Naming {
  return evidence.once(`naming ${person} ${login.factId}`, () => workOutNaming(evidence, person, login))
}

function workOutNaming(evidence: Evidence, person: Key, login: Activity): Naming {
  const descriptions = evidence.factsBy(person, 'describes')
  const entry = entryAt(person, descriptions, evidence.timeAtIssuer(login, login.occurredAt))
  if (entry?.username !== undefined) return { name: entry.username, evidence: entry.usernameFrom }
  const facts = [...descriptions, ...sessionsOf(evidence, person, login)]
  const naming = facts.find((fact) => textOf(fact, 'username') !== undefined)
  if (naming === undefined) return { name: undefined, evidence: [] }
  return { name: textOf(naming, 'username'), evidence: naming.positions }
}

/** Sign-ins carry the login name of people who stand in no directory any more. */
function sessionsOf(evidence: Evidence, person: Key, login: Activity): readonly Activity[] {
  const session = keyOf(login, 'federated-session')
  const presented = session === undefined ? [] : evidence.factsBy(session, 'establishes')
  return [...presented, ...evidence.factsBy(person, 'binds')].filter((fact) => keyOf(fact, 'person') === person)
}

export function missing(
  reason: MissingReason,
  evidence: readonly number[],
  more: { shared?: string; authority?: Principal } = {},
): ActorAspect {
  return { kind: 'missing', state: 'missing', reason, ...more, caveats: [], evidence }
}

/** One principal is attributed as strongly as said; several are an ambiguity; none is missing. */
export function attributed(
  principals: readonly Principal[],
  state: 'proven' | 'inferred' | 'ambiguous',
  proof: readonly number[],
  reason: MissingReason,
): ActorAspect {
  const evidence = [...new Set(proof)].sort((a, b) => a - b)
  const distinct = [...new Map(principals.map((principal) => [principal.key, principal])).values()]
  const [principal] = distinct
  if (principal === undefined) return missing(reason, evidence)
  if (distinct.length > 1 || state === 'ambiguous')
    return { kind: 'ambiguous', state: 'ambiguous', candidates: distinct, caveats: [], evidence }
  return { kind: 'attributed', state, principal, caveats: [], evidence }
}
