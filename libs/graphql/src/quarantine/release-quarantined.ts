import type { ReleaseResult } from '@catena/ingest'
import type { Quarantine, QuarantineEntry } from '@catena/ledger'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { badInput } from '../errors/api-error.js'
import { LEDGER } from '../ledger-token.js'
import { RELEASE } from './release-token.js'

/** Looks for the bytes of the entries again and stores what can be read now. */
export type ReleaseEntries = (entries: readonly QuarantineEntry[], actor: string) => Promise<ReleaseResult[]>

export class ReleaseQuarantined extends Command<ReleaseResult[]> {
  constructor(
    readonly ids: readonly number[],
    readonly actor: string,
  ) {
    super()
  }
}

@CommandHandler(ReleaseQuarantined)
export class ReleaseQuarantinedHandler implements ICommandHandler<ReleaseQuarantined> {
  constructor(
    @Inject(LEDGER) private readonly ledger: Pick<Quarantine, 'quarantineEntry'>,
    @Inject(RELEASE) private readonly release: ReleaseEntries,
  ) {}

  async execute({ ids, actor }: ReleaseQuarantined): Promise<ReleaseResult[]> {
    const wanted = [...new Set(ids)]
    const found = await Promise.all(wanted.map((id) => this.ledger.quarantineEntry(id)))
    const unknown = wanted.filter((_, index) => found[index] === undefined)
    if (unknown.length > 0) throw badInput(`nothing is quarantined under ${unknown.join(', ')}`)
    return this.release(
      found.filter((entry) => entry !== undefined),
      actor,
    )
  }
}
