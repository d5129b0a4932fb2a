import { ERASED_POSITIONS_MAX, EventsDetached, type LedgerEvent } from '@catena/ledger'
import type { Instance } from '@catena/runtime'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { eventsNamed, type NamedEvents } from './erase/events-named.js'
import { erasedJson, nothingErasedJson, renderErased, renderPreview } from './erase/render.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { operatorOf } from './operator.js'
import { paperOf, runCommand } from './run-command.js'
import { confirm } from './terminal/confirm.js'
import { counted } from './terminal/numbers.js'

interface EraseOptions {
  readonly events: readonly string[]
  readonly reason: string
  readonly by?: string
  readonly yes?: boolean
  readonly json?: boolean
}

const HELP = `
Content and salt of the events are deleted for good; their hashes stay, so that proofs hold, and a tombstone in the ledger names them with reason and
name. Those stay for ever: write a reason that names nobody. Backups and archives made before are not touched.

Exit codes:
  0  erased, or all of them were erased before
  1  wrong use, a fault, or not confirmed: nothing was erased
  3  no event has that record id
  5  no database or instance can be reached`

export function registerErase(program: Command, context: CliContext): void {
  program
    .command('erase')
    .description('delete the content of events for good')
    .requiredOption('--events <positions...>', 'positions (12, 20..29) or record ids, separated by commas or blanks')
    .requiredOption('--reason <text>', 'why; it stays in the ledger')
    .option('--by <name>', 'who decided it, for the ledger; the account of this machine where absent')
    .option('--yes', 'do not ask')
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((options: EraseOptions) => runCommand(context, () => erase(context, options)))
}

async function erase(context: CliContext, options: EraseOptions): Promise<ExitCode> {
  const named = eventsNamed(options.events)
  if (options.reason.trim() === '') throw new CommandFailure('--reason is empty: say why, in words that name nobody')
  if (options.yes !== true && !context.isTerminal)
    throw new CommandFailure('nobody can be asked here: add --yes to erase without being asked')
  const actor = operatorOf(context, options.by)
  const instance = await context.openInstance()
  try {
    const positions = await positionsOf(instance, named)
    const events = await eventsAt(instance, positions)
    const open = events.filter(({ payload }) => payload !== undefined)
    if (open.length === 0) return nothingLeft(context, events, options)
    if (options.yes !== true) {
      context.stderr.write(renderPreview(events, paperOf(context)))
      const question = `Erase ${counted(open.length, 'event')} for good?`
      if (!(await confirm(context, question, 'erase'))) throw new CommandFailure('not confirmed: nothing was erased')
    }
    const outcome = await instance.ledger.eraseEvents({ positions, reason: options.reason.trim(), actor })
    const erased = { ...outcome, positions }
    context.stdout.write(options.json === true ? erasedJson(erased) : renderErased(erased, paperOf(context)))
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

async function positionsOf({ ledger }: Instance, { positions, recordIds }: NamedEvents): Promise<number[]> {
  const found = recordIds.length === 0 ? new Map<string, number>() : await ledger.positionsOfRecords(recordIds)
  const unknown = recordIds.filter((id) => !found.has(id))
  if (unknown.length > 0)
    throw new CommandFailure(`no record has the id ${unknown.join(', ')}: nothing was erased`, EXIT.nothingFound)
  const all = [...new Set([...positions, ...found.values()])].sort((a, b) => a - b)
  if (all.length > ERASED_POSITIONS_MAX)
    throw new CommandFailure(`${all.length} events are named: erase at most ${ERASED_POSITIONS_MAX} at once`)
  return all
}

/** Positions that hold nothing are refused before anybody is asked. */
async function eventsAt({ ledger }: Instance, positions: readonly number[]): Promise<LedgerEvent[]> {
  const events = await ledger.readAt(positions).catch((error: unknown) => {
    if (!(error instanceof EventsDetached)) throw error
    throw new CommandFailure(
      `events ${error.first} to ${error.last} are in an archive: \`catena archive attach <folder>/${error.file}\` first`,
    )
  })
  const there = new Set(events.map(({ position }) => position))
  const missing = positions.filter((position) => !there.has(position))
  if (missing.length === 0) return events
  const head = await ledger.head()
  throw new CommandFailure(
    `no event stands at ${missing.slice(0, 10).join(', ')} (the ledger ends at ${head}): nothing was erased`,
  )
}

function nothingLeft(context: CliContext, events: readonly LedgerEvent[], { json }: EraseOptions): ExitCode {
  if (json === true) context.stdout.write(nothingErasedJson(events.map(({ position }) => position)))
  context.stderr.write(`catena: ${counted(events.length, 'event')}: all of them were erased before\n`)
  return EXIT.ok
}
