import { connectorFor, readDirectoryRows } from '@catena/connectors'
import type { Instant, SourceInstance } from '@catena/domain'
import { csvRows } from '@catena/governance'
import { prepareRecords, type Framed } from '@catena/ingest'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { nothingImported, readImport } from './import-file.js'
import { runCommand } from './run-command.js'
import { counted } from './terminal/numbers.js'
import { parseTime } from './terminal/parse-time.js'

/** One transaction takes them all. */
const ROWS_MAX = 100_000

const HELP = `
CSV with a header line (RFC 4180). People: id, and of user_name, email, display_name, manager (an id of the file), department, title,
employment (active, on leave, disabled, left), start_date, end_date, groups and same_as (separated by ;) what there is.
Workloads: workload (a key), sponsors (ids of people, separated by ;), start_date, end_date.
A list tells how things stood at --as-of, and of any time before at which no change says otherwise.

Exit codes:
  0  every row is in the ledger, or was before
  1  wrong use, or a row that cannot be taken: they are named, and nothing is imported
  5  no database or instance can be reached`

interface Options {
  readonly asOf?: Instant
}

export function registerDirectory(program: Command, context: CliContext): void {
  program
    .command('directory')
    .description('people, groups and sponsors that come as files')
    .command('import')
    .description('read a list of people, or of workloads with their sponsors, into the ledger')
    .argument('<source>', 'name of a source of kind directory-csv in catena.yaml')
    .argument('<file>', 'the CSV file')
    .option(
      '--as-of <time>',
      'day (from its beginning, UTC) or moment at which the list was made; left out: now',
      parseTime,
    )
    .addHelpText('after', HELP)
    .action((source: string, file: string, options: Options) =>
      runCommand(context, () => importDirectory(context, source, file, options)),
    )
}

async function importDirectory(context: CliContext, name: string, file: string, { asOf }: Options): Promise<ExitCode> {
  const source = sourceNamed(name, (await context.sources()).sources)
  const now = context.now()
  const rows = csvRows(await readImport(file))
  if (rows.length - 1 > ROWS_MAX)
    throw new CommandFailure(`the file has more than ${ROWS_MAX} rows: import it in parts`)
  const { records, problems } = readDirectoryRows(rows, asOf ?? now)
  if (problems.length > 0) throw nothingImported(file, problems)
  const open = await context.openLedger()
  try {
    const intake = { source, connector: connectorFor(source.kind), keys: open.keys }
    const framed = records.map(frame)
    const prepared = prepareRecords(
      framed,
      (_, index) => ({ door: 'http', request: `directory-import ${file}`, index }),
      now,
      intake,
    )
    if (prepared.quarantined.length > 0)
      throw new CommandFailure(`nothing was imported: ${counted(prepared.quarantined.length, 'row')} cannot be stored`)
    // All rows in one transaction: a list is there as a whole, or not at all.
    const { stored, duplicates } = await open.ledger.append({ records: prepared.records, quarantined: [] })
    context.stdout.write(
      `${counted(stored, 'row')} imported into ${name}, ${counted(duplicates, 'row')} known before\n`,
    )
    return EXIT.ok
  } finally {
    await open.close()
  }
}

function sourceNamed(name: string, sources: readonly SourceInstance[]): SourceInstance {
  const source = sources.find(({ id, kind }) => id === name && kind === 'directory-csv')
  if (source !== undefined) return source
  const known = sources.filter(({ kind }) => kind === 'directory-csv').map(({ id }) => id)
  const advice =
    known.length === 0
      ? 'declare one in catena.yaml: { id: hr, kind: directory-csv, scope: hr }'
      : `there are ${known.join(', ')}`
  throw new CommandFailure(`${name} is no source of kind directory-csv: ${advice}`)
}

function frame(text: string): Framed {
  const length = Buffer.byteLength(text)
  return { kind: 'record', text, from: 0, to: length, next: length }
}
