import type { QuarantineEntry, QuarantineQuery } from '@catena/ledger'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { paperOf } from '../run-command.js'
import { entriesJson, entryJson } from './json.js'
import { renderEntries, renderEntry } from './render.js'

export interface ListOptions {
  readonly source?: string
  readonly state: string
  readonly after?: string
  readonly limit: string
  readonly json?: boolean
}

/** Entries of one answer. */
const LIMIT_MAX = 10_000

export async function listQuarantine(context: CliContext, options: ListOptions): Promise<ExitCode> {
  const limit = wholeNumber(options.limit, '--limit', LIMIT_MAX)
  const query: QuarantineQuery = {
    limit: limit + 1,
    ...(options.after === undefined ? {} : { after: wholeNumber(options.after, '--after') }),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...stateOf(options.state),
  }
  const instance = await context.openInstance()
  try {
    const entries = await instance.ledger.quarantineEntries(query)
    const counts = await instance.ledger.quarantineCounts()
    const list = { entries: entries.slice(0, limit), hasMore: entries.length > limit, counts }
    context.stdout.write(options.json === true ? entriesJson(list) : renderEntries(list, paperOf(context)))
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

export async function showQuarantined(
  context: CliContext,
  id: string,
  { json }: { json?: boolean },
): Promise<ExitCode> {
  const number = wholeNumber(id, 'the number of a quarantined record')
  const instance = await context.openInstance()
  try {
    const entry = await instance.ledger.quarantineEntry(number)
    if (entry === undefined) throw notQuarantined([number])
    context.stdout.write(json === true ? entryJson(entry) : renderEntry(entry, paperOf(context)))
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

export function notQuarantined(ids: readonly QuarantineEntry['id'][]): CommandFailure {
  return new CommandFailure(
    `nothing is quarantined under ${ids.join(', ')}: \`catena quarantine list --state all\` shows what is`,
    EXIT.nothingFound,
  )
}

function stateOf(state: string): Pick<QuarantineQuery, 'state'> {
  if (state === 'all') return {}
  if (state === 'open' || state === 'released') return { state }
  throw new CommandFailure(`--state is "${state}": write open, released or all`)
}

export function wholeNumber(text: string, what: string, max = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN
  if (number >= 1 && number <= max) return number
  throw new CommandFailure(
    `${what} is "${text}": write a whole number from 1${max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : ''}`,
  )
}
