import { randomUUID } from 'node:crypto'
import type { Caller, Instant } from '@catena/domain'
import { partyOf } from '@catena/governance'
import { Inject } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { Args, ID, Mutation, Resolver } from '@nestjs/graphql'
import { Allow } from '../caller/allow.js'
import { CurrentCaller } from '../caller/current-caller.js'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { DateTime } from '../scalars/index.js'
import { DecideSharing } from './decide-sharing.js'
import { decided } from './decided.js'
import { ExposureInput } from './sharing.inputs.js'
import { SharingResult } from './sharing.model.js'

const CREDENTIALS = { name: 'credentials', type: () => [ID], description: 'The credentials.' } as const
const WORDS = { name: 'words', type: () => String, description: 'What happened, in words.' } as const
const UNTIL = { name: 'until', type: () => DateTime, description: 'Until when, exclusive.' } as const
const byId = (what: string) => ({ name: 'id', type: () => ID, description: `Id of the ${what}.` }) as const

/** What ends credentials: migrations, releases, jobs, exposures (R3.6, R3.8 to R3.11). */
@Allow('credential-owner', 'security-engineer')
@Resolver()
export class SharingLifecycleResolver {
  constructor(
    private readonly commands: CommandBus,
    @Inject(DECISIONS) private readonly desk: Pick<DecisionDesk, 'clock'>,
  ) {}

  @Mutation(() => SharingResult, { description: 'Opens the window in which a shared CI credential is replaced.' })
  openMigration(
    @Args(CREDENTIALS) credentials: string[],
    @Args(UNTIL) until: Instant,
    @Args('replacedBy', { type: () => String, description: 'What takes over, in words.' }) replacedBy: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'OpenMigration', window: { credentials, until, replacedBy } } as const
    return decided(this.commands, new DecideSharing('migration', randomUUID(), command, caller, credentials))
  }

  @Mutation(() => SharingResult, { description: 'Gives a migration more time.' })
  extendMigration(
    @Args(byId('migration')) id: string,
    @Args(UNTIL) until: Instant,
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('migration', id, { do: 'ExtendMigration', until, reason }, caller))
  }

  @Mutation(() => SharingResult, { description: 'Says that the old credential is replaced: later use is a violation.' })
  cutOverMigration(
    @Args(byId('migration')) id: string,
    @Args(WORDS) words: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('migration', id, { do: 'CutOver', words }, caller))
  }

  @Mutation(() => SharingResult, { description: 'Asks for access to a signing key for one release.' })
  requestSigningRelease(
    @Args(CREDENTIALS) credentials: string[],
    @Args('release', { type: () => String, description: 'The release.' }) release: string,
    @Args('from', { type: () => DateTime, nullable: true, description: 'Since when; left out: now.' })
    from: Instant | null | undefined,
    @Args(UNTIL) until: Instant,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const window = { credentials, release, from: from ?? this.desk.clock.now(), until }
    const command = { do: 'RequestRelease', party: partyOf(caller), release: window } as const
    return decided(this.commands, new DecideSharing('signing-release', randomUUID(), command, caller, credentials))
  }

  @Mutation(() => SharingResult, { description: 'Approves access to a signing key; never one’s own.' })
  approveSigningRelease(@Args(byId('request')) id: string, @CurrentCaller() caller: Caller): Promise<object> {
    const command = { do: 'ApproveRelease', party: partyOf(caller) } as const
    return decided(this.commands, new DecideSharing('signing-release', id, command, caller))
  }

  @Mutation(() => SharingResult, { description: 'Ties a token to a scheduled job: it ends with the job.' })
  tieJobToken(
    @Args(CREDENTIALS) credentials: string[],
    @Args('job', { type: () => String, description: 'The job, as its scheduler names it.' }) job: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const command = { do: 'TieJobToken', tied: { credentials, job } } as const
    return decided(this.commands, new DecideSharing('job-token', randomUUID(), command, caller, credentials))
  }

  @Mutation(() => SharingResult, { description: 'Says that a scheduled job is disabled: its token must end.' })
  disableJob(
    @Args(byId('tie')) id: string,
    @Args(WORDS) words: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('job-token', id, { do: 'DisableJob', words }, caller))
  }

  @Allow('credential-owner', 'security-engineer', 'campaign-manager', 'reviewer')
  @Mutation(() => SharingResult, { description: 'Reports that a secret came out. Its clocks run from then on.' })
  reportExposure(
    @Args('exposure', { type: () => ExposureInput, description: 'What came out, and how.' }) exposure: ExposureInput,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    const { credentials, how, words } = exposure
    const report = { credentials, how, words, exposedAt: exposure.exposedAt ?? this.desk.clock.now() }
    const command = { do: 'ReportExposure', report } as const
    return decided(this.commands, new DecideSharing('exposure', randomUUID(), command, caller, credentials))
  }

  @Allow('security-engineer')
  @Mutation(() => SharingResult, { description: 'Takes a report back that was wrong; it stays on record.' })
  withdrawExposure(
    @Args(byId('report')) id: string,
    @Args('reason', { type: () => String, description: 'Why.' }) reason: string,
    @CurrentCaller() caller: Caller,
  ): Promise<object> {
    return decided(this.commands, new DecideSharing('exposure', id, { do: 'WithdrawExposure', reason }, caller))
  }
}
