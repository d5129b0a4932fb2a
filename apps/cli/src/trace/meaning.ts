import type { AsOf } from '@catena/access-chain'
import { namespaceOf, scopeOf, valueOf, type Activity, type Key, type Namespace } from '@catena/domain'
import type { AccessReader, CredentialEntry } from '@catena/projections'
import { findCredentials, nameOf } from './credential-names.js'

export type MeaningKind =
  | 'credential'
  | 'person'
  | 'agent'
  | 'account'
  | 'entity'
  | 'repository'
  | 'session'
  | 'run'
  | 'token'
  | 'lease'
  | 'request'

/** What a term may stand for. */
export interface Meaning {
  readonly kind: MeaningKind
  /** For people. */
  readonly name: string
  /** Where it is known, e.g. `vault/prod-1`. */
  readonly system: string
  /** A term that means this and nothing else. */
  readonly term: string
  readonly keys: readonly Key[]
  readonly credential?: CredentialEntry
  readonly fact?: Activity
}

/** Accounts read at once. */
const PAGE = 500

const KINDS: Readonly<Partial<Record<Namespace, MeaningKind>>> = {
  'vault-token': 'token',
  'github-token': 'token',
  'vault-lease': 'lease',
  'idp-session': 'session',
  'system-session': 'session',
  'agent-call': 'session',
  agent: 'agent',
  'tool-server': 'agent',
  'ci-run': 'run',
  'ci-attempt': 'run',
  'ci-job': 'run',
  person: 'person',
  'person-email': 'person',
  'person-name': 'person',
  repository: 'repository',
  'repository-name': 'repository',
  'vault-entity': 'entity',
  'vault-account': 'account',
}

/** Everything a term may mean. Exact names come alone; parts of a credential's name count only where nothing else fits. */
export async function findMeanings(reader: AccessReader, asOf: AsOf, term: string): Promise<Meaning[]> {
  const { exact, parts } = await findCredentials(reader, asOf, term)
  const found = [
    ...(await requestsOf(reader, asOf, term)),
    ...(await keysOf(reader, asOf, term)),
    ...(await accountsOf(reader, asOf, term)),
    ...exact.map((entry) => credentialMeaning(entry, exact)),
  ]
  return found.length > 0 ? found : parts.map((entry) => credentialMeaning(entry, parts))
}

function credentialMeaning(entry: CredentialEntry, all: readonly CredentialEntry[]): Meaning {
  const name = nameOf(entry)
  const isAlone = all.filter((other) => nameOf(other) === name).length === 1
  return {
    kind: 'credential',
    name,
    system: entry.system,
    term: isAlone ? name : entry.id,
    keys: [],
    credential: entry,
  }
}

async function requestsOf(reader: AccessReader, asOf: AsOf, term: string): Promise<Meaning[]> {
  const prefixes = reader.settings.sources.map(({ kind, scope }) => `${kind}:${scope}:`)
  const facts = await reader.index(asOf).facts([term, ...prefixes.map((prefix) => prefix + term)])
  return [...facts.values()].map((fact) => ({
    kind: 'request',
    name: fact.type,
    system: fact.source,
    term: fact.factId,
    keys: [],
    fact,
  }))
}

async function keysOf(reader: AccessReader, asOf: AsOf, term: string): Promise<Meaning[]> {
  const keys = (await reader.findKeys(asOf, term)).filter((key) => KINDS[namespaceOf(key)] !== undefined)
  const persons = new Map<Key, Key>()
  for (const key of keys.filter(isPersonName))
    for (const person of await personsNamed(reader, asOf, key)) persons.set(person, key)
  // A name whose person is known stands for that person, not for itself.
  const others = keys.filter((key) => ![...persons.values()].includes(key) && !persons.has(key))
  return [
    ...[...persons].map(([person, name]) => ({ ...keyMeaning(person), name: valueOf(name), keys: [person, name] })),
    ...others.map(keyMeaning),
  ]
}

function keyMeaning(key: Key): Meaning {
  const kind = KINDS[namespaceOf(key)] ?? 'entity'
  return { kind, name: valueOf(key), system: scopeOf(key), term: key, keys: [key] }
}

function isPersonName(key: Key): boolean {
  return namespaceOf(key) === 'person-email' || namespaceOf(key) === 'person-name'
}

/** Persons that a directory or a login of their own gives this name. */
async function personsNamed(reader: AccessReader, asOf: AsOf, name: Key): Promise<Key[]> {
  const index = reader.index(asOf)
  const described = (await index.factsBy([{ key: name }], 'describes')).get(name) ?? []
  const facts = described.length > 0 ? described : ((await index.factsBy([{ key: name }], 'binds')).get(name) ?? [])
  const persons = facts.flatMap((fact) => fact.groups.filter((group) => group.role === 'person'))
  return [...new Set(persons.flatMap((group) => group.forms.map((form) => form.key)))]
}

/** Accounts of a vault are keyed by mount and name; people know the name. */
async function accountsOf(reader: AccessReader, asOf: AsOf, term: string): Promise<Meaning[]> {
  const filter = { namespaces: ['vault-account'] as const, search: `/${term}` }
  const keys: Key[] = []
  for (let after: readonly string[] | undefined; ;) {
    const page = await reader.principals(asOf, filter, { limit: PAGE, after })
    keys.push(...page.items.map(({ item }) => item.key).filter((key) => valueOf(key).endsWith(`/${term}`)))
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined) break
  }
  return keys.map((key) => {
    const [mount = '', ...name] = valueOf(key).split('/')
    return { ...keyMeaning(key), name: `${name.join('/')} at ${mount}` }
  })
}
