import type { Caller, Instant } from '@catena/domain'
import { AccessReader } from '@catena/projections'
import { problemsOf, type CampaignStatus } from '@catena/recertification'
import { Inject } from '@nestjs/common'
import { CommandBus, QueryBus } from '@nestjs/cqrs'
import { Args, Int, Mutation, Query, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { decidedBy, DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { toResult } from '../commands/refused.model.js'
import { badInput } from '../errors/api-error.js'
import { toConnection } from '../paging/connection.js'
import { listName } from '../paging/cursor.js'
import { PageArguments, pageRequest, type PlaceForm } from '../paging/page-arguments.js'
import { CutScalar, DateTime } from '../scalars/index.js'
import {
  ChangeCampaign,
  DefineCampaign,
  ReiterateCampaign,
  StartCampaign,
  type CampaignAct,
} from './campaign.commands.js'
import {
  Campaign,
  CampaignConnection,
  CampaignDefined,
  CampaignDryRun,
  CampaignFigures,
  CampaignReport,
  CampaignResult,
  CampaignStatuses,
  DefineCampaignResult,
  PopulationCheck,
} from './campaign.model.js'
import { CampaignDefinitionInput, toDefinition } from './definition.input.js'
import {
  CheckPopulation,
  CountCampaigns,
  DryRunCampaign,
  ListCampaigns,
  ReportCampaign,
} from './recertification.queries.js'
import { toCampaign, toFigures } from './to-campaign.js'

const Id = () => Args('id', { type: () => String, description: 'The campaign.' })
const Reason = () => Args('reason', { type: () => String, description: 'Why.' })

/** When it was scheduled for, and its id. */
const CAMPAIGN_PLACE: PlaceForm = [/^\d{1,16}(\.\d+)?$/, /^./s]

@Resolver(() => Campaign)
export class CampaignsResolver {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
    private readonly reader: AccessReader,
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
  ) {}

  @Allow('campaign-manager', 'auditor', 'security-engineer')
  @Query(() => CampaignConnection, { description: 'Campaigns, the newest first.' })
  async campaigns(
    @Args('status', { type: () => CampaignStatuses, nullable: true, description: 'Where they stand; left out: anywhere.' }) status: CampaignStatus | null | undefined,
    @Args('definition', { type: () => String, nullable: true, description: 'Of this definition; left out: of all.' }) definition: string | null | undefined,
    @Args() args: PageArguments,
  ): Promise<CampaignConnection> {
    const filter = { status: status ?? undefined, definition: definition ?? undefined }
    const list = listName('campaigns', filter)
    const page = await this.queries.execute(new ListCampaigns(filter, pageRequest(args, list, CAMPAIGN_PLACE)))
    const asOf = await this.reader.asOf()
    return toConnection(page, args, { asOf, list }, (state) => toCampaign(state) ?? new Campaign())
  }

  @Allow('campaign-manager', 'auditor')
  @Query(() => CampaignFigures, { description: 'Campaigns in numbers, each and together: coverage, timeliness, independence, outcomes, time to the proof of remediation, regressions. Counted from the ledger.' })
  async campaignFigures(
    @Args('definition', { type: () => String, nullable: true, description: 'Of this definition; left out: of all.' }) definition: string | null | undefined,
    @Args('from', { type: () => DateTime, nullable: true, description: 'Scheduled for this time or later.' }) from: Instant | null | undefined,
    @Args('to', { type: () => DateTime, nullable: true, description: 'Scheduled for before this time.' }) to: Instant | null | undefined,
  ): Promise<CampaignFigures> {
    const asked = { definition: definition ?? undefined, from: from ?? undefined, to: to ?? undefined }
    return toFigures(await this.queries.execute(new CountCampaigns(asked)))
  }

  @Allow('campaign-manager', 'auditor')
  @Query(() => CampaignReport, { nullable: true, description: 'One campaign with all that happened to it, read from the ledger; null where there was none by then.' })
  async campaign(
    @Id() id: string,
    @Args('knownAt', { type: () => CutScalar, nullable: true, description: 'As recorded up to this cut; left out: now.' }) knownAt: string | null | undefined,
  ): Promise<CampaignReport | null> {
    const report = await this.queries.execute(new ReportCampaign(id, knownAt ?? undefined))
    return report === undefined ? null : Object.assign(new CampaignReport(), report, { campaign: toCampaign(report.campaign) })
  }

  @Allow('campaign-manager', 'auditor')
  @Query(() => CampaignDryRun, { description: 'What a campaign would ask, as of any time and any state of knowledge. Writes nothing.' })
  dryRunCampaign(
    @Args('definition', { type: () => CampaignDefinitionInput, description: 'What the campaign is to be.' }) input: CampaignDefinitionInput,
    @Args('at', { type: () => DateTime, nullable: true, description: 'As of this time; left out: now.' }) at: Instant | null | undefined,
    @Args('knownAt', { type: () => CutScalar, nullable: true, description: 'As known at this cut; left out: all that is known.' }) knownAt: string | null | undefined,
  ): Promise<CampaignDryRun> {
    const definition = toDefinition(input)
    const problems = problemsOf(definition)
    if (problems.length > 0) throw badInput(problems.join('; '))
    return this.queries.execute(new DryRunCampaign(definition, at ?? this.desk.clock.now(), knownAt ?? undefined)) as unknown as Promise<CampaignDryRun>
  }

  @Allow('campaign-manager', 'auditor')
  @Query(() => PopulationCheck, { nullable: true, description: 'Makes the population of a campaign again, and compares; null where none was frozen.' })
  async populationCheck(@Id() id: string): Promise<PopulationCheck | null> {
    return (await this.queries.execute(new CheckPopulation(id))) ?? null
  }

  @Allow('campaign-manager')
  @Mutation(() => DefineCampaignResult, { description: 'Keeps a definition, or a new version of it.' })
  async defineCampaign(
    @Args('id', { type: () => String, description: 'Its id, e.g. `quarterly`.' }) id: string,
    @Args('definition', { type: () => CampaignDefinitionInput, description: 'What its campaigns are to be.' }) input: CampaignDefinitionInput,
    @Args('evenIfEmpty', { type: () => Boolean, defaultValue: false, description: 'Although it would find nothing or nobody today.' }) evenIfEmpty: boolean,
    @CurrentCaller() caller: Caller,
  ): Promise<typeof DefineCampaignResult> {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) throw badInput('an id has lower-case letters, digits and dashes, at most 64')
    const answer = await this.commands.execute(new DefineCampaign(id, toDefinition(input), evenIfEmpty, decidedBy(this.desk, caller)))
    return toResult(answer, ({ id: kept }) => Object.assign(new CampaignDefined(), { id: kept }))
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Begins a campaign: freezes its population at the newest cut and launches it.' })
  async launchCampaign(
    @Args('definition', { type: () => String, description: 'Id of the definition.' }) definition: string,
    @Args('cause', { type: () => String, description: 'What this run is, e.g. `2026-q2`. The same one again is the same campaign.' }) cause: string,
    @CurrentCaller() caller: Caller,
  ): Promise<typeof CampaignResult> {
    const answer = await this.commands.execute(new StartCampaign(definition, cause, decidedBy(this.desk, caller)))
    return toResult(answer, toCampaign)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Stops taking decisions for now.' })
  pauseCampaign(@Id() id: string, @Reason() why: string, @CurrentCaller() caller: Caller): Promise<typeof CampaignResult> {
    return this.change(id, { type: 'PauseCampaign', why }, caller)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Moves the end of the open stage and of all that follow.' })
  extendCampaign(
    @Id() id: string,
    @Args('days', { type: () => Int, description: 'By so many days.' }) days: number,
    @Reason() why: string,
    @CurrentCaller() caller: Caller,
  ): Promise<typeof CampaignResult> {
    return this.change(id, { type: 'ExtendCampaign', days, why }, caller)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Notes that somebody looked at what an automatic revoke of unanswered items would break.' })
  confirmCampaignImpact(@Id() id: string, @CurrentCaller() caller: Caller): Promise<typeof CampaignResult> {
    return this.change(id, { type: 'NoteImpactSeen' }, caller)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Declares a campaign void: asked for by one person, agreed to by a second. Nothing is deleted.' })
  voidCampaign(@Id() id: string, @Reason() why: string, @CurrentCaller() caller: Caller): Promise<typeof CampaignResult> {
    return this.change(id, { type: 'VoidCampaign', why }, caller)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Lets a paused campaign go on; deadlines move by the time that it was paused, as the ledger has it.' })
  resumeCampaign(
    @Id() id: string,
    @Args('pausedAt', { type: () => DateTime, nullable: true, description: 'When it was paused, as you know it: another time than is on record is refused. Leave it out.' }) pausedAt: Instant | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<typeof CampaignResult> {
    return this.change(id, { type: 'ResumeCampaign', ...(pausedAt == null ? {} : { pausedAt }) }, caller)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Signs off a closed campaign: what was decided is carried out. Needs a reason where items were never decided.' })
  signOffCampaign(@Id() id: string, @Reason() reason: string, @CurrentCaller() caller: Caller): Promise<typeof CampaignResult> {
    return this.change(id, { type: 'SignOff', reason }, caller)
  }

  @Allow('campaign-manager')
  @Mutation(() => CampaignResult, { description: 'Asks again, in a campaign of its own, what a sealed one left unanswered, contradicted by later records, or back after its end.' })
  async reiterateCampaign(@Id() id: string, @CurrentCaller() caller: Caller): Promise<typeof CampaignResult> {
    return toResult(await this.commands.execute(new ReiterateCampaign(id, decidedBy(this.desk, caller))), toCampaign)
  }

  private async change(id: string, command: CampaignAct, caller: Caller): Promise<typeof CampaignResult> {
    return toResult(await this.commands.execute(new ChangeCampaign(id, command, caller, decidedBy(this.desk, caller))), toCampaign)
  }
} // prettier-ignore
