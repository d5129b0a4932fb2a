import { checkJoinability, DAYS_DEFAULT, type JoinabilityReport } from '@catena/joinability'
import type { KnownAsOf } from '@catena/projections'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { brokenJson, joinabilityJson } from './joinability/json.js'
import { renderBroken } from './joinability/render-broken.js'
import { renderJoinability } from './joinability/render.js'
import { paperOf, runCommand } from './run-command.js'
import { parseDays } from './terminal/parse-days.js'
import { parseMoment } from './terminal/parse-moment.js'

interface Options {
  readonly days: number
  readonly asOf?: number
  readonly knownAt?: string
  readonly json?: boolean
}

const JOINABILITY_HELP = `
PROVABLE: records share a value that its issuer made once. INFERABLE: what joins could be shared, or change hands. IMPOSSIBLE: nothing joins.
"helps" counts the retrievals of these days whose hop is weaker than the setting would make it; records of the past stay as they are.

Exit codes:
  0  shown
  1  wrong use, or a fault
  3  no retrieval and no role is on record
  5  no database or instance can be reached`

const BROKEN_HELP = `
Of every retrieval whose path or actor is not known, the first link that is missing, else the first of which several fit; by cause, the most
frequent first.

Exit codes:
  0  no chain breaks
  1  wrong use, or a fault
  2  chains break: they are listed
  3  no retrieval is on record
  5  no database or instance can be reached`

export function registerJoinability(program: Command, context: CliContext): void {
  withOptions(program.command('joinability'))
    .description('show what logins can be joined to, what cannot and why, and the setting that would change it')
    .addHelpText('after', JOINABILITY_HELP)
    .action((options: Options) => runCommand(context, () => report(context, options, tellJoinability)))
  withOptions(program.command('broken'))
    .description('show where chains break, by cause, and what would close them')
    .addHelpText('after', BROKEN_HELP)
    .action((options: Options) => runCommand(context, () => report(context, options, tellBroken)))
}

function withOptions(command: Command): Command {
  return command
    .option('-d, --days <n>', 'days before the newest retrieval that count', parseDays, DAYS_DEFAULT)
    .option('--as-of <time>', 'as it was on that day (to its end, UTC) or at that moment (RFC 3339)', parseMoment)
    .option('--known-at <cut>', 'as it was known at the cut that an earlier answer named')
    .option('--json', 'for scripts')
}

type Tell = (context: CliContext, report: JoinabilityReport, asOf: KnownAsOf, json: boolean) => ExitCode

async function report(context: CliContext, options: Options, tell: Tell): Promise<ExitCode> {
  const open = await context.openReader()
  const { reader } = open
  try {
    const asOf = await reader.asOf({ knownAt: options.knownAt, validAt: options.asOf })
    return tell(context, await checkJoinability(reader, { asOf, days: options.days }), asOf, options.json === true)
  } finally {
    await open.close()
  }
}

function tellJoinability(context: CliContext, found: JoinabilityReport, asOf: KnownAsOf, json: boolean): ExitCode {
  context.stdout.write(json ? joinabilityJson(found, asOf) : renderJoinability(found, asOf, paperOf(context)))
  return found.hops.length === 0 ? EXIT.nothingFound : EXIT.ok
}

function tellBroken(context: CliContext, found: JoinabilityReport, asOf: KnownAsOf, json: boolean): ExitCode {
  context.stdout.write(json ? brokenJson(found, asOf) : renderBroken(found, asOf, paperOf(context)))
  if (found.survey.retrievals.length === 0) return EXIT.nothingFound
  return found.broken.length === 0 ? EXIT.ok : EXIT.unattributed
}
