import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { isConserved, reportSources, type SourcesReport } from './sources/report.js'
import { renderSources, sourcesJson } from './sources/render.js'

/** Most unknown types listed. */
const TYPES_MAX = 20

const HELP = `
Everything that was read is stored, a duplicate or quarantined; the line below the table says whether that sum holds.

Exit codes:
  0  shown
  1  wrong use, a fault, or the sum does not hold
  5  no database or instance can be reached`

export function registerSources(program: Command, context: CliContext): void {
  program
    .command('sources')
    .description('show what was read from each source, what became of it, and when it was last heard')
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((options: { json?: boolean }) => runCommand(context, () => showSources(context, options.json === true)))
}

async function showSources(context: CliContext, json: boolean): Promise<ExitCode> {
  const now = context.now()
  const report = await readReport(context, now)
  context.stdout.write(json ? sourcesJson(report) : renderSources(report, now, paperOf(context)))
  return report.sources.every(isConserved) ? EXIT.ok : EXIT.failed
}

async function readReport(context: CliContext, now: number): Promise<SourcesReport> {
  const { sources } = await context.sources()
  const open = await context.openReader({ catchUp: false })
  const { reader, ledger } = open
  try {
    // The position first, so that what arrives meanwhile cannot look like a negative lag.
    const asOf = await reader.asOf()
    const head = await ledger.head()
    return {
      sources: reportSources(sources, await ledger.intake(), now),
      head,
      behind: head - asOf.position,
      unclassified: await reader.unclassified(asOf, TYPES_MAX),
    }
  } finally {
    await open.close()
  }
}
