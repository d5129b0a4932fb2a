import type { Activity } from '@catena/domain'
import { positionsOf, type ActorAspect, type Caveat } from './chain.js'
import { accountCaveats, tokenCaveats } from './custody.js'
import { entryAt } from './directory.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import { aliasesIn, joinsAt, type Join } from './joins.js'
import { isFederated, textOf } from './lives.js'
import { namesDisputed, personsNamed, type NamedPerson } from './people.js'
import { attributed, missing, namedBy, personPrincipal } from './principals.js'
import { sessionOf, sessionPersons } from './sessions.js'

/** Behind an account with a long-lived secret: nobody the records know, unless an operator joined it to a person. */
export function accountActor(evidence: Evidence, fact: Activity, login: Activity): ActorAspect {
  const shared = textOf(login, 'sharedIdentity')
  if (shared !== undefined) return missing('shared identity', login.positions, { shared })
  const joined = joinedByEntity(evidence, login)
  const decided = decidedActor(evidence, fact, login, joined?.person)
  if (decided !== undefined) return decided
  if (joined === undefined) return missing('identity not joined', login.positions)
  const { person, through } = joined
  const principal = personPrincipal(evidence, person.key, through)
  const caveats: Caveat[] = ["operator's join", ...accountCaveats(evidence, fact, through, principal)]
  if (fact.attributes.refusedAsDead === true) caveats.push('used after end')
  caveats.push(...tokenCaveats(evidence, fact, login))
  const names = namedBy(evidence, person.key, through)
  const proof = [...new Set([...login.positions, ...person.evidence, ...names])].sort((a, b) => a - b)
  return { kind: 'attributed', state: 'inferred', principal, caveats, evidence: proof }
}

/** Whom operators, or imported lists, say that the account was at its login. With others, or another than its entity's person, it is disputed. */
function decidedActor(
  evidence: Evidence,
  fact: Activity,
  login: Activity,
  ofEntity: NamedPerson | undefined,
): ActorAspect | undefined {
  const joins = joinsOf(evidence, login)
  if (joins.length === 0) return undefined
  const others = ofEntity === undefined ? [] : [ofEntity.key]
  const persons = [...new Set([...joins.map(({ principal }) => principal), ...others])]
  const principals = persons.map((key) => personPrincipal(evidence, key, login))
  const names = persons.flatMap((key) => namedBy(evidence, key, login))
  const proof = [...login.positions, ...joins.flatMap((join) => join.evidence), ...(ofEntity?.evidence ?? []), ...names]
  const actor = attributed(principals, 'inferred', proof, 'identity not joined')
  if (actor.kind !== 'attributed') return { ...actor, caveats: ["operator's join"] }
  const caveats: Caveat[] = ["operator's join", ...accountCaveats(evidence, fact, login, actor.principal)]
  if (fact.attributes.refusedAsDead === true) caveats.push('used after end')
  return { ...actor, caveats: [...caveats, ...tokenCaveats(evidence, fact, login)] }
}

/** Joins of the account's names at its login. A join ends when the provider deletes the user. */
function joinsOf(evidence: Evidence, login: Activity): Join[] {
  const at = login.occurredAt
  const joins = aliasesIn(login).flatMap((alias) => joinsAt(alias, evidence.factsBy(alias, 'relates'), at))
  return joins.filter(
    ({ principal }) => entryAt(principal, evidence.factsBy(principal, 'describes'), at)?.deleted !== true,
  )
}

interface EntityJoin {
  readonly person: NamedPerson
  /** A federated login of the entity. */
  readonly through: Activity
}

/** Accounts under one recorded entity are an operator's join; it names a person only if every federated login of the entity does. */
function joinedByEntity(evidence: Evidence, login: Activity): EntityJoin | undefined {
  const entity = keyOf(login, 'entity')
  if (entity === undefined) return undefined
  const federated = evidence.factsBy(entity, 'binds').filter(isFederated)
  const persons = federated.map((other) => soleperson(evidence, other))
  const [[person], [through]] = [persons, federated]
  if (person === undefined || through === undefined || persons.some((other) => other?.key !== person.key))
    return undefined
  const at = evidence.timeAtIssuer(through, login.occurredAt)
  // The join ends when the provider deletes the user.
  if (entryAt(person.key, evidence.factsBy(person.key, 'describes'), at)?.deleted === true) return undefined
  return { person: { ...person, evidence: positionsOf(federated) }, through }
}

function soleperson(evidence: Evidence, login: Activity): NamedPerson | undefined {
  const [key, ...others] = keysOf(login, 'federated-session')
  // What observers of a login disagree on names nobody alone.
  if (others.length > 0 || namesDisputed(login).length > 0) return undefined
  const session = key === undefined ? undefined : sessionOf(evidence, key)
  if (session?.impersonated === true) return undefined
  const persons = sessionPersons(session?.establishers ?? [])
  if (persons.length > 1) return undefined
  const [bound] = persons
  if (bound !== undefined) return { key: bound, state: 'proven', evidence: login.positions }
  const named = personsNamed(evidence, login)
  return named.length === 1 ? named[0] : undefined
}
