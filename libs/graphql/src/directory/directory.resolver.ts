import type { Membership } from '@catena/directory'
import type { Instant } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { requirePlain } from '../chains/fact-filter.js'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../paging/page-arguments.js'
import { pageIn } from '../paging/page-in.js'
import { DateTime } from '../scalars/index.js'
import { FindPeople, ListMembers, type PersonWithGroups } from './ask-directory.js'
import { DirectoryPerson, GroupMembership, GroupMembershipConnection } from './directory.model.js'

const AT = {
  type: () => DateTime,
  nullable: true,
  description: 'At this moment; left out: validAt of the evidence, else now.',
}

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class DirectoryResolver {
  constructor(
    private readonly queries: QueryBus,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  @ResolveField(() => [DirectoryPerson], {
    description: 'Who somebody is, at a moment: one entry per directory that knows the name.',
  })
  async people(
    @Parent() { asOf }: Evidence,
    @Args('term', { type: () => String, description: 'Login name, e-mail address, id or key.' }) term: string,
    @Args('at', AT) at: Instant | null | undefined,
  ): Promise<DirectoryPerson[]> {
    requirePlain(term)
    const moment = this.momentOf(asOf, at)
    const people = await this.queries.execute(new FindPeople(asOf, term, moment))
    return people.map((person) => toPerson(asOf, moment, person))
  }

  @ResolveField(() => GroupMembershipConnection, { description: 'Who was in a group at a moment.' })
  async groupMembers(
    @Parent() { asOf }: Evidence,
    @Args('group', { type: () => String, description: 'Name, id or key of the group.' }) group: string,
    @Args('at', AT) at: Instant | null | undefined,
    @Args() args: PageArguments,
  ): Promise<GroupMembershipConnection> {
    requirePlain(group)
    const list = listName('groupMembers', [group, at ?? null])
    const request = pageRequest(args, list, RANK_PLACE)
    const members = await this.queries.execute(new ListMembers(asOf, group, this.momentOf(asOf, at)))
    return toConnection(pageIn(members, request), args, { asOf, list }, (member) => toMembership(asOf, member))
  }

  private momentOf(asOf: KnownAsOf, at: Instant | null | undefined): Instant {
    return at ?? asOf.validAt ?? this.desk.clock.now()
  }
}

function toPerson(asOf: KnownAsOf, at: Instant, { entry, groups }: PersonWithGroups): DirectoryPerson {
  const { person, name, manager, employment, evidence } = entry
  return {
    person,
    at,
    name,
    displayName: entry.displayName ?? null,
    email: entry.email ?? null,
    title: entry.title ?? null,
    department: entry.department ?? null,
    manager: manager === undefined ? null : { ...manager, positions: manager.evidence, asOf },
    employment: { state: employment.state, since: employment.since ?? null, positions: employment.evidence, asOf },
    groups: groups.map((group) => toMembership(asOf, group)),
    positions: evidence,
    asOf,
  }
}

function toMembership(asOf: KnownAsOf, membership: Membership): GroupMembership {
  return {
    ...membership,
    from: membership.from ?? null,
    to: membership.to ?? null,
    positions: membership.evidence,
    asOf,
  }
}
