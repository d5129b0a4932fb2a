import { LOST_TOGETHER_MS, type AsOf } from '@catena/access-chain'
import type { Activity, Instant } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import type pg from 'pg'
import { validUs } from './credentials.js'

/** What stands for a record that its connector failed on: it names nothing and says that something is not known. A rebuild by a version that can read it puts the fact in its place. */
export function notInterpreted(event: LedgerEvent, failure: string): Activity {
  const { position, source, type, occurredAt, recordId } = event
  return {
    factId: `not-interpreted:${source}:${recordId}`,
    source,
    kind: 'not-interpreted',
    type,
    occurredAt,
    resolutionMs: 0,
    outcome: 'unknown',
    groups: [],
    attributes: { failure },
    conflicts: [],
    positions: [position],
  }
}

/** Of an error its class, which the program named; its message may quote the record. */
export function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.constructor.name : typeof error
  return /^\w{1,60}$/.test(name) ? name : 'Error'
}

/** Times are what facts are ordered by. */
export function isTimed({ occurredAt, completedAt }: Activity): boolean {
  return Number.isFinite(occurredAt) && (completedAt === undefined || Number.isFinite(completedAt))
}

/** Of a source the records of one hour of the clock that its connector failed on: one gap. */
export interface LostHour {
  readonly source: string
  /** When the hour begins. */
  readonly from: Instant
  readonly facts: number
}

/** By source and time; reads no record, so that it can be asked often. */
export async function listLostHours(pool: pg.Pool, asOf: AsOf): Promise<LostHour[]> {
  const { rows } = await pool.query<{ source: string; hour: string; facts: string }>({
    name: 'access-lost-hours',
    text: `SELECT source, occurred_us / ${LOST_TOGETHER_MS * 1000}::bigint AS hour, count(*) AS facts FROM access_fact
      WHERE kind = 'not-interpreted' AND first_position <= $1 AND occurred_us <= $2::bigint GROUP BY 1, 2 ORDER BY 1, 2`,
    values: [asOf.position, validUs(asOf)],
  })
  return rows.map(({ source, hour, facts }) => ({ source, from: Number(hour) * LOST_TOGETHER_MS, facts: Number(facts) }))
} // prettier-ignore

/** Records of a type that its connector failed on. */
export interface NotInterpreted {
  readonly source: string
  readonly type: string
  /** Class of the error. */
  readonly failure: string
  readonly facts: number
}

/** Most frequent first. */
export async function listNotInterpreted(pool: pg.Pool, asOf: AsOf): Promise<NotInterpreted[]> {
  const { rows } = await pool.query<{ source: string; type: string; failure: string; facts: string }>({
    name: 'access-not-interpreted',
    text: `SELECT source, body ->> 'type' AS type, body #>> '{attributes,failure}' AS failure, count(*) AS facts
      FROM (SELECT source, convert_from(body, 'UTF8')::json AS body FROM access_fact
        WHERE kind = 'not-interpreted' AND first_position <= $1 AND occurred_us <= $2::bigint) failed
      GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`,
    values: [asOf.position, validUs(asOf)],
  })
  return rows.map(({ facts, ...row }) => ({ ...row, facts: Number(facts) }))
}
