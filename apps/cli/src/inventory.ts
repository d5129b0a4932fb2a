import type { Instant } from '@catena/domain'
import { FactDirectory } from '@catena/directory'
import { HistoryReader, impactOf, inventoryEntry, secretsSeenBy, summaryPosition } from '@catena/governance'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { renderEntry, renderLeaver } from './inventory/render.js'
import { paperOf, runCommand } from './run-command.js'
import { parseMoment } from './terminal/parse-moment.js'
import { onlyCredential } from './verdict/only-credential.js'

/** Consumers of so long ago would notice a revocation. */
const IMPACT_DAYS = 30

interface Options {
  readonly on?: Instant
  readonly json?: boolean
}

const HELP = `
Exit codes:
  0  shown
  1  wrong use, or a fault
  3  no such credential, or nothing was known of it then
  4  the name means several credentials; they are listed
  5  no database or instance can be reached`

export function registerInventory(program: Command, context: CliContext): void {
  program
    .command('inventory')
    .description('show what is known of a credential: kind, age, owner, places, who takes it out, what would break')
    .argument('<credential>', 'its name (secret/payments/stripe), the end of its path, or its id')
    .option('--on <time>', 'on that day (to its end, UTC) or at that moment (RFC 3339)', parseMoment)
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((term: string, options: Options) => runCommand(context, () => showEntry(context, term, options)))
}

const LEAVER_HELP = `
What is listed is every static secret that this person obtained, or perhaps obtained: open first, with the time since they left.
Whoever is only one of several candidates is listed as perhaps.

Exit codes:
  0  nothing that they have seen is valid still
  1  wrong use, or a fault
  2  something is valid still
  3  no directory and no record knows that person
  4  the word means several persons
  5  no database or instance can be reached`

export function registerLeaver(program: Command, context: CliContext): void {
  program
    .command('leaver')
    .description('list the secrets that a person has seen and whether they are still valid')
    .argument('<person>', 'login name, e-mail address or key')
    .option('--on <time>', 'on that day (to its end, UTC) or at that moment (RFC 3339)', parseMoment)
    .option('--json', 'for scripts')
    .addHelpText('after', LEAVER_HELP)
    .action((term: string, options: Options) => runCommand(context, () => showLeaver(context, term, options)))
}

async function showEntry(context: CliContext, term: string, { on, json }: Options): Promise<ExitCode> {
  const open = await context.openReader()
  const { reader } = open
  try {
    const asOf = await reader.asOf()
    const { id } = await onlyCredential(reader, asOf, term)
    const history = await new HistoryReader(reader).onDate(asOf, id, on ?? context.now())
    if (history === undefined) throw new CommandFailure(`nothing is known of ${term} at that moment`, EXIT.nothingFound)
    const shown = { entry: inventoryEntry(history), impact: impactOf(history, IMPACT_DAYS) }
    context.stdout.write(
      json === true
        ? `${JSON.stringify({ ...shown, cut: asOf.cut }, null, 2)}\n`
        : renderEntry(shown, paperOf(context)),
    )
    return EXIT.ok
  } finally {
    await open.close()
  }
}

async function showLeaver(context: CliContext, term: string, { on, json }: Options): Promise<ExitCode> {
  const open = await context.openReader()
  const { reader } = open
  try {
    const asOf = await reader.asOf()
    await requireSummaries(context, reader, asOf)
    const person = await onlyPerson(reader, asOf, term)
    const { seen, isCut } = await secretsSeenBy(reader, asOf, person, on ?? context.now())
    if (isCut)
      context.stderr.write(
        'catena: more came through the names of the person than was followed: the list is not complete\n',
      )
    context.stdout.write(
      json === true
        ? `${JSON.stringify({ person, seen, truncated: isCut, cut: asOf.cut }, null, 2)}\n`
        : renderLeaver(person, seen, paperOf(context)),
    )
    return seen.some(({ endedAt }) => endedAt === undefined) ? EXIT.unattributed : EXIT.ok
  } finally {
    await open.close()
  }
}

/** An empty list would look like an answer. Throws CommandFailure. */
async function requireSummaries(context: CliContext, reader: AccessReader, asOf: KnownAsOf): Promise<void> {
  const position = await summaryPosition(reader.pool)
  if (position === 0 && asOf.position > 0)
    throw new CommandFailure('summaries were not made yet: start `catena up` and ask again', EXIT.failed)
  if (position < asOf.position)
    context.stderr.write(`catena: ${asOf.position - position} entries are not yet in this answer\n`)
}

async function onlyPerson(reader: AccessReader, asOf: KnownAsOf, term: string) {
  const systems = reader.settings.sources.map(({ kind, scope }) => `${kind}/${scope}`)
  const persons = await new FactDirectory(reader.index(asOf), systems).find(term)
  const [only] = persons
  if (only === undefined) throw new CommandFailure(`no directory knows ${term}`, EXIT.nothingFound)
  if (persons.length > 1)
    throw new CommandFailure(
      `${term} means several persons:\n${persons.map((key) => `  ${key}`).join('\n')}`,
      EXIT.notUnique,
    )
  return only
}
