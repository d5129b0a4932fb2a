import { randomUUID } from 'node:crypto'
import { isRefusal, type Caller, type Refusal } from '@catena/domain'
import { askedUnder, partyOf, type GrantCommand } from '@catena/governance'
import { decideAnew } from '@catena/ledger'
import { AccessReader } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, type DecisionDesk } from '../commands/decision-desk.js'
import { decideThing, type DecidedThing } from './decide-sharing.js'
import { requireCredentials } from './require-credentials.js'

type AskedAccess = Extract<GrantCommand, { do: 'RequestAccess' }>['request']

export class RequestAccess extends Command<DecidedThing | Refusal> {
  constructor(
    readonly request: AskedAccess,
    readonly caller: Caller,
  ) {
    super()
  }
}

@CommandHandler(RequestAccess)
export class RequestAccessHandler implements ICommandHandler<RequestAccess> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  /** Under a workflow that shares all of it when the request is appended: where the workflow moved meanwhile, it is asked anew. */
  async execute({ request, caller }: RequestAccess): Promise<DecidedThing | Refusal> {
    await requireCredentials(this.reader, this.desk, request.credentials)
    const id = randomUUID()
    const command = { do: 'RequestAccess', party: partyOf(caller), request } as const
    return decideAnew(async () => {
      const resting = await askedUnder(this.desk, request)
      return isRefusal(resting) ? resting : decideThing(this.desk, 'grant', id, command, caller, resting)
    })
  }
}
