import { listFindings, SEVERITIES, type FindingEntry } from '@catena/governance'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { renderFinding } from './findings/render.js'
import { paperOf, runCommand } from './run-command.js'

const LIMIT_DEFAULT = 50

interface Options {
  readonly state: 'open' | 'closed' | 'all'
  readonly severity?: (typeof SEVERITIES)[number]
  readonly control?: string
  readonly limit: number
  readonly json?: boolean
}

const HELP = `
Findings open and close by the facts; gravest first. The numbers in brackets are the records that show it.

Exit codes:
  0  none
  1  wrong use, or a fault
  2  there are some
  5  no database or instance can be reached`

export function registerFindings(program: Command, context: CliContext): void {
  program
    .command('findings')
    .description('list controls that fail, gravest first')
    .addOption(new Option('--state <state>', 'where they stand').choices(['open', 'closed', 'all']).default('open'))
    .addOption(new Option('--severity <severity>', 'only of this severity').choices([...SEVERITIES]))
    .option('--control <id>', 'only of this control')
    .option('--limit <n>', 'at most so many', wholeNumber, LIMIT_DEFAULT)
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((options: Options) => runCommand(context, () => showFindings(context, options)))
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0 && number <= 1_000) return number
  throw new InvalidArgumentError('write a whole number from 1 to 1000')
}

async function showFindings(context: CliContext, options: Options): Promise<ExitCode> {
  const open = await context.openReader()
  const { reader } = open
  try {
    const asOf = await reader.asOf()
    const { state, severity, control, limit, json } = options
    const filter = { status: state === 'all' ? undefined : state, severity, control }
    const found = await listFindings(reader.pool, asOf.position, filter, { limit: limit + 1 })
    const shown = found.slice(0, limit).map(({ entry }) => entry)
    const names = await namesOf(reader, asOf, shown)
    if (json === true) context.stdout.write(`${JSON.stringify({ cut: asOf.cut, findings: shown }, null, 2)}\n`)
    else {
      const paper = paperOf(context)
      for (const entry of shown) context.stdout.write(renderFinding(entry, names.get(entry.credential), paper))
      context.stdout.write(summary(shown.length, found.length > limit))
    }
    return shown.length === 0 ? EXIT.ok : EXIT.unattributed
  } finally {
    await open.close()
  }
}

function summary(shown: number, more: boolean): string {
  if (shown === 0) return 'No findings.\n'
  return more ? `${shown} shown, and there are more: raise --limit.\n` : `${shown} in all.\n`
}

async function namesOf(
  reader: AccessReader,
  asOf: KnownAsOf,
  findings: readonly FindingEntry[],
): Promise<Map<string, string>> {
  const ids = [...new Set(findings.map(({ credential }) => credential))]
  const entries = await Promise.all(ids.map((id) => reader.credential(asOf, id)))
  return new Map(
    entries.flatMap((entry, index) =>
      entry === undefined ? [] : [[ids[index] ?? '', `${entry.containerName ?? ''}${entry.path}`] as const],
    ),
  )
}
