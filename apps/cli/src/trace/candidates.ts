import type { AsOf } from '@catena/access-chain'
import { isRetrieval, namespaceOf, type Activity, type Key, type Verb } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import type { Meaning } from './meaning.js'

/** Chains walked together. */
const PAGE_FACTS = 100

export interface CandidatePage {
  readonly facts: readonly Activity[]
  /** More came through it than one look forward returns: the newest are not among the candidates. */
  readonly truncated: boolean
}

/** Facts whose chains may answer, newest first, page by page. */
export async function* candidatesOf(
  reader: AccessReader,
  asOf: AsOf,
  meaning: Meaning,
  everyRequest: boolean,
): AsyncGenerator<CandidatePage> {
  if (meaning.fact !== undefined) yield whole([meaning.fact])
  else if (meaning.credential !== undefined) yield* ofCredential(reader, asOf, meaning.credential.id, everyRequest)
  else if (meaning.kind === 'lease') yield whole(await factsBy(reader, asOf, meaning.keys, 'establishes'))
  else yield* ofUses(reader, asOf, meaning, everyRequest)
}

async function* ofCredential(
  reader: AccessReader,
  asOf: AsOf,
  credential: string,
  everyRequest: boolean,
): AsyncGenerator<CandidatePage> {
  for (let after: readonly string[] | undefined; ;) {
    const filter = { credential, retrievalsOnly: !everyRequest }
    const page = await reader.facts(asOf, filter, { limit: PAGE_FACTS, after })
    yield whole(page.items.map(({ item }) => item))
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined) return
  }
}

async function* ofUses(
  reader: AccessReader,
  asOf: AsOf,
  meaning: Meaning,
  everyRequest: boolean,
): AsyncGenerator<CandidatePage> {
  const { facts, truncated } = await reader.usesOf(asOf, await widened(reader, asOf, meaning))
  // A token that nobody used still has somebody who made it.
  const makers =
    meaning.kind === 'token' && everyRequest ? await factsBy(reader, asOf, meaning.keys, 'establishes') : []
  const wanted = [...facts.filter((fact) => everyRequest || isRetrieval(fact)).reverse(), ...makers]
  for (let at = 0; at < wanted.length; at += PAGE_FACTS) yield { facts: wanted.slice(at, at + PAGE_FACTS), truncated }
}

function whole(facts: readonly Activity[]): CandidatePage {
  return { facts, truncated: false }
}

/**
 * Keys under which the same may appear: a person's names and vault entities, the owner of a session, the repository of a run.
 * They reach too far on purpose; the walk of each fact tells what belongs.
 */
async function widened(reader: AccessReader, asOf: AsOf, { kind, keys }: Meaning): Promise<readonly Key[]> {
  if (kind === 'person') return withNames(reader, asOf, keys)
  if (kind === 'agent')
    return [...keys, ...named(await factsBy(reader, asOf, keys, 'describes'), ['agent', 'tool-server'])]
  if (kind === 'run') return [...keys, ...(await boundTo(reader, asOf, keys, ['repository', 'repository-name']))]
  if (kind !== 'session') return keys
  const persons = await boundTo(reader, asOf, keys, ['person'])
  return [...keys, ...(await withNames(reader, asOf, persons))]
}

async function withNames(reader: AccessReader, asOf: AsOf, persons: readonly Key[]): Promise<Key[]> {
  const described = await factsBy(reader, asOf, persons, 'describes')
  const known = [...new Set([...persons, ...named(described, ['person', 'person-email', 'person-name'])])]
  const { facts } = await reader.usesOf(asOf, known)
  return [...known, ...named(facts, ['vault-entity'])]
}

/** Keys that what establishes these keys binds to them. */
async function boundTo(
  reader: AccessReader,
  asOf: AsOf,
  keys: readonly Key[],
  namespaces: readonly string[],
): Promise<Key[]> {
  return named(await factsBy(reader, asOf, keys, 'establishes'), namespaces)
}

function named(facts: readonly Activity[], namespaces: readonly string[]): Key[] {
  const keys = facts.flatMap((fact) => fact.groups.flatMap((group) => group.forms.map((form) => form.key)))
  return [...new Set(keys.filter((key) => namespaces.includes(namespaceOf(key))))]
}

async function factsBy(reader: AccessReader, asOf: AsOf, keys: readonly Key[], verb: Verb): Promise<Activity[]> {
  const found = await reader.index(asOf).factsBy(
    keys.map((key) => ({ key })),
    verb,
  )
  return [...found.values()].flat()
}
