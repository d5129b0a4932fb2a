import type { Instant } from '@catena/domain'
import {
  CONTROL_REPORT_FORMATS,
  CONTROLS,
  controlsOf,
  frameworks,
  writeControlReport,
  type Control,
  type ControlReportFormat,
} from '@catena/governance'
import { Option, type Command } from 'commander'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { runCommand } from '../run-command.js'
import { parseMoment } from '../terminal/parse-moment.js'
import { writeOutput } from '../write-output.js'

const HELP = `
The report says of each control its question and method, of which credentials it was asked and what it answered, with the entries of the
ledger behind each answer. Every credential is judged by one state of knowledge. The HTML is one file without scripts; the CSV has a row for
each credential and control.

Exit codes:
  0  written
  1  wrong use, or a fault
  3  no such control or framework
  5  no database or instance can be reached`

interface Options {
  readonly framework?: string
  readonly on?: Instant
  readonly knownAt?: string
  readonly format: ControlReportFormat
  readonly output?: string
}

export function registerControlReport(controls: Command, context: CliContext): void {
  controls
    .command('report')
    .description('write the report for an auditor: controls, their verdicts and the evidence behind each')
    .argument('[control...]', 'ids of controls; left out: all')
    .option('--framework <name>', 'only what answers to this framework, e.g. "PCI DSS 4.0.1"')
    .option('--on <time>', 'on that day (to its end, UTC) or at that moment (RFC 3339)', parseMoment)
    .option('--known-at <cut>', 'as it was known at the cut of an earlier answer')
    .addOption(new Option('--format <format>', 'of the report').choices(CONTROL_REPORT_FORMATS).default('html'))
    .option('-o, --output <file>', 'into a new file instead of the terminal')
    .addHelpText('after', HELP)
    .action((ids: string[], _: unknown, command: Command) =>
      runCommand(context, () => writeReport(context, ids, command.optsWithGlobals<Options>())),
    )
}

async function writeReport(context: CliContext, ids: readonly string[], options: Options): Promise<ExitCode> {
  const { framework, on, knownAt, format, output } = options
  const controls = chosen(ids, framework)
  const open = await context.openReader()
  try {
    const asOf = await open.reader.asOf({ knownAt })
    const asked = { controls, at: on ?? context.now(), ...(framework === undefined ? {} : { framework }) }
    await writeOutput(context, output, writeControlReport(open.reader, asOf, asked, format))
    return EXIT.ok
  } finally {
    await open.close()
  }
}

function chosen(ids: readonly string[], framework: string | undefined): readonly Control[] {
  const strange = ids.find((id) => !CONTROLS.some((control) => control.id === id))
  if (strange !== undefined)
    throw new CommandFailure(`there is no control ${strange}: \`catena controls\` lists them`, EXIT.nothingFound)
  const own = framework === undefined ? CONTROLS : controlsOf(framework, CONTROLS)
  if (own.length === 0)
    throw new CommandFailure(`the crosswalk has ${frameworks().join(', ')}: choose one of them`, EXIT.nothingFound)
  const named = own.filter(({ id }) => ids.length === 0 || ids.includes(id))
  if (named.length > 0) return named
  throw new CommandFailure(`none of these controls answers to ${framework ?? ''}`, EXIT.nothingFound)
}
