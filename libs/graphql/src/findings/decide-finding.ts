import type { Caller, Refusal } from '@catena/domain'
import { finding, findingView, type FindingCommand } from '@catena/governance'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { decideAndShow } from '../commands/decide-and-show.js'
import { DECISIONS, decidedBy, type DecisionDesk } from '../commands/decision-desk.js'
import { badInput } from '../errors/api-error.js'

/** What a person does about a finding. */
export type FindingAction =
  { readonly do: 'AssignFinding'; readonly to: string } | { readonly do: 'CommentFinding'; readonly text: string }

export class DecideFinding extends Command<{ readonly position: number } | Refusal> {
  constructor(
    readonly id: string,
    readonly action: FindingAction,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(DecideFinding)
export class DecideFindingHandler implements ICommandHandler<DecideFinding> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  async execute({ id, action, caller }: DecideFinding): Promise<{ readonly position: number } | Refusal> {
    const [, credential, control] = /^finding:([0-9a-f]{32}):([a-z-]{1,60})$/.exec(id) ?? []
    if (credential === undefined || control === undefined) throw badInput('take the id of the finding from an answer')
    const command: FindingCommand = { finding: id, credential, control, ...action }
    const by = decidedBy(this.desk, caller)
    return decideAndShow(this.desk, findingView.name, finding, { stream: id, command, by })
  }
}
