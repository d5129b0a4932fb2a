import type { Directory, DirectoryChange, Membership, PersonEntry } from '@catena/directory'
import { valueOf, type Instant, type Key } from '@catena/domain'

/** A person as the command shows one. */
export interface DescribedPerson {
  readonly entry: PersonEntry
  readonly managerName: string | undefined
  readonly groups: readonly Membership[]
  readonly alsoKnownAs: readonly Key[]
  /** Until the moment asked about, newest last. */
  readonly changes: readonly DirectoryChange[]
}

/** Newest changes shown. */
const CHANGES_MAX = 10

export async function describePerson(
  directory: Directory,
  key: Key,
  at: Instant,
): Promise<DescribedPerson | undefined> {
  const entry = (await directory.entries([key], at)).get(key)
  if (entry === undefined) return undefined
  const [groups, same, changes] = await Promise.all([
    directory.groupsOf([key], at),
    directory.samePrincipal([key], at),
    directory.changesOf([key], { from: -Infinity, to: at + 1 }),
  ])
  return {
    entry,
    managerName: entry.manager === undefined ? undefined : await nameOf(directory, entry.manager.person, at),
    groups: groups.get(key) ?? [],
    alsoKnownAs: (same.get(key) ?? []).filter((other) => other !== key),
    changes: changes.slice(-CHANGES_MAX),
  }
}

export interface NamedMember extends Membership {
  readonly name: string
}

export async function membersWithNames(directory: Directory, group: string, at: Instant): Promise<NamedMember[]> {
  const members = await directory.membersOf(group, at)
  const entries = await directory.entries(members.map(({ person }) => person), at) // prettier-ignore
  return members.map((member) => ({ ...member, name: entries.get(member.person)?.name ?? valueOf(member.person) }))
}

async function nameOf(directory: Directory, person: Key, at: Instant): Promise<string> {
  return (await directory.entries([person], at)).get(person)?.name ?? valueOf(person)
}
