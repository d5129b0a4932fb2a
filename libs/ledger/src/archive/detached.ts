import type pg from 'pg'
import type { LedgerEvent } from '../port.js'

/** A range of positions whose records stand in a file instead of the database. */
export interface DetachedRange {
  readonly first: number
  readonly last: number
  readonly file: string
}

/** Records at these positions were moved to a file: attach it again to read them. They are not lost, and not missing. */
export class EventsDetached extends Error {
  readonly first: number
  readonly last: number
  readonly file: string

  constructor(range: DetachedRange) {
    super(`events ${range.first} to ${range.last} are detached: reattach ${range.file} to read them`)
    this.name = 'EventsDetached'
    this.first = range.first
    this.last = range.last
    this.file = range.file
  }
}

/**
 * Events of one page up to the first that is detached. Throws EventsDetached when that is the very first.
 * Asks the database only when the page has a hole or ends early.
 */
export async function requireAttached(
  pool: pg.Pool,
  after: number,
  limit: number,
  events: LedgerEvent[],
): Promise<LedgerEvent[]> {
  if (events.length === limit) return events
  const hole = events.findIndex(({ position }, index) => position !== after + 1 + index)
  const kept = hole < 0 ? events.length : hole
  const range = (await detachedAt(pool, [after + kept + 1]))[0]
  if (range === undefined) return events
  if (kept === 0) throw new EventsDetached(range)
  return events.slice(0, kept)
}

/** The events found, if none of those missing is detached; else throws EventsDetached. */
export async function requireReadable(
  pool: pg.Pool,
  positions: readonly number[],
  events: LedgerEvent[],
): Promise<LedgerEvent[]> {
  const found = new Set(events.map(({ position }) => position))
  const missing = [...new Set(positions)].filter((position) => position > 0 && !found.has(position))
  const range = missing.length === 0 ? undefined : (await detachedAt(pool, missing))[0]
  if (range !== undefined) throw new EventsDetached(range)
  return events
}

/** Ranges that hold any of the positions, ascending. */
export async function detachedAt(
  client: pg.Pool | pg.ClientBase,
  positions: readonly number[],
): Promise<DetachedRange[]> {
  const { rows } = await client.query<{ first: string; last: string; file: string }>(
    `SELECT first, last, file FROM event_archive
     WHERE EXISTS (SELECT FROM unnest($1::bigint[]) AS wanted WHERE wanted BETWEEN first AND last) ORDER BY first`,
    [positions],
  )
  return rows.map(({ first, last, file }) => ({ first: Number(first), last: Number(last), file }))
}
