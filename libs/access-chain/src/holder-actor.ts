import { namespaceOf, valueOf, type Activity, type Key } from '@catena/domain'
import { positionsOf, type ActorAspect, type Caveat, type Principal } from './chain.js'
import { tokenCaveats } from './custody.js'
import { keyOf, type Evidence } from './evidence.js'
import type { Hold } from './hold.js'
import { textOf } from './lives.js'
import { attributed, missing } from './principals.js'
import { hasEnded, sessionOf } from './sessions.js'

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

function custodyOf(evidence: Evidence, fact: Activity, { login, sessions }: Hold): Caveat[] {
  const caveats: Caveat[] = fact.attributes.refusedAsDead === true ? ['used after end'] : []
  const issued = keyOf(login, 'issued')
  const own = issued === undefined ? undefined : sessionOf(evidence, issued)
  const isOver =
    (own?.endsAt !== undefined && fact.occurredAt > own.endsAt) ||
    sessions.some((session) => hasEnded(evidence, login, session, fact.occurredAt))
  return [...caveats, ...(isOver ? ['custody: session ended' as const] : []), ...tokenCaveats(evidence, fact, login)]
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
