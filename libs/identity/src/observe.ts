import type { Chain, Principal } from '@catena/access-chain'
import type { Instant, Key } from '@catena/domain'

export type IdentityObservationKind =
  | 'several people behind one account'
  | 'one identity shared by a fleet'
  | 'borrowed identity'
  | 'human use of a workload identity'
  | 'human account used autonomously'
  | 'agent without a sponsor'

/** Something about an identity that somebody should look at, over all chains of some days. */
export interface IdentityObservation {
  readonly kind: IdentityObservationKind
  /** As strong as the chains that it rests on. */
  readonly state: 'proven' | 'inferred'
  /** The account, identity or principal that it is about. */
  readonly subject: string
  /** In a sentence, with its figures. */
  readonly words: string
  readonly principals: readonly Key[]
  readonly retrievals: number
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** Of the newest chains. */
  readonly evidence: readonly number[]
}

/** A fleet has at least so many addresses. */
const FLEET_ADDRESSES_MIN = 2
/** A person's own use and that of a workload's identity, from one place by one program, lie no further apart. */
const SAME_HAND_MS = 3_600_000
const EVIDENCE_MAX = 12

/** Pure: the same chains in any order give the same observations, the most frequent first. */
export function observeIdentities(chains: readonly Chain[]): IdentityObservation[] {
  const inOrder = [...chains].sort(
    (a, b) => a.fact.occurredAt - b.fact.occurredAt || (a.fact.factId < b.fact.factId ? -1 : 1),
  )
  const found = [
    ...collisions(inOrder),
    ...fleets(inOrder),
    ...borrowed(inOrder),
    ...humanUses(inOrder),
    ...autonomous(inOrder),
    ...sponsorless(inOrder),
  ]
  return found.sort(
    (a, b) => b.retrievals - a.retrievals || (`${a.kind} ${a.subject}` < `${b.kind} ${b.subject}` ? -1 : 1),
  )
}

/** One entity or account of a system, behind which chains find several people. */
function collisions(chains: readonly Chain[]): IdentityObservation[] {
  const accounts = grouped(chains, ({ identity }) => {
    const name = identity?.entityId ?? identity?.account
    return name === undefined ? undefined : `${identity?.system ?? ''} ${name}`
  })
  return accounts.flatMap(([subject, own]) => {
    const people = own.flatMap((chain) =>
      personIn(chain) === undefined ? [] : [{ chain, person: personIn(chain) as Principal }],
    )
    const keys = [...new Set(people.map(({ person }) => person.key))].sort()
    if (keys.length < 2) return []
    const isProven = keys.every((key) =>
      people.some(({ person, chain }) => person.key === key && chain.actor.state === 'proven'),
    )
    const names = [...new Set(people.map(({ person }) => person.name))].sort().join(', ')
    const used = people.map(({ chain }) => chain)
    return [
      observation(
        'several people behind one account',
        isProven,
        subject,
        `${keys.length} people acted behind it: ${names}`,
        used,
        keys,
      ),
    ]
  })
}

/** An identity that is declared as shared, or is root, used from several places. */
function fleets(chains: readonly Chain[]): IdentityObservation[] {
  return grouped(chains, sharedName).flatMap(([subject, own]) => {
    const addresses = new Set(
      own.map(({ fact }) => fact.attributes.address).filter((address) => typeof address === 'string'),
    )
    if (addresses.size < FLEET_ADDRESSES_MIN) return []
    return [
      observation(
        'one identity shared by a fleet',
        true,
        subject,
        `used from ${addresses.size} addresses; who used it is not on record`,
        own,
        [],
      ),
    ]
  })
}

/** A person's authority in other hands, as far as records tell: the session was over, the address another, or the token was handed on. */
function borrowed(chains: readonly Chain[]): IdentityObservation[] {
  const suspected = chains.filter((chain) => borrowedFrom(chain) !== undefined)
  return grouped(suspected, (chain) => borrowedFrom(chain)?.key).map(([subject, own]) => {
    const reasons = new Set(
      own.flatMap(({ actor }) => (actor.kind === 'missing' ? [actor.reason] : actor.caveats.filter(isCustody))),
    )
    const name = borrowedFrom(own[0] as Chain)?.name ?? subject
    return observation(
      'borrowed identity',
      false,
      subject,
      `in the name of ${name}: ${[...reasons].sort().join(', ')}`,
      own,
      [subject as Key],
    )
  })
}

function borrowedFrom({ actor }: Chain): Principal | undefined {
  if (actor.kind === 'missing')
    return actor.reason === 'bearer handed over' && actor.authority?.kind === 'person' ? actor.authority : undefined
  if (actor.kind !== 'attributed' || actor.principal.kind !== 'person') return undefined
  return actor.caveats.some(isCustody) ? actor.principal : undefined
}

function isCustody(caveat: string): boolean {
  return caveat.startsWith('custody:') || caveat === 'used after end'
}

/** From one address, by one program, within an hour: a person and an identity that is no person's. Inferred, because places are shared. */
function humanUses(chains: readonly Chain[]): IdentityObservation[] {
  const people = chains.filter((chain) => chain.actor.state === 'proven' && personIn(chain) !== undefined)
  const hands = new Map<string, Chain[]>()
  for (const chain of people) {
    const hand = handOf(chain)
    if (hand !== undefined) hands.set(hand, [...(hands.get(hand) ?? []), chain])
  }
  const pairs = chains.flatMap((chain) => {
    const shared = sharedName(chain)
    const near =
      shared === undefined ? [] : (hands.get(handOf(chain) ?? '') ?? []).filter((other) => isNear(other, chain))
    return near.map((other) => ({ chain, shared: shared ?? '', person: personIn(other) as Principal }))
  })
  return grouped(pairs, ({ shared, person }) => `${shared} ${person.key}`).map(([, own]) => {
    const [first] = own
    const used = [...new Map(own.map(({ chain }) => [chain.fact.factId, chain])).values()]
    const words = `from the address and by the program with which ${first?.person.name ?? ''} worked within the same hour`
    return observation(
      'human use of a workload identity',
      false,
      first?.shared ?? '',
      words,
      used,
      first === undefined ? [] : [first.person.key],
    )
  })
}

function handOf({ fact }: Chain): string | undefined {
  const { address, userAgent } = fact.attributes
  return typeof address === 'string' && typeof userAgent === 'string'
    ? `${fact.source} ${address} ${userAgent}`
    : undefined
}

function isNear(a: Chain, b: Chain): boolean {
  return Math.abs(a.fact.occurredAt - b.fact.occurredAt) <= SAME_HAND_MS
}

function autonomous(chains: readonly Chain[]): IdentityObservation[] {
  const own = chains.filter(({ findings }) => findings.some(({ kind }) => kind === 'human account used autonomously'))
  return grouped(own, ({ actor, identity }) =>
    actor.kind === 'attributed' ? actor.principal.key : identity?.account,
  ).map(([subject, used]) =>
    observation(
      'human account used autonomously',
      true,
      subject,
      'software acted on its own under a person\u2019s account',
      used,
      [],
    ),
  )
}

function sponsorless(chains: readonly Chain[]): IdentityObservation[] {
  const agents = chains.filter(
    ({ actor }) =>
      actor.kind === 'attributed' && actor.principal.kind === 'agent' && actor.principal.sponsor === undefined,
  )
  return grouped(agents, ({ actor }) => (actor.kind === 'attributed' ? actor.principal.key : undefined)).map(
    ([subject, own]) =>
      observation('agent without a sponsor', true, subject, 'no record says who answers for it', own, [subject as Key]),
  )
}

function personIn({ actor }: Chain): Principal | undefined {
  return actor.kind === 'attributed' && actor.principal.kind === 'person' ? actor.principal : undefined
}

function sharedName({ actor, identity }: Chain): string | undefined {
  return actor.kind === 'missing' && actor.shared !== undefined
    ? `${identity?.system ?? ''} ${actor.shared}`.trim()
    : undefined
}

function grouped<T>(all: readonly T[], nameOf: (one: T) => string | undefined): [string, T[]][] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const name = nameOf(one)
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), one])
  }
  return [...groups]
}

function observation(
  kind: IdentityObservationKind,
  isProven: boolean,
  subject: string,
  words: string,
  chains: readonly Chain[],
  principals: readonly Key[],
): IdentityObservation {
  const times = chains.map(({ fact }) => fact.occurredAt)
  const newest = chains.slice(-EVIDENCE_MAX).flatMap(({ fact, actor }) => [...fact.positions, ...actor.evidence])
  return {
    kind,
    state: isProven ? 'proven' : 'inferred',
    subject,
    words,
    principals,
    retrievals: chains.length,
    firstAt: times.reduce((a, b) => Math.min(a, b), Infinity),
    lastAt: times.reduce((a, b) => Math.max(a, b), -Infinity),
    evidence: [...new Set(newest)].sort((a, b) => a - b),
  }
}
