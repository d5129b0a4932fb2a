import type { Instant } from '@catena/domain'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import type { FeedDraft, FeedEvent } from '../feed/event.js'
import { feedId } from '../feed/feed-id.js'
import { appendToFeed } from '../feed/feed-table.js'
import { severityOf } from '../feed/kinds.js'
import { messageText } from '../sinks/message-text.js'

/** How far a destination has acknowledged. */
export interface ExportCheckpoint {
  readonly sequence: number
  /** Raised by each replay. */
  readonly epoch: number
}

/** A replay, or another worker, moved the checkpoint: read it again. */
export class CheckpointMoved extends Error {
  constructor(destination: string) {
    super(`the checkpoint of ${destination} was moved`)
    this.name = 'CheckpointMoved'
  }
}

/** An event that a destination will never take. */
export interface DeadLetter {
  readonly event: FeedEvent
  readonly reason: string
}

const NONE: ExportCheckpoint = { sequence: 0, epoch: 0 }

/** A new destination begins with the first event of the feed. */
export async function readCheckpoint(pool: pg.Pool, destination: string, at: Instant): Promise<ExportCheckpoint> {
  const known = await checkpointOf(pool, destination)
  if (known !== undefined) return known
  await pool.query(
    'INSERT INTO export_checkpoint (destination, sequence, moved_at) VALUES ($1, 0, to_timestamp($2::float8 / 1000)) ON CONFLICT DO NOTHING',
    [destination, at],
  )
  return (await checkpointOf(pool, destination)) ?? NONE
}

async function checkpointOf(pool: pg.Pool, destination: string): Promise<ExportCheckpoint | undefined> {
  const { rows } = await pool.query<{ sequence: string; epoch: number }>({
    name: 'export-checkpoint',
    text: 'SELECT sequence, epoch FROM export_checkpoint WHERE destination = $1',
    values: [destination],
  })
  const [row] = rows
  return row === undefined ? undefined : { sequence: Number(row.sequence), epoch: row.epoch }
}

/**
 * Moves over an acknowledged prefix; what was refused for good goes to the dead letters in the same transaction, and the feed tells of the gap.
 * Throws CheckpointMoved.
 */
export async function moveCheckpoint(
  pool: pg.Pool,
  move: {
    readonly destination: string
    readonly from: ExportCheckpoint
    readonly to: number
    readonly delivered: number
    readonly dead: readonly DeadLetter[]
    readonly at: Instant
  },
): Promise<void> {
  if (move.dead.length === 0) {
    await compareAndSet(pool, move)
    return
  }
  const client = await pool.connect()
  try {
    await transaction(client, async () => {
      await compareAndSet(client, move)
      await appendToFeed(client, move.dead.flatMap((letter) => draftOfGap(move.destination, letter, move.at)), move.at)
      for (const letter of move.dead) await insertDead(client, move.destination, letter, move.at)
    })
  } finally {
    client.release()
  }
} // prettier-ignore

async function compareAndSet(
  client: Pick<pg.Pool, 'query'>,
  { destination, from, to, delivered, at }: Parameters<typeof moveCheckpoint>[1],
): Promise<void> {
  const { rowCount } = await client.query({
    name: 'export-move',
    text: `UPDATE export_checkpoint SET sequence = $4, delivered = delivered + $5, moved_at = to_timestamp($6::float8 / 1000), failures = 0, last_error = NULL
      WHERE destination = $1 AND sequence = $2 AND epoch = $3`,
    values: [destination, from.sequence, from.epoch, to, delivered, at],
  })
  if (rowCount !== 1) throw new CheckpointMoved(destination)
}

async function insertDead(client: pg.ClientBase, destination: string, { event, reason }: DeadLetter, at: Instant): Promise<void> {
  await client.query(
    `INSERT INTO export_dead_letter (destination, sequence, event_id, reason, refused_at)
      VALUES ($1, $2, $3, $4, to_timestamp($5::float8 / 1000)) ON CONFLICT DO NOTHING`,
    [destination, event.sequence, event.id, messageText(reason), at],
  )
} // prettier-ignore

/** That a destination lacks an event is itself told; that it lacks such a message is not, or it would go on for ever. */
function draftOfGap(destination: string, { event, reason }: DeadLetter, at: Instant): FeedDraft[] {
  if (event.content.kind === 'events-undelivered') return []
  const reference = `${destination}/${event.sequence}`
  return [
    {
      id: feedId(`undelivered:${reference}`),
      content: {
        kind: 'events-undelivered',
        severity: severityOf('events-undelivered'),
        occurredAt: at,
        outcome: 'failed',
        source: 'catena',
        reference,
        type: 'event refused',
        summary: `${destination} will not get event ${event.sequence}: ${messageText(reason)}`,
        entity: { type: 'export destination', id: destination, name: destination },
        related: [event.id],
      },
      positions: [],
    },
  ]
}

/** Notes a failure that passes, for people. */
export async function noteFailure(pool: pg.Pool, destination: string, error: string, at: Instant): Promise<void> {
  await pool.query(
    `INSERT INTO export_checkpoint (destination, sequence, moved_at, failures, last_error, last_error_at)
      SELECT $1, 0, at, 1, $2, at FROM to_timestamp($3::float8 / 1000) AS at
      ON CONFLICT (destination) DO UPDATE
      SET failures = export_checkpoint.failures + 1, last_error = excluded.last_error, last_error_at = excluded.last_error_at`,
    [destination, messageText(error), at],
  )
}

/** Sends everything after the sequence again. */
export async function resetCheckpoint(pool: pg.Pool, destination: string, after: number, at: Instant): Promise<void> {
  await readCheckpoint(pool, destination, at)
  await pool.query(
    `UPDATE export_checkpoint SET sequence = $2, epoch = epoch + 1, moved_at = to_timestamp($3::float8 / 1000) WHERE destination = $1`,
    [destination, after, at],
  )
}
