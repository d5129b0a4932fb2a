import { boundEntities, keysIn, makersOf, usesOf, type FactIndex, type Forward } from '@catena/access-chain'
import { namespaceOf, type Activity, type Key, type KeyGroup, type Namespace } from '@catena/domain'
import { newlyNamed } from './newly-named.js'

export interface Reached {
  readonly facts: readonly Activity[]
  /** More came through the keys than one look forward returns: the oldest are left out. */
  readonly isCut: boolean
}

/**
 * Facts beside these whose chains may have changed since they were observed. Rather too many than too few: a chain that comes out the same adds
 * nothing to the feed. `own`: what was observed, as it stands now; `before`: what was known without that.
 */
export async function reachedBy(index: FactIndex, before: FactIndex, own: readonly Activity[]): Promise<Reached> {
  const [carrying, ended] = [
    [...keysIn(own, isCarrying), ...approvedIn(own)],
    keysIn(own, ({ verb }) => verb === 'ends'),
  ]
  const making = makersOf(index, [...ended, ...keysIn(own.filter(isUnwrapping), () => true)])
  const looks = await Promise.all([
    usesOf(index, [...carrying, ...ended]),
    newlyNamed(before, own).then((keys) => usesOf(index, keys)),
    making.then((made) => usesOfPeople(index, [...own, ...made])),
  ])
  const ledTo = [...own, ...looks.flatMap(({ facts }) => facts)]
  const ofEntities = await usesOf(index, boundEntities(ledTo), ['presents'])
  const known = new Set(own.map(({ factId }) => factId))
  const found = [...ledTo, ...ofEntities.facts, ...(await making)].filter(({ factId }) => !known.has(factId))
  const facts = [...new Map(found.map((fact) => [fact.factId, fact])).values()]
  return { facts, isCut: [...looks, ofEntities].some(({ truncated }) => truncated) }
}

/** It consumes what somebody was handed over. */
function isUnwrapping({ kind }: Activity): boolean {
  return kind === 'response-unwrapped'
}

/** Names that a login binds and by which no walk asks for its other logins: an account, which nothing leads to, and an entity (`boundEntities`). */
const NOT_ASKED_BY: ReadonlySet<Namespace> = new Set(['vault-account', 'vault-entity'])

function isCarrying({ verb, role, forms }: KeyGroup): boolean {
  if (verb === 'binds') return role !== PERSON && !forms.every(({ key }) => NOT_ASKED_BY.has(namespaceOf(key)))
  return verb === 'establishes' || verb === 'describes' || verb === 'relates'
}

/** An approval names the run whose chains it is part of; it may come long after them. */
function approvedIn(facts: readonly Activity[]): Key[] {
  return keysIn(facts.filter(({ kind }) => kind === 'approval-observed'), ({ verb }) => verb === 'presents') // prettier-ignore
}

/** Role of whoever signed in; followed by all names. */
const PERSON = 'person'

/** Sessions of people are candidates of logins that name them by any name which a directory gives them. */
async function usesOfPeople(index: FactIndex, sessions: readonly Activity[]): Promise<Forward> {
  const people = keysIn(sessions, ({ verb, role }) => verb === 'binds' && role === PERSON)
  const described = await index.factsBy(people.map((key) => ({ key })), 'describes') // prettier-ignore
  const names = keysIn([...described.values()].flat(), ({ verb }) => verb === 'describes')
  return usesOf(index, [...new Set([...people, ...names])])
}
