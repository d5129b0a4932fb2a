import { FactDirectory, systemsOf } from '@catena/directory'
import type { Instant } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { describePerson, membersWithNames } from './people/describe.js'
import { renderMembers, renderPersons } from './people/render.js'
import { paperOf, runCommand } from './run-command.js'
import { showDirectory } from './people/json.js'
import { parseMoment } from './terminal/parse-moment.js'

interface Options {
  readonly on?: Instant
  readonly knownAt?: string
  readonly json?: boolean
}

const HELP = `
"since before the records": no record states the beginning; "read back": it is concluded from what was stated later.

Exit codes:
  0  found
  1  wrong use, or a fault
  3  nothing found
  4  (person) the name means several people: all are shown
  5  no database or instance can be reached`

export function registerPeople(program: Command, context: CliContext): void {
  withOptions(program.command('person'))
    .description('show who somebody is: names, manager, groups and employment at a time')
    .argument('<who>', 'login name, e-mail address, id or key')
    .addHelpText('after', HELP)
    .action((who: string, options: Options) =>
      runCommand(context, () => ask(context, options, (asked) => person(context, who, asked))),
    )
  withOptions(program.command('group'))
    .description('show who was in a group at a time')
    .argument('<name>', 'name, id or key of the group')
    .addHelpText('after', HELP)
    .action((name: string, options: Options) =>
      runCommand(context, () => ask(context, options, (asked) => group(context, name, asked))),
    )
}

function withOptions(command: Command): Command {
  return command
    .option('--on <time>', 'on that day (to its end, UTC) or at that moment (RFC 3339); left out: now', parseMoment)
    .option('--known-at <cut>', 'as it was known at the cut that an earlier answer named')
    .option('--json', 'for scripts')
}

interface Asked {
  readonly directory: FactDirectory
  readonly at: Instant
  readonly asOf: KnownAsOf
  readonly json: boolean
}

async function ask(
  context: CliContext,
  options: Options,
  answer: (asked: Asked) => Promise<ExitCode>,
): Promise<ExitCode> {
  const open = await context.openReader()
  try {
    const asOf = await open.reader.asOf({ knownAt: options.knownAt })
    const directory = directoryOf(open.reader, asOf)
    return await answer({ directory, asOf, at: options.on ?? context.now(), json: options.json === true })
  } finally {
    await open.close()
  }
}

function directoryOf(reader: AccessReader, asOf: KnownAsOf): FactDirectory {
  return new FactDirectory(reader.index(asOf), systemsOf(reader.settings.sources))
}

async function person(context: CliContext, who: string, { directory, at, asOf, json }: Asked): Promise<ExitCode> {
  const found = await directory.find(who)
  const persons = (await Promise.all(found.map((key) => describePerson(directory, key, at)))).filter(
    (one) => one !== undefined,
  )
  if (persons.length === 0) return nothing(context, `nobody is known as ${who}`)
  context.stdout.write(
    json ? showDirectory({ cut: asOf.cut, at, persons }) : renderPersons(persons, at, paperOf(context)),
  )
  return persons.length === 1 ? EXIT.ok : EXIT.notUnique
}

async function group(context: CliContext, name: string, { directory, at, asOf, json }: Asked): Promise<ExitCode> {
  const members = await membersWithNames(directory, name, at)
  if (members.length === 0) return nothing(context, `nobody was in a group ${name} then, as far as records tell`)
  context.stdout.write(
    json ? showDirectory({ cut: asOf.cut, at, members }) : renderMembers(name, members, at, paperOf(context)),
  )
  return EXIT.ok
}

function nothing(context: CliContext, words: string): ExitCode {
  context.stderr.write(`catena: ${words}\n`)
  return EXIT.nothingFound
}
