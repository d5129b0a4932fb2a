import { isRefusal, type Caller, type Decided, type Refusal } from '@catena/domain'
import { waitForView } from '@catena/projections'
import {
  commandCampaign,
  defineCampaign,
  launchCampaign,
  loadCampaign,
  reiterateCampaign,
  scheduleCampaign,
  signOffCampaign,
  type CampaignCommand,
  type CampaignState,
  type Definition,
  type Handled,
  type RecertificationDesk,
} from '@catena/recertification'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { reviewerOf } from './item.commands.js'
import { RECERTIFICATION } from './recertification-token.js'

export class DefineCampaign extends Command<Handled | Refusal> {
  constructor(
    readonly id: string,
    readonly definition: Definition,
    readonly evenIfEmpty: boolean,
    readonly by: Decided,
  ) {
    super()
  }
}

@CommandHandler(DefineCampaign)
export class DefineCampaignHandler implements ICommandHandler<DefineCampaign> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  execute({ id, definition, evenIfEmpty, by }: DefineCampaign): Promise<Handled | Refusal> {
    return defineCampaign(this.desk, id, definition, by, evenIfEmpty)
  }
}

/** Schedules a campaign for now and launches it. The same cause twice is the same campaign. */
export class StartCampaign extends Command<CampaignState | Refusal> {
  constructor(
    readonly definition: string,
    readonly cause: string,
    readonly by: Decided,
  ) {
    super()
  }
}

@CommandHandler(StartCampaign)
export class StartCampaignHandler implements ICommandHandler<StartCampaign> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ definition, cause, by }: StartCampaign): Promise<CampaignState | Refusal> {
    const scheduled = await scheduleCampaign(this.desk, { definition, cause, at: by.at }, by)
    if (isRefusal(scheduled)) return scheduled
    return shown(this.desk, await launchCampaign(this.desk, scheduled.id, by))
  }
}

/** Asks again what a sealed campaign left, in a campaign of its own. */
export class ReiterateCampaign extends Command<CampaignState | Refusal> {
  constructor(
    readonly id: string,
    readonly by: Decided,
  ) {
    super()
  }
}

@CommandHandler(ReiterateCampaign)
export class ReiterateCampaignHandler implements ICommandHandler<ReiterateCampaign> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ id, by }: ReiterateCampaign): Promise<CampaignState | Refusal> {
    return shown(this.desk, await reiterateCampaign(this.desk, id, by))
  }
}

/** What a manager may ask for; how many items a sign-off leaves undecided is counted here, not said. */
export type CampaignAct =
  Exclude<CampaignCommand, { type: 'SignOff' }> | { readonly type: 'SignOff'; readonly reason: string }

export class ChangeCampaign extends Command<CampaignState | Refusal> {
  constructor(
    readonly id: string,
    readonly act: CampaignAct,
    readonly caller: Caller,
    readonly by: Decided,
  ) {
    super()
  }
}

@CommandHandler(ChangeCampaign)
export class ChangeCampaignHandler implements ICommandHandler<ChangeCampaign> {
  constructor(@Inject(RECERTIFICATION) private readonly desk: RecertificationDesk) {}

  async execute({ id, act, caller, by }: ChangeCampaign): Promise<CampaignState | Refusal> {
    const handled =
      act.type === 'SignOff'
        ? await signOffCampaign(this.desk, id, act.reason, by)
        : await commandCampaign(this.desk, id, await this.known(act, caller), by)
    return shown(this.desk, handled)
  }

  /** Where a second person is needed, a second name of the first is none. */
  private async known<Act extends Exclude<CampaignAct, { type: 'SignOff' }>>(act: Act, caller: Caller): Promise<Act> {
    if (act.type !== 'VoidCampaign') return act
    const { key, aliases } = await reviewerOf(this.desk, caller)
    return { ...act, names: [key, ...aliases] }
  }
}

/** As it stands, once lists show it too; what is to be reviewed is listed by the same view. */
async function shown(desk: RecertificationDesk, handled: Handled | Refusal): Promise<CampaignState | Refusal> {
  if (isRefusal(handled)) return handled
  await waitForView(desk.pool, 'campaigns', handled.position)
  return loadCampaign(desk, handled.id)
}
