import { namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, type ActorAspect, type Caveat, type Principal } from './chain.js'
import { tokenCaveats } from './custody.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import type { Hold } from './hold.js'
import { numberOf, textOf } from './lives.js'
import { attributed, missing } from './principals.js'
import { hasEnded } from './sessions.js'

/** The agent or workload itself acted; for whom it did stands beside. */
export function holderActor(evidence: Evidence, fact: Activity, hold: Hold): ActorAspect {
  const { login, keys, sessions } = hold
  if (hold.state === 'missing') return missing('not recorded by that source', login.positions)
  const principals = keys.map((key) => holderPrincipal(evidence, key, hold, fact))
  // Another name of an agent is its owner's word.
  const isJoined = principals.some(({ key }, index) => key !== keys[index])
  const proof = positionsOf([login, ...sessions.flatMap(({ establishers }) => establishers)])
  const actor = attributed(principals, hold.state, proof, 'not recorded by that source')
  if (actor.kind !== 'attributed') return actor
  const caveats: Caveat[] = [...(isJoined ? ["operator's join" as const] : []), ...custodyOf(evidence, fact, hold)]
  return caveats.length === 0 ? actor : { ...actor, state: 'inferred', caveats }
}

function custodyOf(evidence: Evidence, fact: Activity, hold: Hold): Caveat[] {
  const { login, sessions } = hold
  const caveats: Caveat[] = fact.attributes.refusedAsDead === true ? ['used after end'] : []
  if (sessions.some((session) => hasEnded(evidence, login, session, fact.occurredAt)))
    caveats.push('custody: session ended')
  caveats.push(...registrationCaveats(evidence, fact, hold), ...tokenCaveats(evidence, fact, login))
  return [...new Set(caveats)]
}

/** Its owner had retired it before the use, or switched it off. The login tells whose clock its registration keeps. */
function registrationCaveats(evidence: Evidence, fact: Activity, { login, keys }: Hold): Caveat[] {
  const at = evidence.timeAtIssuer(login, fact.occurredAt)
  return keys.flatMap((key) => {
    const stated = registrationsOf(evidence, key).filter(
      (entry) => (numberOf(entry, 'statedAt') ?? entry.occurredAt) <= at,
    )
    const last = stated.findLast(({ attributes }) => attributes.deleted === true || attributes.created === true)
    if (last?.attributes.deleted === true) return ['custody: account deleted']
    const enabled = stated.findLast(({ attributes }) => typeof attributes.enabled === 'boolean')
    return enabled?.attributes.enabled === false ? ['custody: account disabled'] : []
  })
}

/** Entries under that name, and under the one that its owner registered. */
function registrationsOf(evidence: Evidence, key: Key): readonly Activity[] {
  return evidence.once(`registrations ${key}`, () => {
    const entries = evidence.factsBy(key, 'describes')
    const others = registeredAs(entries).filter((name) => name !== key)
    const all = [...entries, ...others.flatMap((name) => evidence.factsBy(name, 'describes'))]
    return [...new Set(all)].sort((a, b) => a.occurredAt - b.occurredAt)
  })
}

/** Names that owners registered what these entries describe under. */
export function registeredAs(entries: readonly Activity[]): Key[] {
  return [...new Set(entries.flatMap((entry) => keysOf(entry, 'holder')))].sort()
}

/** By the name that its owner registered, with who answers for it. */
export function holderPrincipal(evidence: Evidence, key: Key, hold: Hold, fact: Activity): Principal {
  const entry = registrationAt(evidence, key, fact.occurredAt)
  const starts = [hold.login, ...hold.sessions.flatMap(({ establishers }) => establishers)]
  const facts = [...starts, ...(entry === undefined ? [] : [entry])]
  const first = (attribute: string): string | undefined =>
    facts.map((one) => textOf(one, attribute)).find((value) => value !== undefined)
  const mode = first('mode')
  const sponsor = sponsorIn(facts)
  return {
    key: (entry === undefined ? undefined : keyOf(entry, 'holder')) ?? key,
    kind: namespaceOf(key) === 'agent' ? 'agent' : 'workload',
    name: first('agentName') ?? valueOf(key),
    ...(sponsor === undefined ? {} : { sponsor }),
    ...(mode === 'attended' || mode === 'autonomous' ? { mode } : {}),
  }
}

/** As it stood then; a registration that was only written later tells of before, too. */
function registrationAt(evidence: Evidence, key: Key, at: number): Activity | undefined {
  const entries = evidence.factsBy(key, 'describes')
  return entries.findLast((entry) => entry.occurredAt <= at) ?? entries[0]
}

function sponsorIn(facts: readonly Activity[]): Principal | undefined {
  const fact = facts.find((one) => keyOf(one, 'sponsor') !== undefined)
  const key = fact === undefined ? undefined : keyOf(fact, 'sponsor')
  if (fact === undefined || key === undefined) return undefined
  return { key, kind: 'person', name: textOf(fact, 'sponsor') ?? valueOf(key) }
}
