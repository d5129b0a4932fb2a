import type { Caller } from '@catena/domain'
import { importOwners, parseOwners, planOwners, stewardshipView } from '@catena/governance'
import { AccessReader, waitForView } from '@catena/projections'
import { Inject } from '@nestjs/common'
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import { DECISIONS, decidedBy, type DecisionDesk } from '../../commands/decision-desk.js'
import type { OwnersImported } from './ownership.model.js'

export class ImportOwners extends Command<OwnersImported> {
  constructor(
    readonly csv: string,
    readonly isDryRun: boolean,
    readonly caller: Caller,
  ) {
    super()
  }
}

/** All lines or none: a line that means nothing, or several things, stops the import before anything is decided. */
@CommandHandler(ImportOwners)
export class ImportOwnersHandler implements ICommandHandler<ImportOwners> {
  constructor(
    @Inject(DECISIONS) private readonly desk: DecisionDesk,
    private readonly reader: AccessReader,
  ) {}

  async execute({ csv, isDryRun, caller }: ImportOwners): Promise<OwnersImported> {
    const by = decidedBy(this.desk, caller)
    const { planned, problems } = await planOwners(this.reader, await this.reader.asOf(), parseOwners(csv), by.at)
    const lines = planned.length
    if (isDryRun || problems.length > 0) return { lines, assigned: 0, custodians: 0, position: null, problems: [...problems] }
    const { position, ...done } = await importOwners(this.desk.streams, planned, by)
    await waitForView(this.desk.pool, stewardshipView.name, position)
    return { lines, ...done, position, problems: [] }
  }
} // prettier-ignore
