import type { Instant } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import { InvalidArgumentError, type Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { parseMoment } from './terminal/parse-moment.js'
import { isAttributed, type Answer } from './trace/answer.js'
import { findChains } from './trace/find-chains.js'
import { answerJson, meaningsJson } from './trace/json.js'
import { findMeanings, type Meaning } from './trace/meaning.js'
import { evidenceOf, renderAnswer, renderMeanings, renderNothing } from './trace/render.js'

/** Chains shown unless more are asked for. */
const LIMIT_DEFAULT = 10

interface TraceOptions {
  readonly limit: number
  readonly all?: boolean
  readonly requests?: boolean
  readonly evidence?: boolean
  readonly strict?: boolean
  readonly json?: boolean
  readonly asOf?: Instant
  readonly knownAt?: string
}

const HELP = `
A term is a credential (secret/payments/stripe, secret/data/payments/stripe, or the end of its path),
a person (login name, e-mail, person key), an account, a repository, a lease id, a CI run (4711 or 4711/1),
a token accessor, a session id, or the id of a request.

Every statement is PROVEN, INFERRED, AMBIGUOUS or MISSING. [#12 #13 +2] are the records that it rests on:
their positions in the ledger; a line without them rests on records named above it (--evidence shows all).

Exit codes:
  0  found (with --strict: and every chain's path and actor are proven or inferred)
  1  wrong use, or a fault
  2  with --strict: whose it was is not known for at least one chain shown
  3  nothing found
  4  the term means several things: they are listed with narrower terms
  5  no database or instance can be reached`

export function registerTrace(program: Command, context: CliContext): void {
  program
    .command('trace')
    .description('show who obtained a credential, by what right, through what, and how it ended')
    .argument('<term>', 'credential, principal, lease, run, token accessor, session or request')
    .option('-n, --limit <n>', 'newest chains to show', parseLimit, LIMIT_DEFAULT)
    .option('--all', 'show all of them')
    .option('--requests', 'also requests that obtain no credential')
    .option('--evidence', 'show the redacted records that each chain rests on')
    .option('--as-of <time>', 'as it was on that day (to its end, UTC) or at that moment (RFC 3339)', parseMoment)
    .option('--known-at <cut>', 'as it was known at the cut that an earlier answer named')
    .option('--strict', 'exit with 2 where an actor or a path is ambiguous or missing')
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((term: string, options: TraceOptions) => runCommand(context, () => trace(context, term, options)))
}

async function trace(context: CliContext, term: string, options: TraceOptions): Promise<ExitCode> {
  const open = await context.openReader()
  const { reader } = open
  try {
    const asOf = await reader.asOf({ knownAt: options.knownAt, validAt: options.asOf })
    const meanings = await findMeanings(reader, asOf, term)
    const [meaning] = meanings
    if (meaning === undefined || meanings.length > 1) return refuse(context, term, meanings, options)
    return await answer(context, reader, { asOf, term, meaning }, options)
  } finally {
    await open.close()
  }
}

function refuse(context: CliContext, term: string, meanings: readonly Meaning[], { json }: TraceOptions): ExitCode {
  const paper = paperOf(context)
  if (json === true) context.stdout.write(meaningsJson(term, meanings))
  const words = meanings.length === 0 ? renderNothing(term, paper) : renderMeanings(term, meanings, paper)
  context.stderr.write(`${words}\n`)
  return meanings.length === 0 ? EXIT.nothingFound : EXIT.notUnique
}

async function answer(
  context: CliContext,
  reader: AccessReader,
  asked: Pick<Answer, 'asOf' | 'term' | 'meaning'>,
  options: TraceOptions,
): Promise<ExitCode> {
  const limit = options.all === true ? Infinity : options.limit
  const found = await findChains(reader, asked.asOf, asked.meaning, { limit, everyRequest: options.requests === true })
  const records = options.evidence === true ? await readRecords(reader, asked.asOf, found.chains) : undefined
  const whole: Answer = { ...asked, ...found, ...(records === undefined ? {} : { records }) }
  context.stdout.write(options.json === true ? answerJson(whole) : renderAnswer(whole, paperOf(context)))
  if (found.chains.length === 0) return EXIT.nothingFound
  const isOpen = found.chains.some(({ chain }) => !isAttributed(chain))
  return options.strict === true && isOpen ? EXIT.unattributed : EXIT.ok
}

async function readRecords(
  reader: AccessReader,
  asOf: KnownAsOf,
  chains: Answer['chains'],
): Promise<Map<number, LedgerEvent>> {
  const wanted = [...new Set(chains.flatMap(({ chain }) => evidenceOf(chain)))]
  return new Map((await reader.records(asOf, wanted)).map((event) => [event.position, event]))
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit < 1) throw new InvalidArgumentError('It must be a number from 1 on.')
  return limit
}
