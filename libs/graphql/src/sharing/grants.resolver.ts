import type { Caller } from '@catena/domain'
import { partyOf } from '@catena/governance'
import { Inject } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { AnswerAccessRequest } from './approve-access.js'
import { DecideSharing } from './decide-sharing.js'
import { decided, present } from './decided.js'
import { RequestAccess } from './request-access.js'
import { AccessRequestInput, ApprovalInput } from './sharing.inputs.js'
import { SharingResult } from './sharing.model.js'

const ID_ARGUMENT = { name: 'id', type: () => ID, description: 'Id of the request.' } as const

/** Requests for access, and what becomes of them (R3.1). */
@Allow('credential-owner', 'security-engineer')
@Resolver()
export class GrantsResolver {
  constructor(
    private readonly commands: CommandBus,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  @Allow('credential-owner', 'security-engineer', 'campaign-manager', 'reviewer')
  @Mutation(() => SharingResult, { description: 'Asks for access to credentials, for oneself or for somebody else.' })
  requestAccess(
    @Args('request', { type: () => AccessRequestInput, description: 'What is asked.' }) asked: AccessRequestInput,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const party = partyOf(caller)
    const to = asked.to ?? party
    const request = {
      credentials: asked.credentials,
      to: to.key,
      toName: to.name,
      toRole: asked.toRole,
      reason: asked.reason,
      from: asked.from ?? this.desk.clock.now(),
      ...present({ until: asked.until, scope: asked.scope, workflow: asked.workflow }),
    }
    return decided(this.commands, new RequestAccess(request, caller))
  }

  @Mutation(() => SharingResult, {
    description: 'Grants what was asked or a part of it. Who asks, and who would benefit, never approves.',
  })
  approveAccess(
    @Args(ID_ARGUMENT) id: string,
    @Args('approval', {
      type: () => ApprovalInput,
      nullable: true,
      description: 'What is granted; left out: as asked.',
    })
    approval: ApprovalInput | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const { from, until, scope, reason } = approval ?? {}
    const answer = { do: 'ApproveAccess', ...present({ from, until, scope, reason }) } as const
    return decided(this.commands, new AnswerAccessRequest(id, answer, caller))
  }

  @Mutation(() => SharingResult, { description: 'Says no to a request.' })
  denyAccess(
    @Args(ID_ARGUMENT) id: string,
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new AnswerAccessRequest(id, { do: 'DenyAccess', reason }, caller))
  }

  @Allow('credential-owner', 'security-engineer', 'campaign-manager', 'reviewer')
  @Mutation(() => SharingResult, { description: 'Takes one’s own request back.' })
  withdrawAccessRequest(@Args(ID_ARGUMENT) id: string, @CurrentCaller() caller: Caller): Promise<object> {
    const command = { do: 'WithdrawRequest', party: partyOf(caller) } as const
    return decided(this.commands, new DecideSharing('grant', id, command, caller))
  }

  @Mutation(() => SharingResult, { description: 'Ends a grant before its window does.' })
  revokeGrant(
    @Args(ID_ARGUMENT) id: string,
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'RevokeGrant', party: partyOf(caller), reason } as const
    return decided(this.commands, new DecideSharing('grant', id, command, caller))
  }
}
