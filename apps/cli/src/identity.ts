import { isRefusal, type Instant, type Key } from '@catena/domain'
import {
  identity,
  identityStream,
  observeIdentities,
  suggest,
  type IdentityCommand,
  type IdentityObservation,
} from '@catena/identity'
import { DAYS_DEFAULT, readChains } from '@catena/joinability'
import { handleCommand } from '@catena/ledger'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { operatorOf } from './operator.js'
import { paperOf, runCommand } from './run-command.js'
import { counted } from './terminal/numbers.js'
import { dim, paint, plain, type Paper } from './terminal/paint.js'
import { parseDays } from './terminal/parse-days.js'
import { parseTime } from './terminal/parse-time.js'
import { show } from './trace/json.js'

/** Texts that are compared at once. */
const TEXTS_MAX = 500

const HELP = `
A suggestion is equal text and joins nothing. A join that is accepted makes chains name the person, at most inferred, with the caveat of an
operator's join: from the moment of the decision on, for the times between --from and --to.

Exit codes:
  0  shown, or decided
  1  wrong use, a rule that says no, or a fault
  3  there is nothing to suggest
  5  no database or instance can be reached`

interface DecideOptions {
  readonly reason: string
  readonly by?: string
  readonly from?: Instant
  readonly to?: Instant
}

export function registerIdentity(program: Command, context: CliContext): void {
  const command = program
    .command('identity')
    .description('whose a name is, where records do not tell')
    .addHelpText('after', HELP)
  command
    .command('suggestions')
    .description('names that read alike in several systems, and that nobody has decided on')
    .option('--json', 'for scripts')
    .action((options: { json?: boolean }) => runCommand(context, () => suggestions(context, options.json === true)))
  command
    .command('observations')
    .description(
      'several people behind one account, fleets, borrowed identities, human use of a workload\u2019s identity',
    )
    .option('-d, --days <n>', 'days before the newest retrieval that count', parseDays, DAYS_DEFAULT)
    .option('--json', 'for scripts')
    .action((options: { days: number; json?: boolean }) => runCommand(context, () => observations(context, options)))
  pairCommand(command, 'accept', 'join a name to a person')
    .option('--from <time>', 'since that day (from its beginning, UTC) or moment; left out: always', parseTime)
    .option('--to <time>', 'until that day begins (UTC), or until that moment', parseTime)
    .action((alias: string, principal: string, options: DecideOptions) =>
      runCommand(context, () => decide(context, acceptance(alias, principal, options), options.by)),
    )
  pairCommand(command, 'reject', 'say that a name is not that person\u2019s').action(
    (alias: string, principal: string, { reason, by }: DecideOptions) =>
      runCommand(context, () => decide(context, { do: 'RejectJoin', ...pairOf(alias, principal, reason) }, by)),
  )
  pairCommand(command, 'end', 'end a join')
    .requiredOption('--to <time>', 'until when it was so: until that day begins (UTC), or until that moment', parseTime)
    .action((alias: string, principal: string, { reason, to, by }: DecideOptions & { to: Instant }) =>
      runCommand(context, () => decide(context, { do: 'EndJoin', ...pairOf(alias, principal, reason), to }, by)),
    )
}

function pairCommand(command: Command, name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .argument('<alias>', 'key of an account, an entity, or a person of another directory')
    .argument('<person>', 'key of the person')
    .requiredOption('--reason <text>', 'why: what an auditor reads')
    .option('--by <name>', 'who decides; left out: the account of this machine')
}

function acceptance(alias: string, principal: string, { reason, from, to }: DecideOptions): IdentityCommand {
  const bounds = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return { do: 'AcceptJoin', ...pairOf(alias, principal, reason), ...bounds, isShared: false }
}

/** Nothing is known of who sits at a command line but a name: no key is their own. */
function pairOf(alias: string, principal: string, reason: string) {
  return { alias: alias as Key, principal: principal as Key, reason, ownKeys: [] }
}

async function suggestions(context: CliContext, json: boolean): Promise<ExitCode> {
  const open = await context.openReader()
  try {
    const { reader } = open
    const asOf = await reader.asOf()
    const found = await suggest(reader.index(asOf), await reader.sameNames(asOf, TEXTS_MAX))
    const paper = paperOf(context)
    const lines = found.map(({ alias, principal, why }) =>
      [
        paint([plain(why)], paper),
        paint([dim(`  catena identity accept ${alias} ${principal} --reason …`)], paper),
      ].join('\n'),
    )
    if (json) context.stdout.write(show({ cut: asOf.cut, suggestions: found }))
    else if (found.length > 0) context.stdout.write(`${lines.join('\n')}\n`)
    else context.stderr.write('catena: no two systems have a name that reads alike and that nobody has decided on\n')
    return found.length === 0 ? EXIT.nothingFound : EXIT.ok
  } finally {
    await open.close()
  }
}

async function decide(context: CliContext, asked: IdentityCommand, by: string | undefined): Promise<ExitCode> {
  const command = asked.do === 'AcceptJoin' ? { ...asked, isShared: await isShared(context, asked.alias) } : asked
  const instance = await context.openInstance()
  try {
    const decided = { actor: operatorOf(context, by), at: context.now() }
    const answer = await handleCommand(instance.ledger, identity, {
      stream: identityStream(command.alias),
      command,
      by: decided,
    })
    if (isRefusal(answer)) throw new CommandFailure(`${answer.message} (${answer.refused})`)
    const words = answer.events.length === 0 ? 'decided so already' : `decided at position ${answer.position}`
    context.stdout.write(`${words}: ${command.alias} and ${command.principal}\n`)
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

/** As the newest record of the name says. */
async function isShared(context: CliContext, alias: Key): Promise<boolean> {
  const open = await context.openReader()
  try {
    const newest = await open.reader.newestBound(await open.reader.asOf(), [alias])
    return newest.get(alias)?.attributes['sharedIdentity'] !== undefined
  } finally {
    await open.close()
  }
}

async function observations(context: CliContext, { days, json }: { days: number; json?: boolean }): Promise<ExitCode> {
  const open = await context.openReader()
  try {
    const asOf = await open.reader.asOf()
    const { chains, truncated } = await readChains(open.reader, { asOf, days })
    const found = observeIdentities(chains)
    if (json === true) context.stdout.write(show({ cut: asOf.cut, days, truncated, observations: found }))
    else for (const one of found) context.stdout.write(`${renderObservation(one, paperOf(context))}\n`)
    return found.length === 0 ? EXIT.nothingFound : EXIT.ok
  } finally {
    await open.close()
  }
}

function renderObservation(
  { kind, state, subject, words, retrievals, evidence }: IdentityObservation,
  paper: Paper,
): string {
  const title = paint([plain(`${state.toUpperCase()} `), { text: kind, style: 'bold' }, plain(`: ${subject}`)], paper)
  const rest = `  ${words}; ${counted(retrievals, 'retrieval')}`
  const [first] = evidence
  return `${title}\n${paint([plain(rest), dim(first === undefined ? '' : ` [#${first} +${evidence.length - 1}]`)], paper)}`
}
