import { randomUUID } from 'node:crypto'
import type { Caller } from '@catena/domain'
import { partyOf } from '@catena/governance'
import { Inject } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { Args, Float, ID, Mutation, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { DecideSharing } from './decide-sharing.js'
import { decided } from './decided.js'
import { ExceptionInput } from './sharing.inputs.js'
import { SharingResult } from './sharing.model.js'

const HOUR_MS = 3_600_000
const ID_ARGUMENT = { name: 'id', type: () => ID, description: 'Id of the exception.' } as const
const REASON = { name: 'reason', type: () => String, description: 'Why.' } as const

/** Exceptions and what compensates for them (R3.7), alerts that must be heard (R5.11). */
@Allow('credential-owner', 'security-engineer')
@Resolver()
export class ExceptionsResolver {
  constructor(
    private readonly commands: CommandBus,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  @Mutation(() => SharingResult, { description: 'Asks for an exception from controls.' })
  requestException(
    @Args('exception', { type: () => ExceptionInput, description: 'Its terms.' }) asked: ExceptionInput,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const { credentials, kind, controls, reason, blastRadius, until, from, compensations } = asked
    const terms = {
      credentials,
      kind,
      controls,
      reason,
      blastRadius,
      from: from ?? this.desk.clock.now(),
      until,
      compensations: compensations.map(({ name, heartbeatHours }) => ({ name, heartbeatMs: heartbeatHours * HOUR_MS })),
    }
    const command = { do: 'RequestException', party: partyOf(caller), terms } as const
    return decided(this.commands, new DecideSharing('exception', randomUUID(), command, caller, credentials))
  }

  @Allow('security-engineer')
  @Mutation(() => SharingResult, { description: 'Approves an exception; never one’s own.' })
  approveException(@Args(ID_ARGUMENT) id: string, @CurrentCaller() caller: Caller): Promise<object> {
    const command = { do: 'ApproveException', party: partyOf(caller) } as const
    return decided(this.commands, new DecideSharing('exception', id, command, caller))
  }

  @Allow('security-engineer')
  @Mutation(() => SharingResult, { description: 'Says no to an exception.' })
  rejectException(
    @Args(ID_ARGUMENT) id: string,
    @Args(REASON) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'RejectException', party: partyOf(caller), reason } as const
    return decided(this.commands, new DecideSharing('exception', id, command, caller))
  }

  @Mutation(() => SharingResult, { description: 'Ends an exception before its time.' })
  revokeException(
    @Args(ID_ARGUMENT) id: string,
    @Args(REASON) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'RevokeException', party: partyOf(caller), reason } as const
    return decided(this.commands, new DecideSharing('exception', id, command, caller))
  }

  @Mutation(() => SharingResult, {
    description: 'Says that a compensating control was heard just now; never of one’s own exception.',
  })
  reportCompensation(
    @Args(ID_ARGUMENT) id: string,
    @Args('name', { type: () => String, description: 'Name of the compensating control.' }) name: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'ReportCompensation', party: partyOf(caller), name } as const
    return decided(this.commands, new DecideSharing('exception', id, command, caller))
  }

  @Mutation(() => SharingResult, { description: 'Declares an anomaly alert that watches credentials.' })
  declareAlert(
    @Args('credentials', { type: () => [ID], description: 'What it watches.' }) credentials: string[],
    @Args('name', { type: () => String, description: 'Its name.' }) name: string,
    @Args('heartbeatHours', { type: () => Float, description: 'Longest silence that is still normal, hours.' })
    hours: number,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'DeclareAlert', alert: { credentials, name, heartbeatMs: hours * HOUR_MS } } as const
    return decided(this.commands, new DecideSharing('alert', randomUUID(), command, caller, credentials))
  }

  @Mutation(() => SharingResult, {
    description: 'Says that an alert, its heartbeat or a test of it was heard just now.',
  })
  reportAlert(
    @Args('id', { type: () => ID, description: 'Id of the alert.' }) id: string,
    @Args('test', { type: () => Boolean, defaultValue: false, description: 'It was a test.' }) test: boolean,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('alert', id, { do: 'ReportAlert', test }, caller))
  }
}
