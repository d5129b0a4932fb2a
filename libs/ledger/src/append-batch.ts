import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { NO_LANE, startOf, tally, type SourceTally, type TakenBatch } from './batch.js'
import type { AppendManner } from './decisions.js'
import { copyEvents } from './event-copy.js'
import { sealedRows, type EventRow } from './event-row.js'
import type { Partitions } from './partitions.js'
import { LaneMoved, type BatchOutcome, type LaneAdvance } from './port.js'
import { admitWithKeys } from './source-keys.js'
import { writeIntake, writeQuarantine } from './write-intake.js'

/** Wakes readers; polling is the truth. */
export const APPEND_CHANNEL = 'catena_ledger'

const LOCK_HEAD = { name: 'ledger-lock-head', text: 'SELECT position FROM ledger_head FOR UPDATE' }
const MOVE_HEAD = { name: 'ledger-move-head', text: 'UPDATE ledger_head SET position = $1' }
const MOVE_HEAD_AND_WAKE = {
  name: 'ledger-move-head-and-wake',
  text: `WITH moved AS (UPDATE ledger_head SET position = $1 RETURNING position)
    SELECT pg_notify($2, position::text) FROM moved`,
}

export interface AppendedBatch {
  readonly outcome: BatchOutcome
  readonly tallies: readonly SourceTally[]
  readonly rows: readonly EventRow[]
}

/** The steps of one batch inside its transaction. Always lane, then head: the same order of locks everywhere. */
export async function appendBatch(
  client: pg.Client,
  partitions: Partitions,
  batch: TakenBatch,
  now: Instant,
): Promise<AppendedBatch> {
  if (batch.advance) await advanceLane(client, batch.advance, now)
  const head = await lockHead(client)
  const { admitted, rows } = await admitWithKeys(client, batch, head, (records) => sealedRows(records, head, now))
  const stored = admitted.records.length
  if (stored > 0) await insertEvents(client, partitions, rows, head, stored)
  await writeQuarantine(client, batch.quarantined, now)
  const tallies = tally(batch, admitted, now)
  await writeIntake(client, batch.advance?.lane ?? NO_LANE, tallies, now)
  const duplicates = tallies.reduce((sum, { duplicates }) => sum + duplicates, 0)
  const outcome = { head: head + stored, stored, duplicates, quarantined: admitted.quarantined.length, admitted }
  return { outcome, tallies, rows }
}

/** Until this transaction ends, nobody else appends and nothing can become visible before it. */
export async function lockHead(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ position: string }>(LOCK_HEAD)
  if (rows[0] === undefined) throw new Error('ledger_head has no row: the database was not migrated')
  return Number(rows[0].position)
}

/** Writes rows behind the locked head, moves it and, unless nobody waits for them, wakes readers at COMMIT. */
export async function insertEvents(
  client: pg.Client,
  partitions: Partitions,
  rows: Iterable<EventRow>,
  head: number,
  count: number,
  { wakes = true }: AppendManner = {},
): Promise<void> {
  const next = head + count
  await partitions.ensure(client, head + 1, next)
  await copyEvents(client, rows)
  await client.query(
    wakes ? { ...MOVE_HEAD_AND_WAKE, values: [next, APPEND_CHANNEL] } : { ...MOVE_HEAD, values: [next] },
  )
}

async function advanceLane(client: pg.Client, advance: LaneAdvance, now: Instant): Promise<void> {
  const { lane, expected, next, holes, content } = advance
  const moved = [lane, String(next), holes, now / 1000, content ?? null]
  const { rowCount } =
    expected === undefined
      ? await client.query(
          `INSERT INTO lane (lane, next, holes, moved_at, content, first)
           VALUES ($1, $2, $3, to_timestamp($4), $5, $6) ON CONFLICT DO NOTHING`,
          [...moved, String(startOf(advance))],
        )
      : await client.query(
          `UPDATE lane SET next = $2, holes = holes + $3, moved_at = to_timestamp($4), content = $5
           WHERE lane = $1 AND next = $6`,
          [...moved, String(expected)],
        )
  if (rowCount === 1) return
  const { rows } = await client.query<{ next: string }>('SELECT next FROM lane WHERE lane = $1', [lane])
  throw new LaneMoved(lane, expected, rows[0] && BigInt(rows[0].next))
}
