import { isRefusal, type Caller, type Decider, type DecisionEvent, type Refusal } from '@catena/domain'
import {
  OWNERSHIP_RULES_STREAM,
  ownershipRules,
  PRIVILEGE_RULES_STREAM,
  privilegeRules,
  stewardshipView,
  type OwnershipRule,
  type PrivilegeRule,
} from '@catena/governance'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { decideAndShow } from '../../commands/decide-and-show.js'
import { decidedBy, DECISIONS, type DecisionDesk } from '../../commands/decision-desk.js'

type Lists = { readonly ownership: readonly OwnershipRule[]; readonly privilege: readonly PrivilegeRule[] }

const STREAMS = { ownership: OWNERSHIP_RULES_STREAM, privilege: PRIVILEGE_RULES_STREAM }
const DECIDERS = { ownership: ownershipRules, privilege: privilegeRules }

/** A list of rules, whole: it takes the place of the one before. */
export class PublishRules<Kind extends keyof Lists = keyof Lists> extends Command<
  { readonly version: number } | Refusal
> {
  constructor(
    readonly kind: Kind,
    readonly rules: Lists[Kind],
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(PublishRules)
export class PublishRulesHandler implements ICommandHandler<PublishRules> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  async execute({ kind, rules, caller }: PublishRules): Promise<{ readonly version: number } | Refusal> {
    const decider = DECIDERS[kind] as unknown as Decider<{ version: number }, PublishRules['rules'], DecisionEvent>
    const by = decidedBy(this.desk, caller)
    const request = { stream: STREAMS[kind], command: rules, by }
    const handled = await decideAndShow(this.desk, stewardshipView.name, decider, request)
    return isRefusal(handled) ? handled : { version: handled.state.version }
  }
}
