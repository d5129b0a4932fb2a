import type { Caller, Key, Refusal } from '@catena/domain'
import {
  authorityOver,
  partyOf,
  SHARING,
  sharingStream,
  usesIn,
  type Authority,
  type GrantCommand,
} from '@catena/governance'
import { decideAnew, loadStream } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { groupsOf } from '../directory/groups-of.js'
import { withOwnMatters } from '../directory/with-own-matters.js'
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
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  /** By the right that the approver has when it is appended: where a workflow, its delegations, owners or the duties moved meanwhile, it is asked anew. */
  execute(asked: AnswerAccessRequest): Promise<DecidedThing | Refusal> {
    return decideAnew(() => this.answer(asked))
  }

  private async answer({ id, answer, caller: asking }: AnswerAccessRequest): Promise<DecidedThing | Refusal> {
    const { streams, pool, clock } = this.desk
    const own = await withOwnMatters(this.reader, asking, clock.now())
    // To say no, being in the group excludes nobody: somebody has to be able to answer.
    const caller = answer.do === 'ApproveAccess' ? await this.withGroups(own) : own
    const { state } = await loadStream(streams, SHARING.grant, sharingStream('grant', id))
    const workflow = state.status === 'none' ? undefined : state.request.workflow
    const asked = { credentials: state.credentials, workflow }
    const found = await authorityOver({ streams, uses: usesIn(pool) }, caller, asked, clock.now())
    const { resting } = found
    const authority = await this.withDelegator(found.authority)
    return decideThing(this.desk, 'grant', id, { ...answer, party: partyOf(caller), authority }, caller, resting)
  }

  /** Whoever delegated it is in their own matters by all their names, and groups, too. */
  private async withDelegator(authority: Authority): Promise<Authority> {
    const { onBehalfOf: key } = authority
    if (key === undefined) return authority
    const approver: Caller = { id: key, name: key, kind: 'person', roles: [], keys: [key] }
    const known = await this.withGroups(await withOwnMatters(this.reader, approver, this.desk.clock.now()))
    return { ...authority, delegator: [key, ...(known.alsoKnownAs ?? [])] }
  }

  /** What is given to a group is given to whoever is in it. */
  private async withGroups(caller: Caller & { readonly alsoKnownAs: readonly Key[] }): Promise<Caller> {
    const groups = await groupsOf(this.reader, [...caller.keys, ...caller.alsoKnownAs], this.desk.clock.now())
    return { ...caller, alsoKnownAs: [...caller.alsoKnownAs, ...groups] }
  }
}
