import {
  approvedBy,
  askersOf,
  boundEntities,
  carriedBy,
  exchangedIn,
  keysIn,
  keyOf,
  makersOf,
  namesTold,
  newlyNamed,
  textOf,
  usesOf,
  wrappingsOf,
  type FactIndex,
  type Forward,
  type WalkSettings,
} from '@catena/access-chain'
import { isMinted, type Activity, type Key, type KeyGroup } from '@catena/domain'

export interface Reached {
  readonly facts: readonly Activity[]
  /** More came through the keys than one look forward returns: the oldest are left out. */
  readonly isCut: boolean
}

/** What is known now and what was known without the new records, and how chains are walked. */
export interface Looking {
  readonly index: FactIndex
  readonly before: FactIndex
  readonly settings: WalkSettings
}

/**
 * Facts beside these whose chains may have changed since they were observed. Rather too many than too few: a chain that comes out the same adds
 * nothing to the feed. `own`: what was observed, as it stands now.
 */
export async function reachedBy({ index, before, settings }: Looking, own: readonly Activity[]): Promise<Reached> {
  const [carrying, ended] = [keysIn(own, isCarrying), keysIn(own, ({ verb }) => verb === 'ends')]
  const approved = await approvedBy(index, own)
  const making = makersOf(index, [
    ...ended,
    ...approved,
    ...keysIn(own.filter(isUnwrapping), () => true),
    ...exchangedIn(own),
  ])
  const looks = await Promise.all([
    usesOf(index, [...carrying, ...ended, ...approved]),
    newlyNamed(before, own).then((keys) => usesOf(index, keys)),
    namesTold(index, own).then((keys) => usesOf(index, keys)),
    newlyCalled(index, before, own).then((keys) => usesOf(index, keys)),
    making.then((made) => usesOf(index, wrappingsOf(made))),
    making.then((made) => askersOf(index, settings, [...own, ...made])).then((askers) => withUses(index, askers)),
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

/** What it makes, says of names, or of several at once is asked for at any time; a standing name that it binds by those around it (`askersOf`). */
function isCarrying({ verb, forms }: KeyGroup): boolean {
  if (verb === 'binds') return forms.some(({ key }) => isMinted(key))
  return verb === 'establishes' || verb === 'describes' || verb === 'relates'
}

async function withUses(index: FactIndex, facts: readonly Activity[]): Promise<Pick<Forward, 'facts' | 'truncated'>> {
  const { facts: uses, truncated } = await usesOf(index, carriedBy(facts))
  return { facts: [...facts, ...uses], truncated }
}

/** Names of people whom no directory names, and no earlier sign-in: they are called as the first one says, wherever they stand. */
async function newlyCalled(index: FactIndex, before: FactIndex, own: readonly Activity[]): Promise<Key[]> {
  const first = new Map<Key, Activity>()
  for (const fact of own) {
    const person = textOf(fact, 'username') === undefined ? undefined : keyOf(fact, PERSON)
    if (person !== undefined && fact.occurredAt < (first.get(person)?.occurredAt ?? Infinity)) first.set(person, fact)
  }
  const described = await index.factsBy([...first.keys()].map((key) => ({ key })), 'describes') // prettier-ignore
  const unnamed = [...first.keys()].filter((person) => !(described.get(person) ?? []).some(isNaming))
  const known = await before.factsBy(unnamed.map((key) => ({ key, first: 1 })), 'binds') // prettier-ignore
  const isKnown = (person: Key): boolean => (known.get(person) ?? []).some((fact) => isNaming(fact) && fact.occurredAt < (first.get(person)?.occurredAt ?? 0))
  const called = unnamed.filter((person) => !isKnown(person))
  const names = keysIn(called.flatMap((person) => described.get(person) ?? []), ({ verb }) => verb === 'describes')
  return [...new Set([...called, ...names])]
} // prettier-ignore

function isNaming(fact: Activity): boolean {
  return textOf(fact, 'username') !== undefined
}

const PERSON = 'person'
