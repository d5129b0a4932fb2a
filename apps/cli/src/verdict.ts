import type { Instant } from '@catena/domain'
import { CONTROLS, evaluate, HistoryReader, type Evaluation } from '@catena/governance'
import type { AccessReader, CredentialEntry, KnownAsOf } from '@catena/projections'
import type { Command } from 'commander'
import { registerBacktest } from './backtest.js'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { nameOf } from './trace/credential-names.js'
import { onlyCredential } from './verdict/only-credential.js'
import { parseMoment } from './terminal/parse-moment.js'
import { registerControlReport } from './verdict/report.js'
import { renderControls, renderVerdict } from './verdict/render.js'

const HELP = `
Every control that applies answers controlled, exception, uncontrolled or unknown, with a reason and the records it rests on.
The credential has the worst of them; unknown is never a pass.

Exit codes:
  0  controlled, or an exception in force
  1  wrong use, or a fault
  2  uncontrolled, or not known
  3  no such credential
  4  the name means several: they are listed
  5  no database or instance can be reached`

interface Options {
  readonly on?: Instant
  readonly knownAt?: string
  readonly json?: boolean
}

export function registerVerdict(program: Command, context: CliContext): void {
  program
    .command('verdict')
    .description('say whether the sharing of a credential was under control, and how that is known')
    .argument('<credential>', 'its name (secret/payments/stripe), the end of its path, or its id')
    .option('--on <time>', 'on that day (to its end, UTC) or at that moment (RFC 3339)', parseMoment)
    .option('--known-at <cut>', 'as it was known at the cut of an earlier answer')
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((term: string, options: Options) => runCommand(context, () => showVerdict(context, term, options)))
}

export function registerControls(program: Command, context: CliContext): void {
  const controls = program
    .command('controls')
    .description('list the controls with their questions')
    .option('--json', 'for scripts')
    .action(({ json }: { json?: boolean }) =>
      runCommand(context, () => Promise.resolve(showControls(context, json === true))),
    )
  registerBacktest(controls, context)
  registerControlReport(controls, context)
}

function showControls(context: CliContext, json: boolean): ExitCode {
  context.stdout.write(json ? `${JSON.stringify(CONTROLS, null, 2)}\n` : renderControls(CONTROLS, paperOf(context)))
  return EXIT.ok
}

async function showVerdict(context: CliContext, term: string, { on, knownAt, json }: Options): Promise<ExitCode> {
  const open = await context.openReader()
  try {
    const asOf = await open.reader.asOf({ knownAt })
    const entry = await onlyCredential(open.reader, asOf, term)
    const evaluation = await judge(open.reader, asOf, entry, on ?? context.now())
    context.stdout.write(
      json === true
        ? `${JSON.stringify({ ...evaluation, name: nameOf(entry), system: entry.system, cut: asOf.cut }, null, 2)}\n`
        : renderVerdict(`${entry.system} ${nameOf(entry)}`, evaluation, paperOf(context)),
    )
    return evaluation.verdict === 'controlled' || evaluation.verdict === 'exception' ? EXIT.ok : EXIT.unattributed
  } finally {
    await open.close()
  }
}

async function judge(reader: AccessReader, asOf: KnownAsOf, entry: CredentialEntry, at: Instant): Promise<Evaluation> {
  const history = await new HistoryReader(reader).onDate(asOf, entry.id, at)
  if (history === undefined)
    throw new CommandFailure(`nothing is known of ${nameOf(entry)} at that moment`, EXIT.nothingFound)
  return evaluate(history)
}
