import { MemoryFacts, type AsOf } from '@catena/access-chain'
import { form, makeKey, type Activity, type Attributes, type Key, type KeyGroup, type Namespace } from '@catena/domain'
import { FactDirectory } from '../fact-directory.js'

export const SYSTEM = 'okta/acme'
export const DAY = 86_400_000

export function key(namespace: Namespace, value: string): Key {
  return makeKey(namespace, SYSTEM, value)
}

export function named(role: string, verb: KeyGroup['verb'], namespace: Namespace, value: string): KeyGroup {
  return { role, verb, trust: 'verified', forms: [form(key(namespace, value))] }
}

let last = 0

/** What a directory tells at a time. */
export function told(
  kind: Activity['kind'],
  at: number,
  groups: KeyGroup[],
  attributes: Attributes,
  position?: number,
): Activity {
  last += 1
  return {
    factId: `idp:${last}`,
    source: 'idp',
    kind,
    type: kind,
    occurredAt: at,
    resolutionMs: 0,
    outcome: 'succeeded',
    groups,
    attributes,
    conflicts: [],
    positions: [position ?? last],
  }
}

/** A change of an entry; with `snapshot` in the attributes, a list. */
export function person(id: string, at: number, attributes: Attributes, position?: number): Activity {
  const { username, email } = attributes
  return told(
    'person-observed',
    at,
    [
      named('person', 'describes', 'person', id),
      ...(typeof username === 'string' ? [named('name', 'describes', 'person-name', username)] : []),
      ...(typeof email === 'string' ? [named('email', 'describes', 'person-email', email)] : []),
    ],
    attributes,
    position,
  )
}

/** One person into or out of one group. */
export function member(id: string, group: string, at: number, added: boolean): Activity {
  const groups = [
    named('person', 'describes', 'person', id),
    { ...named('group', 'presents', 'group', group), sideways: true },
    { ...named('group-name', 'presents', 'group-name', group.toLowerCase()), sideways: true },
  ]
  return told('membership-changed', at, groups, { added, groupName: group })
}

/** The whole list of a group's members. */
export function members(group: string, ids: readonly string[], at: number): Activity {
  const groups = [
    named('group', 'relates', 'group', group),
    named('group-name', 'relates', 'group-name', group.toLowerCase()),
    ...ids.map((id) => named(`member-${id}`, 'relates', 'person', id)),
  ]
  return told('membership-changed', at, groups, { allMembers: true, groupName: group })
}

export function directoryOf(facts: readonly Activity[], asOf: Partial<AsOf> = {}): FactDirectory {
  const memory = new MemoryFacts()
  for (const fact of facts) memory.add(fact)
  return new FactDirectory(memory.at({ position: Infinity, ...asOf }), [SYSTEM])
}
