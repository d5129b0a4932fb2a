import type { SourceInstance } from '@catena/domain'
import { LedgerUnavailable } from '@catena/ledger'
import type { Command } from 'commander'
import type { CliContext, Sources } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { readFiles } from './ingest/read-files.js'
import { renderFile, renderSummary, summaryJson, type FileResult, type IngestResult } from './ingest/summary.js'
import { paperOf, runCommand } from './run-command.js'
import { escapeText } from './terminal/escape.js'

interface IngestOptions {
  readonly follow?: boolean
  readonly final?: boolean
  readonly quiet?: boolean
  readonly json?: boolean
}

const HELP = `
Files are plain or gzip, of JSON lines or JSON arrays; - is the standard input. A file is known by its first bytes: read it again,
rotated or packed, and reading goes on where it stopped. Half a record at the end of a growing file waits for the rest.

Exit codes:
  0  every record is stored, or was before
  1  wrong use, an unknown source, or a file that could not be read to its end (what was read is stored)
  5  no database or instance can be reached
  6  at least one record was quarantined`

export function registerIngest(program: Command, context: CliContext): void {
  program
    .command('ingest')
    .description('read log files of a source into the ledger')
    .argument('<source>', 'name of a source in catena.yaml')
    .argument('<file...>', 'files to read, or -')
    .option('-f, --follow', 'keep reading what is added, also behind a rotation, until interrupted')
    .option('--final', 'nothing will be added: half a record at the end is quarantined instead of awaited')
    .option('-q, --quiet', 'errors only')
    .option('--json', 'the summary, for scripts')
    .addHelpText('after', HELP)
    .action((source: string, files: string[], options: IngestOptions) =>
      runCommand(context, () => ingest(context, source, files, options)),
    )
}

async function ingest(
  context: CliContext,
  name: string,
  paths: readonly string[],
  options: IngestOptions,
): Promise<ExitCode> {
  const source = sourceNamed(name, await context.sources())
  const startedAt = context.now()
  const signal = context.interrupted()
  const open = await context.openLedger()
  try {
    const files = await readFiles(context, open, {
      source,
      paths,
      signal,
      final: options.final === true,
      follow: options.follow === true,
      showsProgress: context.isTerminal && options.quiet !== true && options.json !== true,
      onFile: (result) => tell(context, result, options),
    })
    conclude(context, { source: name, files, elapsedMs: context.now() - startedAt }, options)
    return codeOf(files, signal.aborted && options.follow !== true)
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error
    const advice = 'what was stored stays, so run the same command again to go on'
    throw new CommandFailure(`${error.message}; ${advice}`, EXIT.unreachable)
  } finally {
    await open.close()
  }
}

function sourceNamed(name: string, { sources, origin }: Sources): SourceInstance {
  const source = sources.find(({ id }) => id === name)
  if (source !== undefined) return source
  const known = sources.map(({ id }) => id).join(', ')
  throw new CommandFailure(
    sources.length === 0
      ? `unknown source "${name}": none are configured (${origin ?? 'no catena.yaml was found'})`
      : `unknown source "${name}": configured are ${known} (${origin ?? 'catena.yaml'})`,
  )
}

/** A line for each file as it ends, and what is wrong with it. */
function tell(context: CliContext, result: FileResult, { quiet, json }: IngestOptions): void {
  const { failure, stored, duplicates } = result.summary
  if (quiet !== true && json !== true) context.stdout.write(renderFile(result, paperOf(context)))
  if (failure === undefined) return
  const kept = stored + duplicates === 0 ? '' : `; the ${stored + duplicates} records before that are stored`
  const named = failure.message.includes(result.path) ? failure.message : `${result.path}: ${failure.message}`
  context.stderr.write(`${escapeText(`catena: ${named}${kept}${adviceOn(failure.code)}`)}\n`)
}

function adviceOn(code: NonNullable<FileResult['summary']['failure']>['code']): string {
  if (code === 'gzip-ends-early' || code === 'gzip-corrupt')
    return '. Copy it again and read it again: known records are not stored twice'
  return code === 'cannot-open' || code === 'cannot-read' ? '. Check the path and its permissions' : ''
}

function conclude(context: CliContext, result: IngestResult, { quiet, json }: IngestOptions): void {
  if (json === true) context.stdout.write(summaryJson(result))
  else if (quiet !== true) context.stdout.write(renderSummary(result, paperOf(context)))
}

function codeOf(files: readonly FileResult[], wasInterrupted: boolean): ExitCode {
  if (wasInterrupted || files.some(({ summary }) => summary.failure !== undefined)) return EXIT.failed
  return files.some(({ summary }) => summary.quarantined > 0) ? EXIT.quarantined : EXIT.ok
}
