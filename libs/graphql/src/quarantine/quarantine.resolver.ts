import type { Caller } from '@catena/domain'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql'
import { CurrentCaller } from '../caller/current-caller.js'
import { Allow } from '../caller/allow.js'
import { requirePlain } from '../chains/fact-filter.js'
import { badInput } from '../errors/api-error.js'
import { Evidence } from '../evidence/evidence.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { FIRST_MAX, PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { Position } from '../scalars/index.js'
import { CountQuarantine, ListQuarantine } from './list-quarantine.js'
import { QuarantineConnection, QuarantineCount, QuarantineFilter, ReleaseAttempt } from './quarantine.model.js'
import { ReleaseQuarantined } from './release-quarantined.js'
import { toAttempt, toQuarantined } from './to-quarantined.js'

const ENTRY_PLACE: PlaceForm = [/^\d{1,15}$/]

@Allow('auditor', 'operator')
@Resolver(() => Evidence)
export class QuarantineResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @ResolveField(() => QuarantineConnection, {
    description: 'Records that could not be read, as they stand at this moment, whatever the state of knowledge.',
  })
  async quarantine(
    @Parent() { asOf }: Evidence,
    @Args('filter', { type: () => QuarantineFilter, nullable: true, description: 'Which records; left out: all.' })
    filter: QuarantineFilter | null | undefined,
    @Args() args: PageArguments,
  ): Promise<QuarantineConnection> {
    const list = listName('quarantine', filter ?? {})
    const request = pageRequest(args, list, ENTRY_PLACE)
    requirePlain(filter?.source)
    const { source, state } = filter ?? {}
    const narrowed = { ...(source == null ? {} : { source }), ...(state == null ? {} : { state }) }
    const page = await this.queries.execute(new ListQuarantine(narrowed, request))
    return toConnection(page, args, { asOf, list }, toQuarantined)
  }

  @ResolveField(() => [QuarantineCount], {
    description: 'How many records of each source are in quarantine at this moment.',
  })
  quarantineCounts(): Promise<QuarantineCount[]> {
    return this.queries.execute(new CountQuarantine())
  }

  @Allow('operator')
  @Mutation(() => [ReleaseAttempt], {
    description: `Reads the bytes of quarantined records again where they were, and stores what can be read now; at most ${FIRST_MAX} at once.`,
  })
  async releaseQuarantined(
    @Args('ids', { type: () => [Position], description: 'Their ids in quarantine.' }) ids: number[],
    @CurrentCaller() caller: Caller,
  ): Promise<ReleaseAttempt[]> {
    if (ids.length === 0 || ids.length > FIRST_MAX) throw badInput(`name 1 to ${FIRST_MAX} records at once`)
    return (await this.commands.execute(new ReleaseQuarantined(ids, caller.id))).map(toAttempt)
  }
}
