import {
  definitionOf,
  namespaceOf,
  scopeOf,
  valueOf,
  type Activity,
  type Instant,
  type Key,
  type Namespace,
} from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import type { Alias, Principal } from './principal.model.js'

/** Whether an account may be used, where the directory said so. */
export interface DirectoryState {
  readonly enabled: boolean | null
  readonly deleted: boolean | null
}

/**
 * The names of a principal from what describes it, by time. Changes bound the time of a name; a snapshot alone leaves it open,
 * because it tells of any time at which no change says otherwise.
 */
export function aliasesOf(asOf: KnownAsOf, principal: Key, descriptions: readonly Activity[]): Alias[] {
  const names = [...new Set([principal, ...descriptions.flatMap(namesIn)])]
  return names.map((key) => {
    const naming = descriptions.filter((fact) => namesIn(fact).includes(key))
    return {
      key,
      system: scopeOf(key),
      kind: definitionOf(key).noun,
      value: valueOf(key),
      validFrom: changesOf(naming)[0]?.occurredAt ?? null,
      validTo: endOf(key, descriptions),
      asOf,
      positions: [...new Set(naming.flatMap((fact) => fact.positions))].sort((a, b) => a - b),
    }
  })
}

/** The latest change decides; a snapshot speaks only where no change does. */
export function stateOf(asOf: KnownAsOf, descriptions: readonly Activity[]): DirectoryState {
  if (descriptions.length === 0) return { enabled: null, deleted: null }
  const changes = changesOf(descriptions)
  const past = changes.filter((fact) => fact.occurredAt <= (asOf.validAt ?? Infinity))
  const stating = (facts: readonly Activity[]) =>
    facts.filter(({ attributes }) => typeof attributes['enabled'] === 'boolean')
  const deciding =
    stating(past).at(-1) ?? (stating(changes).length > 0 ? undefined : stating(snapshotsOf(descriptions)).at(-1))
  return {
    enabled: (deciding?.attributes['enabled'] as boolean | undefined) ?? null,
    deleted: past.some((fact) => fact.attributes['deleted'] === true),
  }
}

/** Attributes by which facts call a principal of each namespace. */
const CALLED: Readonly<Partial<Record<Namespace, string>>> = {
  person: 'username',
  repository: 'repositoryName',
  'vault-entity': 'displayName',
  'vault-account': 'accountName',
  agent: 'agentName',
  'tool-server': 'agentName',
}

/** The name that the directory gives last, else that of the fact that names it, else what the key says. */
export function nameOf(principal: Key, descriptions: readonly Activity[], naming?: Activity): string {
  const attribute = CALLED[namespaceOf(principal)] ?? ''
  const facts = [...(naming === undefined ? [] : [naming]), ...snapshotsOf(descriptions), ...changesOf(descriptions)]
  const named = facts.findLast((fact) => typeof fact.attributes[attribute] === 'string')
  return (named?.attributes[attribute] as string | undefined) ?? valueOf(principal)
}

/** Who answers for an agent or workload, and how it works, as its owner registered it last. */
export function registeredAs(asOf: KnownAsOf, descriptions: readonly Activity[]): Pick<Principal, 'sponsor' | 'mode'> {
  const past = descriptions.filter((fact) => fact.occurredAt <= (asOf.validAt ?? Infinity))
  const entry = past.findLast(({ kind }) => kind === 'agent-observed')
  const key = entry?.groups.find(({ role }) => role === 'sponsor')?.forms[0]?.key
  const { sponsor: named, mode } = entry?.attributes ?? {}
  const name = key === undefined ? undefined : typeof named === 'string' ? named : valueOf(key)
  return {
    sponsor: key === undefined || name === undefined ? null : { key, kind: 'person', name, system: scopeOf(key), asOf },
    mode: mode === 'attended' || mode === 'autonomous' ? mode : null,
  }
}

/** When a change first gave the principal another name of that kind, took it away, or deleted the principal. */
function endOf(key: Key, descriptions: readonly Activity[]): Instant | null {
  const changes = changesOf(descriptions)
  const last = changes.findLastIndex((fact) => namesIn(fact).includes(key))
  const ending = changes.slice(last + 1).find((fact) => fact.attributes['deleted'] === true || replaces(fact, key))
  const ended = ending ?? changes.slice(last).find((fact) => fact.attributes['deleted'] === true)
  return ended?.occurredAt ?? null
}

function replaces(fact: Activity, key: Key): boolean {
  if (namespaceOf(key) === 'person-email' && fact.attributes['email'] === null) return true
  return namesIn(fact).some((name) => namespaceOf(name) === namespaceOf(key) && name !== key)
}

function namesIn(fact: Activity): Key[] {
  return fact.groups.filter((group) => group.verb === 'describes').flatMap((group) => group.forms.map(({ key }) => key))
}

function changesOf(descriptions: readonly Activity[]): readonly Activity[] {
  return descriptions.filter((fact) => fact.attributes['snapshot'] !== true)
}

function snapshotsOf(descriptions: readonly Activity[]): readonly Activity[] {
  return descriptions.filter((fact) => fact.attributes['snapshot'] === true)
}
