import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { runCommand } from './run-command.js'
import { listQuarantine, showQuarantined, type ListOptions } from './quarantine/list.js'
import { releaseQuarantined, type ReleaseOptions } from './quarantine/release.js'

const RELEASE_HELP = `
Reads the bytes again where they were (file, or Kafka), makes sure that they are the same, and stores what can be read now. What still cannot
be read, or is gone, stays; each attempt is noted. Records are stored once, however often they are released.

Exit codes:
  0  all of them are in the ledger
  1  wrong use, a fault, or a place that could not be looked at now: try again
  3  no such record
  5  no database or instance can be reached
  6  at least one stays in quarantine`

export function registerQuarantine(program: Command, context: CliContext): void {
  const quarantine = program.command('quarantine').description('records that could not be read, and their way out')
  quarantine
    .command('list')
    .description('list them: place, reason, state')
    .option('--source <source>', 'of this source')
    .option('--state <state>', 'open, released or all', 'open')
    .option('--after <id>', 'only those behind this one')
    .option('-n, --limit <count>', 'at most so many', '50')
    .option('--json', 'for scripts')
    .action((options: ListOptions) => runCommand(context, () => listQuarantine(context, options)))
  quarantine
    .command('show')
    .description('show everything that is known of one; its content is not')
    .argument('<id>', 'its number in the list')
    .option('--json', 'for scripts')
    .action((id: string, options: { json?: boolean }) =>
      runCommand(context, () => showQuarantined(context, id, options)),
    )
  quarantine
    .command('release')
    .description('read them again, and store what can be read now')
    .argument('[id...]', 'their numbers in the list')
    .option('--source <source>', 'all open ones of this source')
    .option('--all', 'all open ones')
    .option('--file <path>', 'where the file is now that they were read from, if it was moved or packed')
    .option('--by <name>', 'who asks for it, for the ledger; the account of this machine where absent')
    .option('--json', 'for scripts')
    .addHelpText('after', RELEASE_HELP)
    .action((ids: string[], options: ReleaseOptions) =>
      runCommand(context, () => releaseQuarantined(context, ids, options)),
    )
}
