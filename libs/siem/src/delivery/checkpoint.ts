import type { Instant } from '@catena/domain'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import type { FeedDraft, FeedEvent } from '../feed/event.js'
import { feedId } from '../feed/feed-id.js'
import { appendToFeed } from '../feed/feed-table.js'
import { severityOf } from '../feed/kinds.js'
import { messageText } from '../sinks/message-text.js'
import type { Addition } from './destinations/decider.js'

/** How far a destination has acknowledged. */
export interface ExportCheckpoint {
  readonly sequence: number
  /** Raised by each replay, and where another destination takes over the name. */
  readonly epoch: number
}

/** A replay, or another worker, moved the checkpoint: read it again. */
export class CheckpointMoved extends Error {
  constructor(destination: string) {
    super(`the checkpoint of ${destination} was moved`)
    this.name = 'CheckpointMoved'
  }
}

/** Another destination was added under the name since: there is nothing more to do for this one. */
export class AddedAgain extends Error {
  constructor(destination: string) {
    super(`${destination} was removed and added again`)
    this.name = 'AddedAgain'
  }
}

/** An event that a destination will never take. */
export interface DeadLetter {
  readonly event: FeedEvent
  readonly reason: string
}

/** Where a new destination begins, or one that takes over the name of another. Throws AddedAgain. */
export async function readCheckpoint(pool: pg.Pool, addition: Addition, at: Instant): Promise<ExportCheckpoint> {
  const { id, added, after } = addition
  const known = await checkpointOf(pool, addition)
  if (known !== undefined) return known
  await pool.query(BEGIN, [id, added, after ?? null, at])
  const begun = await checkpointOf(pool, addition)
  if (begun === undefined) throw new AddedAgain(id)
  return begun
}

/** What an earlier version wrote belongs to the destination that it added, and says no number. */
const BEGIN = `
  INSERT INTO export_checkpoint AS c (destination, added, sequence, moved_at)
    VALUES ($1, $2::int, coalesce($3::bigint, 0), to_timestamp($4::float8 / 1000))
  ON CONFLICT (destination) DO UPDATE SET added = excluded.added,
    sequence = CASE WHEN c.added IS NULL AND $3::bigint IS NULL THEN c.sequence ELSE excluded.sequence END,
    epoch = CASE WHEN c.added IS NULL AND $3::bigint IS NULL THEN c.epoch ELSE c.epoch + 1 END,
    delivered = CASE WHEN c.added IS NULL AND $3::bigint IS NULL THEN c.delivered ELSE 0 END,
    moved_at = CASE WHEN c.added IS NULL AND $3::bigint IS NULL THEN c.moved_at ELSE excluded.moved_at END,
    failures = 0, last_error = NULL, last_error_at = NULL
  WHERE c.added IS NULL OR c.added < excluded.added`

/** Throws AddedAgain. */
async function checkpointOf(pool: pg.Pool, { id, added }: Addition): Promise<ExportCheckpoint | undefined> {
  const { rows } = await pool.query<{ sequence: string; epoch: number; added: number | null }>({
    name: 'export-checkpoint',
    text: 'SELECT sequence, epoch, added FROM export_checkpoint WHERE destination = $1',
    values: [id],
  })
  const [row] = rows
  if ((row?.added ?? 0) > added) throw new AddedAgain(id)
  return row?.added === added ? { sequence: Number(row.sequence), epoch: row.epoch } : undefined
}

/**
 * Moves over an acknowledged prefix; what was refused for good goes to the dead letters in the same transaction, and the feed tells of the gap.
 * Throws CheckpointMoved.
 */
export async function moveCheckpoint(
  pool: pg.Pool,
  move: {
    readonly addition: Addition
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
      await appendToFeed(client, move.dead.flatMap((letter) => draftOfGap(move.addition.id, letter, move.at)), move.at)
      for (const letter of move.dead) await insertDead(client, move.addition, letter, move.at)
    })
  } finally {
    client.release()
  }
} // prettier-ignore

async function compareAndSet(
  client: Pick<pg.Pool, 'query'>,
  { addition: { id, added }, from, to, delivered, at }: Parameters<typeof moveCheckpoint>[1],
): Promise<void> {
  const { rowCount } = await client.query({
    name: 'export-move',
    text: `UPDATE export_checkpoint SET sequence = $4, delivered = delivered + $5, moved_at = to_timestamp($6::float8 / 1000), failures = 0, last_error = NULL
      WHERE destination = $1 AND sequence = $2 AND epoch = $3 AND added = $7`,
    values: [id, from.sequence, from.epoch, to, delivered, at, added],
  })
  if (rowCount !== 1) throw new CheckpointMoved(id)
}

async function insertDead(client: pg.ClientBase, { id, added }: Addition, { event, reason }: DeadLetter, at: Instant): Promise<void> {
  await client.query(
    `INSERT INTO export_dead_letter (destination, added, sequence, event_id, reason, refused_at)
      VALUES ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000)) ON CONFLICT DO NOTHING`,
    [id, added, event.sequence, event.id, messageText(reason), at],
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

/** Notes a failure that passes, for people. Throws AddedAgain. */
export async function noteFailure(pool: pg.Pool, addition: Addition, error: string, at: Instant): Promise<void> {
  await readCheckpoint(pool, addition, at)
  await pool.query(
    `UPDATE export_checkpoint SET failures = failures + 1, last_error = $3, last_error_at = to_timestamp($4::float8 / 1000)
      WHERE destination = $1 AND added = $2`,
    [addition.id, addition.added, messageText(error), at],
  )
}

/** Sends everything after the sequence again. Throws AddedAgain. */
export async function resetCheckpoint(pool: pg.Pool, addition: Addition, after: number, at: Instant): Promise<void> {
  await readCheckpoint(pool, addition, at)
  await pool.query(
    `UPDATE export_checkpoint SET sequence = $3, epoch = epoch + 1, moved_at = to_timestamp($4::float8 / 1000)
      WHERE destination = $1 AND added = $2`,
    [addition.id, addition.added, after, at],
  )
}
