import { positionOfCut } from '@catena/ledger'
import { recordedUpTo, reportToKeep, writeReport, type ReportFormat } from '@catena/recertification'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { writeOutput } from '../write-output.js'
import { withDesk } from './with-desk.js'

export interface ReportOptions {
  readonly format: ReportFormat
  readonly knownAt?: string
  readonly output?: string
}

export async function reportCampaignTo(context: CliContext, id: string, options: ReportOptions): Promise<ExitCode> {
  const { format, knownAt, output } = options
  const until = knownAt === undefined ? undefined : positionOfCut(knownAt)
  if (knownAt !== undefined && until === undefined) throw new CommandFailure(`${knownAt} is no cut`)
  return withDesk(context, async (desk) => {
    if (until !== undefined && until > (await recordedUpTo(desk)))
      throw new CommandFailure(
        `${knownAt} is a cut that the ledger has not reached: leave it out, or take one from an answer`,
      )
    const report = await reportToKeep(desk, id, until)
    if (report === undefined) throw new CommandFailure(`there is no campaign ${id}`, EXIT.nothingFound)
    await writeOutput(context, output, writeReport(desk, report, format))
    return EXIT.ok
  })
}
