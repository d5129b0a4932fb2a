import { asDatabaseError, createPool, isTransient } from '@catena/platform'
import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { LedgerUnavailable } from '../errors.js'
import { PARTITION_POSITIONS } from '../partitions.js'
import { declaredRanges, type DeclaredRange } from './declaration.js'

export interface Archives {
  /** Ranges whose records stand in files, ascending. */
  readonly detached: readonly DeclaredRange[]
  /** Position of the last event. */
  readonly head: number
  /** Positions of closed partitions end here; 0: none is closed. */
  readonly closedUpTo: number
}

/** What was detached and what could be. Throws LedgerUnavailable. */
export function listArchives(databaseUrl: string): Promise<Archives> {
  return withPool(databaseUrl, async (pool) => {
    const { rows } = await pool.query<{ head: string }>('SELECT position AS head FROM ledger_head')
    const head = Number(rows[0]?.head ?? 0)
    return { detached: await declaredRanges(pool), head, closedUpTo: lastClosed(head) }
  })
}

/** Last position of the partitions that end at or before `position`; 0: there is none. */
export function lastClosed(position: number): number {
  return Math.max(0, Math.floor((position + 1) / PARTITION_POSITIONS) * PARTITION_POSITIONS - 1)
}

/** Last position before everything that was recorded at `time` or later; the head where nothing was. */
export function lastBefore(databaseUrl: string, time: Instant): Promise<number> {
  return withPool(databaseUrl, async (pool) => {
    const { rows } = await pool.query<{ last: string }>(
      `SELECT coalesce((SELECT min(position) - 1 FROM event WHERE recorded_at >= to_timestamp($1)), position) AS last
       FROM ledger_head`,
      [time / 1000],
    )
    return Number(rows[0]?.last ?? 0)
  })
}

async function withPool<T>(databaseUrl: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = createPool(databaseUrl, { applicationName: 'catena-archive', max: 1 })
  try {
    return await work(pool)
  } catch (error) {
    throw isTransient(error) ? new LedgerUnavailable(asDatabaseError(error, databaseUrl)) : error
  } finally {
    await pool.end()
  }
}
