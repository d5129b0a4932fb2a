import { type Caller, type Key, type Refusal } from '@catena/domain'
import {
  authorityIn,
  DUTIES_STREAM,
  excludedBy,
  exclusiveDuties,
  partyOf,
  readStewardships,
  SHARING,
  sharingStream,
  type Authority,
  type Duty,
  type GrantCommand,
  type Party,
} from '@catena/governance'
import { loadStream } from '@catena/ledger'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { decideThing, type DecidedThing } from './decide-sharing.js'

type Answered = Extract<GrantCommand, { do: 'ApproveAccess' | 'DenyAccess' }>
/** What the caller said; who the caller is and what they may is worked out here. */
export type AccessAnswer = Answered extends infer C ? (C extends C ? Omit<C, 'party' | 'authority'> : never) : never

export class AnswerAccessRequest extends Command<DecidedThing | Refusal> {
  constructor(
    readonly id: string,
    readonly answer: AccessAnswer,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(AnswerAccessRequest)
export class AnswerAccessRequestHandler implements ICommandHandler<AnswerAccessRequest> {
  constructor(@Inject(DECISIONS) private readonly desk: DecisionDesk) {}

  async execute({ id, answer, caller }: AnswerAccessRequest): Promise<DecidedThing | Refusal> {
    const party = partyOf(caller)
    const { state } = await loadStream(this.desk.streams, SHARING.grant, sharingStream('grant', id))
    const workflow = state.status === 'none' ? undefined : state.request.workflow
    const authority = await this.authorityOf(caller, party, state.credentials, workflow)
    return decideThing(this.desk, 'grant', id, { ...answer, party, authority }, caller)
  }

  private async authorityOf(
    caller: Caller,
    party: Party,
    credentials: readonly string[],
    workflow: string | undefined,
  ): Promise<Authority> {
    const authority =
      workflow === undefined ? await this.asOwner(caller, party, credentials) : await this.inWorkflow(workflow, party)
    const held = await this.dutiesOf(caller, party, credentials)
    const { state } = await loadStream(this.desk.streams, exclusiveDuties, DUTIES_STREAM)
    const duty = excludedBy(state.pairs, held, 'approve')
    return duty === undefined ? authority : { ...authority, excludedBy: `the duty to ${duty}` }
  }

  private async inWorkflow(id: string, party: Party): Promise<Authority> {
    const stream = sharingStream('sharing-workflow', id)
    const { state } = await loadStream(this.desk.streams, SHARING['sharing-workflow'], stream)
    return authorityIn(state, party, this.desk.clock.now())
  }

  /** Without a workflow the owner of every credential approves, or a security engineer. */
  private async asOwner(caller: Caller, party: Party, credentials: readonly string[]): Promise<Authority> {
    if (caller.roles.includes('security-engineer')) return { mayApprove: true }
    const stewards = await this.stewardsOf(credentials)
    const owns = (owner: Key | undefined): boolean => owner !== undefined && party.keys.includes(owner)
    return { mayApprove: credentials.length > 0 && credentials.every((id) => owns(stewards.get(id)?.owner?.key)) }
  }

  /** What the approver does with these credentials already. */
  private async dutiesOf(caller: Caller, party: Party, credentials: readonly string[]): Promise<ReadonlySet<Duty>> {
    const duties = new Set<Duty>(caller.roles.includes('operator') ? ['operate'] : [])
    for (const { stewards } of (await this.stewardsOf(credentials)).values())
      if (stewards.some(({ key, role }) => role === 'custodian' && party.keys.includes(key))) duties.add('hold')
    const { rowCount } = await this.desk.pool.query(
      'SELECT FROM governance.access_summary WHERE credential = ANY($1::uuid[]) AND keys && $2 LIMIT 1',
      [credentials, party.keys],
    )
    if (rowCount === 1) duties.add('use')
    return duties
  }

  private stewardsOf(credentials: readonly string[]): ReturnType<typeof readStewardships> {
    return readStewardships(this.desk.pool, Number.MAX_SAFE_INTEGER, credentials)
  }
}
