import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { sourcesJson } from './sources/json.js'
import { renderSources } from './sources/render.js'
import { reportSources, troublesOf, type SourcesReport } from './sources/report.js'

/** Most unknown types listed. */
const TYPES_MAX = 20

const HELP = `
Status, from each source's newest record and its heartbeat in catena.yaml: healthy, SILENT, never heard, or unknown where no
heartbeat is declared. Everything that was read is stored, a duplicate or quarantined: ticks say that the sums hold.

Exit codes:
  0  shown
  1  wrong use, a fault, or a sum does not hold; with --check also: a source that declares a heartbeat is not heard,
     or records could not be interpreted
  5  no database or instance can be reached`

interface Options {
  readonly json?: boolean
  readonly lanes?: boolean
  readonly check?: boolean
}

export function registerSources(program: Command, context: CliContext): void {
  program
    .command('sources')
    .description('show which sources are alive, what was read from each, and what became of it')
    .option('--lanes', 'each Kafka partition and file by itself')
    .option('--check', 'exit with 1 where a source is silent or not understood, for monitoring')
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((options: Options) => runCommand(context, () => showSources(context, options)))
}

async function showSources(context: CliContext, { json, lanes, check }: Options): Promise<ExitCode> {
  const now = context.now()
  const report = await readReport(context, now)
  context.stdout.write(
    json === true ? sourcesJson(report) : renderSources(report, now, paperOf(context), { lanes: lanes === true }),
  )
  const troubles = troublesOf(report)
  if (check !== true || troubles.length === 0) return report.conservation.holds ? EXIT.ok : EXIT.failed
  context.stderr.write(`catena: ${troubles.join('; ')}\n`)
  return EXIT.failed
}

async function readReport(context: CliContext, now: number): Promise<SourcesReport> {
  const { sources } = await context.sources()
  const open = await context.openReader({ catchUp: false })
  const { reader, ledger, kafkaLag } = open
  try {
    const asked = kafkaLag?.()
    // The position first, so that what arrives meanwhile cannot look like a negative lag.
    const asOf = await reader.asOf()
    const conservation = await ledger.conservation()
    return {
      sources: reportSources(sources, await ledger.intake(), await ledger.delays(), now),
      conservation,
      quarantine: await ledger.quarantineCounts(),
      kafka: asked === undefined ? undefined : ((await asked) ?? 'unknown'),
      behind: conservation.head - asOf.position,
      unclassified: await reader.unclassified(asOf, TYPES_MAX),
      notInterpreted: await reader.notInterpreted(asOf),
    }
  } finally {
    await open.close()
  }
}
