import { DAYS_DEFAULT } from '@catena/joinability'
import { QueryBus } from '@nestjs/cqrs'
import { Args, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { badInput } from '../errors/api-error.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, RANK_PLACE } from '../paging/page-arguments.js'
import { pageIn } from '../paging/page-in.js'
import { CheckJoinability } from './check-joinability.js'
import { BrokenGroupConnection, Joinability, JoinableHopConnection } from './joinability.model.js'
import { toBrokenGroup, toHop, toProposal } from './to-joinability.js'

/** Longer spans are asked for by their end (`validAt`), part by part. */
const DAYS_MAX = 400

@Allow('auditor', 'security-engineer')
@Resolver(() => Evidence)
export class JoinabilityResolver {
  constructor(private readonly queries: QueryBus) {}

  @ResolveField(() => Joinability, {
    description: 'What logins can be joined to, what cannot and why, and the setting that would change it.',
  })
  async joinability(
    @Parent() { asOf }: Evidence,
    @Args('days', {
      type: () => Int,
      defaultValue: DAYS_DEFAULT,
      description: `Days before the newest retrieval that count, 1 to ${DAYS_MAX}.`,
    })
    days: number,
  ): Promise<Joinability> {
    if (days < 1 || days > DAYS_MAX) throw badInput(`days is ${days}: ask for 1 to ${DAYS_MAX}`)
    const report = await this.queries.execute(new CheckJoinability(asOf, days))
    const { from, to, retrievals, truncated } = report.survey
    const proposals = report.proposals.map(toProposal)
    return { from, to, truncated, retrievals: retrievals.length, proposals, report, asOf, days }
  }
}

@Allow('auditor', 'security-engineer')
@Resolver(() => Joinability)
export class JoinabilityListsResolver {
  @ResolveField(() => JoinableHopConnection, { description: 'Every hop of every place of login, most to gain first.' })
  hops(@Parent() { report, asOf, days }: Joinability, @Args() args: PageArguments): JoinableHopConnection {
    const list = listName('joinability.hops', days)
    const page = pageIn(report.hops, pageRequest(args, list, RANK_PLACE))
    return toConnection(page, args, { asOf, list }, (hop) => toHop(asOf, hop))
  }

  @ResolveField(() => BrokenGroupConnection, {
    description:
      'The first weak link of each chain whose path or actor is not known, by cause, the most frequent first.',
  })
  broken(@Parent() { report, asOf, days }: Joinability, @Args() args: PageArguments): BrokenGroupConnection {
    const list = listName('joinability.broken', days)
    const page = pageIn(report.broken, pageRequest(args, list, RANK_PLACE))
    return toConnection(page, args, { asOf, list }, (group) => toBrokenGroup(asOf, group))
  }
}
