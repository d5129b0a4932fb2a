import { FactDirectory, systemsOf, type Membership, type PersonEntry } from '@catena/directory'
import type { Instant } from '@catena/domain'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

export interface PersonWithGroups {
  readonly entry: PersonEntry
  readonly groups: readonly Membership[]
}

/** Persons that a word may mean, as they were at the moment. */
export class FindPeople extends Query<readonly PersonWithGroups[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly term: string,
    readonly at: Instant,
  ) {
    super()
  }
}

@QueryHandler(FindPeople)
export class FindPeopleHandler implements IQueryHandler<FindPeople> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, term, at }: FindPeople): Promise<readonly PersonWithGroups[]> {
    const directory = directoryOf(this.reader, asOf)
    const persons = await directory.find(term)
    const [entries, groups] = await Promise.all([directory.entries(persons, at), directory.groupsOf(persons, at)])
    return [...entries.values()].map((entry) => ({ entry, groups: groups.get(entry.person) ?? [] }))
  }
}

/** Members of a group at the moment, by key. */
export class ListMembers extends Query<readonly Membership[]> {
  constructor(
    readonly asOf: KnownAsOf,
    readonly group: string,
    readonly at: Instant,
  ) {
    super()
  }
}

@QueryHandler(ListMembers)
export class ListMembersHandler implements IQueryHandler<ListMembers> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf, group, at }: ListMembers): Promise<readonly Membership[]> {
    const members = await directoryOf(this.reader, asOf).membersOf(group, at)
    return [...members].sort((a, b) => (`${a.person} ${a.group}` < `${b.person} ${b.group}` ? -1 : 1))
  }
}

function directoryOf(reader: AccessReader, asOf: KnownAsOf): FactDirectory {
  return new FactDirectory(reader.index(asOf), systemsOf(reader.settings.sources))
}
