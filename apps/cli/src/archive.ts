import type { Command } from 'commander'
import { attachArchive } from './archive/attach.js'
import { detachArchives } from './archive/detach.js'
import { listDetached } from './archive/list.js'
import type { CliContext } from './context.js'
import { runCommand } from './run-command.js'

const DETACH_HELP = `
The ledger is stored in partitions of 1,048,576 positions. The records of those that are full can be moved into files, one each; they are verified
first. Decisions stay, and so does what recognises a repeated record. The files hold personal data: keep them like the database.

Exit codes:
  0  moved, or moved before
  1  wrong use, a fault, nothing is that old, or a partition does not verify: it stays where it is
  5  no database or instance can be reached`

const ATTACH_HELP = `
Only the very file that the ledger declares comes back: another one, or one that was altered, is refused.

Exit codes:
  0  its records are in the database again
  1  wrong use, a fault, or not the file that the ledger declares
  5  no database or instance can be reached`

export function registerArchive(program: Command, context: CliContext): void {
  const archive = program.command('archive').description('old records in files instead of the database')
  archive
    .command('list')
    .description('list what is in files, and what could be')
    .option('--json', 'for scripts')
    .action((options: { json?: boolean }) => runCommand(context, () => listDetached(context, options)))
  archive
    .command('detach')
    .description('move the records of full partitions into files')
    .requiredOption(
      '--before <position|date>',
      'partitions that end before this; dates as 2026-03-01 or RFC 3339, by when records came',
    )
    .requiredOption('--to <folder>', 'where the files go')
    .option('--by <name>', 'who decided it, for the ledger; the account of this machine where absent')
    .option('--json', 'for scripts')
    .addHelpText('after', DETACH_HELP)
    .action((options: { before: string; to: string; by?: string; json?: boolean }) =>
      runCommand(context, () => detachArchives(context, options)),
    )
  archive
    .command('attach')
    .description('bring the records of a file back')
    .argument('<file>', 'as `catena archive list` names it, with its folder')
    .option('--by <name>', 'who decided it, for the ledger; the account of this machine where absent')
    .option('--json', 'for scripts')
    .addHelpText('after', ATTACH_HELP)
    .action((file: string, options: { by?: string; json?: boolean }) =>
      runCommand(context, () => attachArchive(context, file, options)),
    )
}
