import type { AsOf } from '@catena/access-chain'
import { namespaceOf, type Activity, type Key, type Verb } from '@catena/domain'
import { isRetrieval, type AccessReader } from '@catena/projections'
import type { Meaning } from './meaning.js'

/** Chains walked together. */
const PAGE_FACTS = 100

/** Facts whose chains may answer, newest first, page by page. */
export async function* candidatesOf(
  reader: AccessReader,
  asOf: AsOf,
  meaning: Meaning,
  everyRequest: boolean,
): AsyncGenerator<readonly Activity[]> {
  if (meaning.fact !== undefined) yield [meaning.fact]
  else if (meaning.credential !== undefined) yield* ofCredential(reader, asOf, meaning.credential.id, everyRequest)
  else if (meaning.kind === 'lease') yield await factsBy(reader, asOf, meaning.keys, 'establishes')
  else yield* ofUses(reader, asOf, meaning, everyRequest)
}

async function* ofCredential(
  reader: AccessReader,
  asOf: AsOf,
  credential: string,
  everyRequest: boolean,
): AsyncGenerator<readonly Activity[]> {
  for (let after: readonly string[] | undefined; ;) {
    const filter = { credential, retrievalsOnly: !everyRequest }
    const page = await reader.facts(asOf, filter, { limit: PAGE_FACTS, after })
    yield page.items.map(({ item }) => item)
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined) return
  }
}

async function* ofUses(
  reader: AccessReader,
  asOf: AsOf,
  meaning: Meaning,
  everyRequest: boolean,
): AsyncGenerator<readonly Activity[]> {
  const { facts } = await reader.usesOf(asOf, await widened(reader, asOf, meaning))
  const wanted = facts.filter((fact) => everyRequest || isRetrieval(fact)).reverse()
  for (let at = 0; at < wanted.length; at += PAGE_FACTS) yield wanted.slice(at, at + PAGE_FACTS)
}

/**
 * Keys under which the same may appear: a person's names and vault entities, the owner of a session, the repository of a run.
 * They reach too far on purpose; the walk of each fact tells what belongs.
 */
async function widened(reader: AccessReader, asOf: AsOf, { kind, keys }: Meaning): Promise<readonly Key[]> {
  if (kind === 'person') return withNames(reader, asOf, keys)
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
