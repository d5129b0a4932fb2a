import { isMinted, namespaceOf, type Activity, type Key, type Namespace, type Verb } from '@catena/domain'
import type { FactIndex } from './fact-index.js'

/** Steps from a person or run to what was done with its authority: session, token, child token, unwrapped token… */
const STEPS_MAX = 12

/** Minted names of what nobody acts with: all others carry authority on to whoever presents them. */
const NAMED_ONLY: ReadonlySet<Namespace> = new Set([
  'vault-lease',
  'deployment',
  'access-request',
  'agent-task',
  'request-id',
])

/** Most facts that one look forward returns; more is said, not hidden. */
export const FORWARD_MAX = 5_000

export interface Forward {
  readonly facts: readonly Activity[]
  /** There was more than FORWARD_MAX: the newest are kept. */
  readonly truncated: boolean
  /** All that was found, for whoever asks for a part of it. */
  readonly all: readonly Activity[]
  /** Not everything that was found was followed: there may be more than all. */
  readonly isCut: boolean
}

/** Verbs by which a fact uses what a key carries. */
const USING: readonly Verb[] = ['presents', 'binds']

/**
 * Everything that came through these keys, by time: the walk turned round. Candidates only: the walk of each fact says how sure it is.
 * `first`: verbs by which the keys themselves count as used.
 */
export async function usesOf(index: FactIndex, keys: readonly Key[], first = USING): Promise<Forward> {
  const facts = new Map<string, Activity>()
  const asked = new Set<Key>()
  let frontier = [...keys]
  for (let step = 0; step < STEPS_MAX && frontier.length > 0 && facts.size < FORWARD_MAX; step++) {
    const names = [...new Set([...(await index.equated(frontier)).values()].flat())].filter((key) => !asked.has(key))
    for (const name of names) asked.add(name)
    const found = await reached(index, names, step === 0 ? first : USING)
    for (const fact of found) facts.set(fact.factId, fact)
    frontier = carriedBy(found).filter((key) => !asked.has(key))
  }
  const sorted = [...facts.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1))
  return {
    facts: sorted.slice(-FORWARD_MAX),
    truncated: sorted.length > FORWARD_MAX,
    all: sorted,
    isCut: frontier.length > 0,
  }
}

/** What these facts made, for whoever asks what came through it. */
export function carriedBy(facts: readonly Activity[]): Key[] {
  return [...new Set(facts.flatMap(carried))]
}

async function reached(index: FactIndex, names: readonly Key[], verbs: readonly Verb[]): Promise<Activity[]> {
  const lookups = names.map((key) => ({ key }))
  const found = await Promise.all(verbs.map((verb) => index.factsBy(lookups, verb)))
  return found.flatMap((facts) => [...facts.values()].flat())
}

/** Does it carry authority on to whoever presents it? */
export function isCarrier(key: Key): boolean {
  return isMinted(key) && !NAMED_ONLY.has(namespaceOf(key))
}

function carried(fact: Activity): Key[] {
  const groups = fact.groups.filter((group) => group.verb === 'establishes' || group.role === 'unwrapped')
  return groups.flatMap((group) => group.forms.map((form) => form.key)).filter(isCarrier)
}
