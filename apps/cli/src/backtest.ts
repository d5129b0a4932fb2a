import type { Instant } from '@catena/domain'
import { backtest, CONTROLS, HistoryReader, type Control, type Trial } from '@catena/governance'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import { InvalidArgumentError, type Command } from 'commander'
import { renderBacktest, type Tried } from './backtest/render.js'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { parseTime } from './terminal/parse-time.js'
import { nameOf } from './trace/credential-names.js'
import { onlyCredential } from './verdict/only-credential.js'
import { parseMoment } from './terminal/parse-moment.js'

const DAY_MS = 86_400_000

const HELP = `
Judges each credential over the period as if the control had been in force, by all that is known today. Nothing is recorded.
It looks at every step, wherever a verdict ends by time alone, and whenever the secret or the people around it changed;
what came and went between two looks is not seen.

Exit codes:
  0  it would not have fired
  1  wrong use, or a fault
  2  it would have fired
  3  no such control, parameter or credential
  4  the name means several credentials; they are listed
  5  no database or instance can be reached`

interface Options {
  readonly from: Instant
  readonly to: Instant
  readonly set: Readonly<Record<string, number>>
  readonly credential?: string
  readonly every: number
  readonly json?: boolean
}

export function registerBacktest(controls: Command, context: CliContext): void {
  controls
    .command('backtest')
    .description('tell what a control would have found over a past period, as it is or changed')
    .argument('<control>', 'its id, as `catena controls` lists it')
    .requiredOption('--from <time>', 'first day (from its beginning, UTC) or moment', parseTime)
    .requiredOption('--to <time>', 'last day (to its end, UTC) or moment', parseMoment)
    .option('--set <parameter=number>', 'another value of a parameter; may be repeated', parameter, {})
    .option('--credential <name>', 'only this one: its name, the end of its path, or its id')
    .option('--every <days>', 'longest time between two looks', dayCount, 1)
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((id: string, _: unknown, command: Command) =>
      runCommand(context, () => showBacktest(context, id, command.optsWithGlobals<Options>())),
    )
}

async function showBacktest(context: CliContext, id: string, options: Options): Promise<ExitCode> {
  const { from, to, set: values, json } = options
  const control = controlNamed(id, values)
  if (from >= to) throw new CommandFailure('--from lies before --to', EXIT.failed)
  const trial = { control, values, from, to, stepMs: options.every * DAY_MS }
  const open = await context.openReader()
  try {
    const asOf = await open.reader.asOf()
    const tried = await tryAll(open.reader, asOf, trial, options.credential)
    context.stdout.write(
      json === true
        ? `${JSON.stringify({ control: id, version: control.version, values, from, to, cut: asOf.cut, credentials: tried }, null, 2)}\n`
        : renderBacktest(trial, tried, paperOf(context)),
    )
    return tried.some(({ firings }) => firings.length > 0) ? EXIT.unattributed : EXIT.ok
  } finally {
    await open.close()
  }
}

async function tryAll(reader: AccessReader, asOf: KnownAsOf, trial: Trial, term?: string): Promise<Tried[]> {
  const histories = new HistoryReader(reader)
  const parts = term === undefined ? reader.everyCredential(asOf) : [[await onlyCredential(reader, asOf, term)]]
  const tried: Tried[] = []
  for await (const part of parts)
    for (const entry of part) {
      const result = await backtest(trial, (at) => histories.onDate(asOf, entry.id, at))
      tried.push({ credential: entry.id, name: `${entry.system} ${nameOf(entry)}`, ...result })
    }
  return tried
}

function controlNamed(id: string, values: Readonly<Record<string, number>>): Control {
  const control = CONTROLS.find((each) => each.id === id)
  if (control === undefined)
    throw new CommandFailure(`there is no control ${id}: \`catena controls\` lists them`, EXIT.nothingFound)
  const known = Object.keys(control.parameters)
  const strange = Object.keys(values).find((name) => !known.includes(name))
  if (strange === undefined) return control
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
  throw new CommandFailure(`${id} has no parameter ${strange}: ${has}`, EXIT.nothingFound)
}

function parameter(text: string, before: Readonly<Record<string, number>>): Record<string, number> {
  const [, name, value] = /^([A-Za-z]\w*)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('write parameter=number, e.g. rotationDays=60')
  return { ...before, [name]: Number(value) }
}

function dayCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= 365) return count
  throw new InvalidArgumentError('write a whole number of days from 1 to 365')
}
