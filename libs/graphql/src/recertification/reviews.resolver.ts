import { isPersonKey, isRefusal, type Caller, type Key, type Refusal } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, Int, Mutation, Query, Resolver } from '@nestjs/graphql'
import { Allow, own, type Reach } from '../caller/allow.js'
import { CurrentCaller, CurrentDenial, CurrentReach, type NoteDenied } from '../caller/current-caller.js'
import { decidedBy, DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { toResult } from '../commands/refused.model.js'
import { badInput } from '../errors/api-error.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { CutScalar, KeyScalar } from '../scalars/index.js'
import { ActOnItems, DecideItems, type ItemAct } from './item.commands.js'
import {
  ItemReasonInput,
  ItemRevisionInput,
  ReviewDecisionInput,
  ReviewItem,
  ReviewItemConnection,
  ReviewItemsChanged,
  ReviewItemsResult,
} from './item.model.js'
import { FindReviewItem, ListReviewItems } from './recertification.queries.js'
import { toDecision, toReviewItem } from './to-item.js'

/** Most items of one bulk decision, whatever the campaign allows. */
const BULK_MAX = 10_000
/** What is said of many items stands with each of them for good: most characters that one command may leave. */
const SAID_MAX = 8 * 1024 * 1024
const WORK_PLACE: PlaceForm = [/^\d{1,3}$/, /^/, /^\d{1,10}$/]

const Items = () =>
  Args('items', { type: () => [String], description: `The items, of one campaign; at most ${BULK_MAX}.` })

@Resolver(() => ReviewItem)
export class ReviewsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly reader: AccessReader,
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
  ) {}

  @Allow('reviewer')
  @Query(() => ReviewItemConnection, { description: 'What the caller has to decide in running campaigns, the riskiest first.' })
  myReviewWork(@Args() args: PageArguments, @CurrentCaller() caller: Caller): Promise<ReviewItemConnection> {
    return this.list(args, { caller }, listName('my-review-work', caller.id))
  }

  @Allow('campaign-manager', 'auditor')
  @Query(() => ReviewItemConnection, { description: 'All items of a campaign in their order.' })
  campaignItems(
    @Args('campaign', { type: () => String, description: 'The campaign.' }) campaign: string,
    @Args('blocked', { type: () => Boolean, defaultValue: false, description: 'Only those that nobody was eligible to review when they were frozen, or is now: `blockedBecause` says why.' }) blocked: boolean,
    @Args('sinceSeal', { type: () => Boolean, defaultValue: false, description: 'Only those against whose decision something speaks that became known after the seal: `sinceSeal` of the item says what.' }) sinceSeal: boolean,
    @Args() args: PageArguments,
  ): Promise<ReviewItemConnection> {
    if (blocked && sinceSeal) throw badInput('ask for `blocked` or for `sinceSeal`')
    const which = blocked ? 'blocked' : sinceSeal ? 'contradicted' : 'all'
    return this.list(args, { campaign, which }, listName('campaign-items', { campaign, which }))
  }

  @Allow('auditor', 'campaign-manager', own('reviewer'))
  @Query(() => ReviewItem, { nullable: true, description: 'One item; null where there is none, or it is not the caller’s to review.' })
  async reviewItem(
    @Args('id', { type: () => String, description: 'Its id.' }) id: string,
    @Args('knownAt', { type: () => CutScalar, nullable: true, description: 'As it stood at this cut; left out: now.' }) knownAt: string | null | undefined,
    @CurrentCaller() caller: Caller,
    @CurrentReach() reach: Reach,
    @CurrentDenial() denied: NoteDenied,
  ): Promise<ReviewItem | null> {
    const found = await this.queries.execute(new FindReviewItem(id, knownAt ?? undefined, reach === 'own' ? caller : undefined))
    if (found === undefined && reach === 'own') denied()
    return found === undefined ? null : toReviewItem(found)
  }

  @Allow(own('reviewer'))
  @Mutation(() => ReviewItemsResult, { description: 'Decides one item, or many of one evidence class together: all or none. The same request again changes nothing.' })
  async decideReviewItems(
    @Items() items: string[],
    @Args('decision', { type: () => ReviewDecisionInput, description: 'What is decided.' }) decision: ReviewDecisionInput,
    @Args('reason', { type: () => String, defaultValue: '', description: 'Why.' }) reason: string,
    @Args('reasons', { type: () => [ItemReasonInput], nullable: true, description: 'Reasons of single items, where each needs its own.' }) reasons: ItemReasonInput[] | null | undefined,
    @Args('request', { type: () => String, description: 'An id of your own for this decision; repeat it when you are not sure that it arrived.' }) request: string,
    @Args('saw', { type: () => Int, nullable: true, description: 'The revision that was seen: if the item moved on, the decision counts for nothing and is on record.' }) saw: number | null | undefined,
    @Args('saws', { type: () => [ItemRevisionInput], nullable: true, description: 'The same item by item, where many are decided together: one that changed since it was frozen is refused without it.' }) saws: ItemRevisionInput[] | null | undefined,
    @CurrentCaller() caller: Caller,
    @CurrentDenial() denied: NoteDenied,
  ): Promise<typeof ReviewItemsResult> {
    const asked = {
      items: sound(items, { decision, reason, request }), decision: toDecision(decision), reason, request,
      ...(reasons == null ? {} : { reasons: new Map(reasons.map((one) => [one.item, one.reason])) }),
      ...(saw == null ? {} : { saw }),
      ...(saws == null ? {} : { saws: new Map(saws.map((one) => [one.item, one.revision])) }),
    }
    const answer = await this.commands.execute(new DecideItems(asked, caller, decidedBy(this.desk, caller)))
    return told(answer, denied)
  }

  @Allow(own('reviewer'))
  @Mutation(() => ReviewItemsResult, { description: 'Passes items on to somebody who is in no conflict; the delegator stays accountable.' })
  delegateReviewItems(
    @Items() items: string[],
    @Args('to', { type: () => KeyScalar, description: 'Key of the person.' }) to: Key,
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
    @CurrentDenial() denied: NoteDenied,
  ): Promise<typeof ReviewItemsResult> {
    return this.act(items, { kind: 'delegate', to: person(to), reason }, caller, denied)
  }

  @Allow(own('reviewer'), 'campaign-manager')
  @Mutation(() => ReviewItemsResult, { description: 'Writes a comment on items.' })
  commentReviewItems(
    @Items() items: string[],
    @Args('text', { type: () => String, description: 'The comment.' }) text: string,
    @CurrentCaller() caller: Caller,
    @CurrentReach() reach: Reach,
    @CurrentDenial() denied: NoteDenied,
  ): Promise<typeof ReviewItemsResult> {
    return this.act(items, { kind: 'comment', text, asManager: reach === 'all' }, caller, denied)
  }

  @Allow(own('reviewer'))
  @Mutation(() => ReviewItemsResult, { description: 'Notes that the caller opened the evidence of items, and gives it.' })
  openReviewEvidence(@Items() items: string[], @CurrentCaller() caller: Caller, @CurrentDenial() denied: NoteDenied): Promise<typeof ReviewItemsResult> {
    return this.act(items, { kind: 'open' }, caller, denied)
  }

  @Allow('campaign-manager')
  @Mutation(() => ReviewItemsResult, { description: 'Gives items to other reviewers; never to somebody in conflict. The deadline stays.' })
  reassignReviewItems(
    @Items() items: string[],
    @Args('to', { type: () => [KeyScalar], description: 'Keys of the people.' }) to: Key[],
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
    @CurrentDenial() denied: NoteDenied,
  ): Promise<typeof ReviewItemsResult> {
    if (to.length === 0) throw badInput('name somebody who is to review them')
    return this.act(items, { kind: 'reassign', to: to.map(person), reason }, caller, denied)
  }

  @Allow('campaign-manager')
  @Mutation(() => ReviewItemsResult, { description: 'Notes that somebody says a remediation was carried out. Only the ledger verifies it.' })
  noteRemediationApplied(
    @Items() items: string[],
    @Args('how', { type: () => String, description: 'How, e.g. the ticket.' }) how: string,
    @CurrentCaller() caller: Caller,
    @CurrentDenial() denied: NoteDenied,
  ): Promise<typeof ReviewItemsResult> {
    return this.act(items, { kind: 'applied', how }, caller, denied)
  }

  private async act(items: readonly string[], act: ItemAct, caller: Caller, denied: NoteDenied): Promise<typeof ReviewItemsResult> {
    const answer = await this.commands.execute(new ActOnItems(sound(items, act), act, caller, decidedBy(this.desk, caller)))
    return told(answer, denied)
  }

  private async list(args: PageArguments, whose: ListReviewItems['whose'], list: ReturnType<typeof listName>): Promise<ReviewItemConnection> {
    const page = await this.queries.execute(new ListReviewItems(whose, pageRequest(args, list, WORK_PLACE)))
    const asOf = await this.reader.asOf()
    return toConnection(page, args, { asOf: { ...asOf, cut: cutAt(asOf.position) }, list }, toReviewItem)
  }
} // prettier-ignore

function sound(items: readonly string[], said: object): readonly string[] {
  if (items.length === 0 || items.length > BULK_MAX) throw badInput(`name 1 to ${BULK_MAX} items`)
  if (items.length * JSON.stringify(said).length > SAID_MAX)
    throw badInput(
      `what you say stands with each of ${items.length} items: say it in ${Math.floor(SAID_MAX / items.length)} characters, or of fewer items`,
    )
  const bad = items.find((item) => !/^[0-9a-f]{32}$/.test(item))
  if (bad !== undefined) throw badInput(`${bad} is no id of a review item`)
  return items
}

/** Nobody else reviews: what is no person's key would be nobody's work. */
function person(key: Key): Key {
  if (!isPersonKey(key)) throw badInput(`${key} is no key of a person: write it as person:<system>:<id>`)
  return key
}

function told(answer: Parameters<typeof toChanged>[0] | Refusal, denied: NoteDenied): typeof ReviewItemsResult {
  if (isRefusal(answer) && answer.refused === 'NOT_A_REVIEWER') denied()
  return toResult(answer, toChanged)
}

function toChanged(loaded: readonly Parameters<typeof toReviewItem>[0][]): ReviewItemsChanged {
  return Object.assign(new ReviewItemsChanged(), { items: loaded.map(toReviewItem) })
}
