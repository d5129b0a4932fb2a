import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { addDestination, type AddOptions } from './export/add.js'
import { changeDestination, replayDestination, testDestination } from './export/change.js'
import { listDestinations, showDeadLetters } from './export/list.js'
import { runCommand } from './run-command.js'

const ADD_HELP = `
What a destination is reached with is written as --set name=value:
  kafka            topic                                    brokers are those of KAFKA_BROKERS
  syslog           host, port (6514), transport (tls, tcp, udp), ca_file, cert_file, key_file, servername
  webhook          url, secret_env or secret_file, ca_file, cert_file, key_file, allow_private
  event-collector  url, secret_env or secret_file, ack, index, sourcetype, ca_file, allow_private
  files            folder, bytes_max
Secrets are named, never written: a variable CATENA_EXPORT_… or a file of the worker.
A new destination gets the feed from its first event on; with --from-now only what comes.

  catena export add soc --kind syslog --format cef --set host=collector.example --severity medium`

export function registerExport(program: Command, context: CliContext): void {
  const parent = program.command('export').description('send the feed to SIEMs: destinations, their state, and replays')
  const json = ['--json', 'for scripts'] as const
  const by = ['--by <name>', 'who asks for it, for the ledger; the account of this machine where absent'] as const
  parent
    .command('list')
    .alias('status')
    .description('list destinations with state, backlog and faults')
    .argument('[id]', 'only this one')
    .option(...json)
    .action((id: string | undefined, options: { json?: boolean }) => runCommand(context, () => listDestinations(context, id, options))) // prettier-ignore
  parent
    .command('add')
    .description('add a destination')
    .argument('<id>', 'its name: a to z, 0 to 9, hyphen')
    .requiredOption('--kind <kind>', 'kafka, syslog, webhook, event-collector or files')
    .option('--format <format>', 'ocsf, ecs, cef or cloudevents', 'ocsf')
    .option('--set <name=value>', 'what it is reached with; repeat it', collect, [])
    .option('--kinds <kinds>', 'only these kinds of events, separated by commas')
    .option('--severity <severity>', 'only this severity or worse: informational, low, medium, high, critical')
    .option('--sources <sources>', 'only of these sources, separated by commas')
    .option('--allow-private', 'the address is private, and that is meant')
    .option('--from-now', 'leave out what is in the feed already')
    .option(...by)
    .addHelpText('after', ADD_HELP)
    .action((id: string, options: AddOptions) => runCommand(context, () => addDestination(context, id, options)))
  parent
    .command('test')
    .description('send one test message, and show the exact line')
    .argument('<id>', 'of the destination')
    .option(...json)
    .action((id: string, options: { json?: boolean }) => runCommand(context, () => testDestination(context, id, options))) // prettier-ignore
  for (const [name, type, text] of CHANGES) {
    parent
      .command(name)
      .description(text)
      .argument('<id>', 'of the destination')
      .option(...by)
      .action((id: string, options: { by?: string }) => runCommand(context, () => changeDestination(context, type, id, options))) // prettier-ignore
  }
  parent
    .command('replay')
    .description('send again everything from a place on, under the same ids')
    .argument('<id>', 'of the destination')
    .option('--after <sequence>', 'everything after this sequence; 0 for all')
    .option('--since <time>', 'everything that the feed took from this time on, e.g. 2026-11-23T04:59:00Z')
    .option(...by)
    .action((id: string, options: { after?: string; since?: string; by?: string }) => runCommand(context, () => replayDestination(context, id, options))) // prettier-ignore
  parent
    .command('dead-letters')
    .description('list events that destinations refused for good, with the reason')
    .argument('[id]', 'of one destination')
    .option('-n, --limit <count>', 'at most so many', '50')
    .option(...json)
    .action((id: string | undefined, options: { limit: string; json?: boolean }) => runCommand(context, () => showDeadLetters(context, id, options))) // prettier-ignore
}

const CHANGES = [
  ['pause', 'PauseDestination', 'send nothing until it is resumed; the backlog is kept'],
  ['resume', 'ResumeDestination', 'send again, from where it stopped'],
  ['remove', 'RemoveDestination', 'send nothing any more; one added under its name later begins anew'],
] as const

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}
