import { randomUUID } from 'node:crypto'
import type { Caller } from '@catena/domain'
import { partyOf } from '@catena/governance'
import { CommandBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { ActivateBreakGlass } from './activate-break-glass.js'
import { DecideSharing } from './decide-sharing.js'
import { decided } from './decided.js'
import { BreakGlassPlanInput, NamedKey } from './sharing.inputs.js'
import { SharingResult } from './sharing.model.js'

const HOUR_MS = 3_600_000

export const BreakGlassOutcomes = declareEnum<'justified' | 'misuse'>('BreakGlassOutcome', 'What a review came to.', {
  justified: 'It was an emergency, and was treated as one.',
  misuse: 'It should not have been activated, or was used for something else.',
})

const CREDENTIAL = { name: 'credential', type: () => ID, description: 'The credential.' } as const
const ACTIVATION = { name: 'activation', type: () => ID, description: 'Id of the activation.' } as const

/** Break-glass and incidents (R3.4, R3.5). */
@Allow('credential-owner', 'security-engineer')
@Resolver()
export class EmergenciesResolver {
  constructor(private readonly commands: CommandBus) {}

  @Mutation(() => SharingResult, {
    description: 'Records, beforehand, who may break the glass and how it is reviewed.',
  })
  planBreakGlass(
    @Args(CREDENTIAL) credential: string,
    @Args('plan', { type: () => BreakGlassPlanInput, description: 'The plan.' }) asked: BreakGlassPlanInput,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const { mayActivate, condition, closeWithinHours, reviewWithinHours, reviewer } = asked
    const plan = {
      credentials: [credential],
      mayActivate: mayActivate.map(({ key, name }) => ({ key, name })),
      condition,
      closeWithinMs: closeWithinHours * HOUR_MS,
      reviewWithinMs: reviewWithinHours * HOUR_MS,
      reviewer: reviewer.key,
      reviewerName: reviewer.name,
    }
    const command = { do: 'PlanBreakGlass', plan } as const
    return decided(this.commands, new DecideSharing('break-glass', credential, command, caller, [credential]))
  }

  @Allow('credential-owner', 'security-engineer', 'campaign-manager', 'reviewer')
  @Mutation(() => SharingResult, {
    description:
      'Records that the glass is broken. An emergency is never refused; what the plan does not allow is a finding.',
  })
  activateBreakGlass(
    @Args(CREDENTIAL) credential: string,
    @Args('reason', { type: () => String, description: 'What the emergency is.' }) reason: string,
    @Args('activation', {
      type: () => ID,
      nullable: true,
      description: 'An id of one’s own, so that repeating activates once.',
    })
    activation: string | null | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new ActivateBreakGlass(credential, activation ?? randomUUID(), reason, caller))
  }

  @Allow('credential-owner', 'security-engineer', 'campaign-manager', 'reviewer')
  @Mutation(() => SharingResult, { description: 'Closes an activation.' })
  closeBreakGlass(
    @Args(CREDENTIAL) credential: string,
    @Args(ACTIVATION) activation: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'CloseBreakGlass', party: partyOf(caller), activation } as const
    return decided(this.commands, new DecideSharing('break-glass', credential, command, caller))
  }

  @Allow('credential-owner', 'security-engineer', 'campaign-manager', 'reviewer')
  @Mutation(() => SharingResult, { description: 'Reviews a closed activation; never one’s own.' })
  reviewBreakGlass(
    @Args(CREDENTIAL) credential: string,
    @Args(ACTIVATION) activation: string,
    @Args('outcome', { type: () => BreakGlassOutcomes, description: 'What the review came to.' })
    outcome: 'justified' | 'misuse',
    @Args('words', { type: () => String, description: 'What was found.' }) words: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'ReviewBreakGlass', party: partyOf(caller), activation, outcome, words } as const
    return decided(this.commands, new DecideSharing('break-glass', credential, command, caller))
  }

  @Mutation(() => SharingResult, { description: 'Records a token that was made for one incident, and its responders.' })
  issueIncidentToken(
    @Args(CREDENTIAL) credential: string,
    @Args('incident', { type: () => String, description: 'The incident, e.g. the number of its ticket.' })
    incident: string,
    @Args('responders', { type: () => [NamedKey], description: 'Who alone may use it.' }) responders: NamedKey[],
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const named = responders.map(({ key, name }) => ({ key, name }))
    const token = { credentials: [credential], incident, responders: named }
    const command = { do: 'IssueIncidentToken', token } as const
    return decided(this.commands, new DecideSharing('incident', randomUUID(), command, caller, [credential]))
  }

  @Mutation(() => SharingResult, {
    description: 'Says that an incident is contained: later use of its token is a violation.',
  })
  containIncident(
    @Args('id', { type: () => ID, description: 'Id under which the token was issued.' }) id: string,
    @Args('words', { type: () => String, description: 'How it was contained.' }) words: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('incident', id, { do: 'ContainIncident', words }, caller))
  }
}
