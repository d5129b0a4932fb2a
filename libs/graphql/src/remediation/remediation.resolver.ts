import type { Caller } from '@catena/domain'
import { touchesOf, wordsOf, type CourseEntry } from '@catena/remediation'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql'
import { AccessReader } from '@catena/projections'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { requirePlain } from '../chains/fact-filter.js'
import { toResult } from '../commands/refused.model.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { ListRemediationOrders, ReleaseRemediation } from './remediation.handlers.js'
import {
  OrderStatuses,
  RemediationOrder,
  RemediationOrderConnection,
  RemediationOrderResult,
  type OrderStatus,
} from './remediation.model.js'

/** `<item>/<version of its stream>` */
const ORDER_PLACE: PlaceForm = [/^[0-9a-f]{32}\/\d{1,10}$/]

@Resolver(() => RemediationOrder)
export class RemediationResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly reader: AccessReader,
  ) {}

  @Allow('campaign-manager', 'auditor')
  @Query(() => RemediationOrderConnection, { description: 'What campaigns ordered, and how far it is carried out.' })
  async remediationOrders(
    @Args('campaign', { type: () => ID, nullable: true, description: 'Of this campaign; left out: of all.' })
    campaign: string | null | undefined,
    @Args('status', { type: () => OrderStatuses, nullable: true, description: 'Where they stand; left out: anywhere.' })
    status: OrderStatus | null | undefined,
    @Args() args: PageArguments,
  ): Promise<RemediationOrderConnection> {
    requirePlain(campaign)
    const filter = { campaign: campaign ?? undefined, status: status ?? undefined }
    const list = listName('remediation-orders', filter)
    const request = pageRequest(args, list, ORDER_PLACE)
    const asOf = await this.reader.asOf()
    const page = await this.queries.execute(new ListRemediationOrders(filter, request))
    return toConnection(page, args, { asOf, list }, toOrder)
  }

  @Allow('campaign-manager')
  @Mutation(() => RemediationOrderResult, {
    description: 'Lets an order go on that is held because something beyond the access would end with it.',
  })
  async releaseRemediation(
    @Args('order', { type: () => ID, description: 'The order.' }) order: string,
    @Args('reason', { type: () => String, description: 'Why it may go on.' }) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    requirePlain(order)
    return toResult(await this.commands.execute(new ReleaseRemediation(order, reason, caller)), toOrder)
  }
}

function toOrder({ order, steps, done, handedTo, status, lastFailure, nextTryAt, releasedBy, ...rest }: CourseEntry): RemediationOrder {
  const { item, campaign, endsTheRight, shortfalls, failures } = rest
  return Object.assign(new RemediationOrder(), {
    id: order, item, campaign, endsTheRight, shortfalls, touches: touchesOf(steps), failures,
    status: status === 'none' ? 'going' : status,
    steps: steps.map(({ carrier, action, touches: also }, place) => ({ system: carrier, action: wordsOf(action), touches: also, done: done[place] ?? null })),
    handedOver: Object.entries(handedTo).map(([to, where]) => ({ to, how: where })),
    lastFailure: lastFailure ?? null,
    nextTryAt: status === 'going' ? nextTryAt : null,
    releasedBy: releasedBy ?? null,
  })
} // prettier-ignore
