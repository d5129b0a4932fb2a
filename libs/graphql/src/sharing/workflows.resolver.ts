import { randomUUID } from 'node:crypto'
import type { Caller, Instant, Key } from '@catena/domain'
import { DUTIES, DUTIES_STREAM, exclusiveDuties, partyOf, type Duty, type WorkflowParts } from '@catena/governance'
import { handleCommand } from '@catena/ledger'
import { Inject } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { DECISIONS, decidedBy, type DecisionDesk } from '../commands/decision-desk.js'
import { resultUnion, toResult } from '../commands/refused.model.js'
import { badInput } from '../errors/api-error.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count, DateTime, KeyScalar } from '../scalars/index.js'
import { DecideSharing } from './decide-sharing.js'
import { decided, present } from './decided.js'
import { NamedKey, SharingWorkflowInput } from './sharing.inputs.js'
import { SharingResult } from './sharing.model.js'

const HOUR_MS = 3_600_000
/** Longest id that somebody gives a workflow, characters. */
const ID_LENGTH_MAX = 200

export const Duties = declareEnum<Duty>('Duty', 'What somebody does with a credential.', {
  request: 'Asks for it.',
  approve: 'Approves that others have it.',
  hold: 'Keeps it, as custodian.',
  use: 'Obtains it.',
  review: 'Certifies the access of others to it.',
  operate: 'Operates Catena.',
} satisfies Record<(typeof DUTIES)[number], string>)

@InputType({ description: 'Two duties that one person must not have for one credential.' })
export class DutyPairInput {
  @Field(() => Duties, { description: 'One of them.' })
  readonly one!: Duty

  @Field(() => Duties, { description: 'The other.' })
  readonly other!: Duty
}

@ObjectType({ description: 'A list of exclusive duties that is in force now.' })
export class ExclusiveDuties {
  @Field(() => Count, { description: 'Its number, from 1.' })
  readonly version!: number
}

export const DutiesResult = resultUnion('DutiesResult', () => ExclusiveDuties)

const ID_ARGUMENT = { name: 'id', type: () => ID, description: 'Id of the workflow.' } as const

/** Sharing workflows, delegated approval, duties that exclude each other (R3.12, R3.13, R5.10). */
@Allow('credential-owner', 'security-engineer')
@Resolver()
export class SharingWorkflowsResolver {
  constructor(
    private readonly commands: CommandBus,
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
  ) {}

  @Mutation(() => SharingResult, {
    description: 'Declares a sharing workflow, or declares it anew with all its parts.',
  })
  declareSharingWorkflow(
    @Args('parts', { type: () => SharingWorkflowInput, description: 'Its parts.' }) parts: SharingWorkflowInput,
    @Args('id', { type: () => ID, nullable: true, description: 'Of the workflow; left out: a new one.' })
    id: string | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    if (id != null && (id === '' || id.length > ID_LENGTH_MAX))
      throw badInput(`give the workflow an id of 1 to ${ID_LENGTH_MAX} characters, or leave it out`)
    const command = { do: 'DeclareWorkflow', parts: toParts(parts) } as const
    return decided(this.commands, new DecideSharing('sharing-workflow', id ?? randomUUID(), command, caller, parts.credentials)) // prettier-ignore
  }

  @Mutation(() => SharingResult, { description: 'Ends a sharing workflow: nobody approves under it any more.' })
  retireSharingWorkflow(
    @Args(ID_ARGUMENT) id: string,
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('sharing-workflow', id, { do: 'RetireWorkflow', reason }, caller))
  }

  @Mutation(() => SharingResult, { description: 'Lets somebody approve in the place of the approver, for a time.' })
  delegateApproval(
    @Args(ID_ARGUMENT) id: string,
    @Args('to', { type: () => NamedKey, description: 'To whom.' }) to: NamedKey,
    @Args('from', { type: () => DateTime, description: 'Since when.' }) from: Instant,
    @Args('until', { type: () => DateTime, description: 'Until when, exclusive.' }) until: Instant,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'DelegateApproval', party: partyOf(caller), to: { key: to.key, name: to.name }, from, until } as const // prettier-ignore
    return decided(this.commands, new DecideSharing('sharing-workflow', id, command, caller))
  }

  @Mutation(() => SharingResult, { description: 'Ends a delegation before its time.' })
  endApprovalDelegation(
    @Args(ID_ARGUMENT) id: string,
    @Args('to', { type: () => KeyScalar, description: 'To whom it was delegated.' }) to: Key,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'EndDelegation', party: partyOf(caller), to } as const
    return decided(this.commands, new DecideSharing('sharing-workflow', id, command, caller))
  }

  @Allow('security-engineer')
  @Mutation(() => DutiesResult, {
    description: 'Publishes which duties one person must not have together, as a whole.',
  })
  async publishExclusiveDuties(
    @Args('pairs', { type: () => [DutyPairInput], description: 'All pairs.' }) pairs: DutyPairInput[],
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = pairs.map(({ one, other }) => [one, other] as const)
    const by = decidedBy(this.desk, caller)
    const answer = await handleCommand(this.desk.streams, exclusiveDuties, { stream: DUTIES_STREAM, command, by })
    return toResult(answer, ({ state }) => Object.assign(new ExclusiveDuties(), { version: state.version }))
  }
}

function toParts({
  owner,
  approver,
  windowHours,
  credentials,
  name,
  aiEnabled,
  ...rest
}: SharingWorkflowInput): WorkflowParts {
  const { sharedWith, loggingDestination, replacementPath, escalation, confirmed } = rest
  return {
    credentials,
    name,
    aiEnabled,
    ...present({ owner: owner?.key, ownerName: owner?.name, approver: approver?.key, approverName: approver?.name }),
    ...present({ windowMs: windowHours == null ? undefined : windowHours * HOUR_MS }),
    ...present({ sharedWith, loggingDestination, replacementPath, escalation, confirmed }),
  }
}
