import { hash } from 'node:crypto'
import type { Instant } from '@catena/domain'
import { NO_SURROUNDINGS, type Surroundings } from '@catena/governance'
import { copyRows } from '@catena/platform'
import type pg from 'pg'
import type { FeedContent, FeedDraft, FeedEvent } from './event.js'
import { wellFormedJson } from './well-formed.js'

/** Where the feed ends. */
export interface FeedHead {
  readonly sequence: number
  readonly bytesTotal: number
  /** Ledger position up to which it was derived. */
  readonly position: number
}

/** Another writer derived from this position before: forget the batch and read the head again. */
export class FeedMoved extends Error {
  constructor() {
    super('another worker wrote the feed')
    this.name = 'FeedMoved'
  }
}

/** Where a step of deriving the feed began, where it ended, and under which surroundings. */
export interface DerivedStep {
  readonly from: number
  readonly to: number
  readonly surroundings: Surroundings
  /** Was the event at this ledger position erased? What rests on one is told without its content. */
  readonly isErased: (position: number) => boolean
}

/**
 * Appends what is new or changed, inside the caller's transaction; drafts equal to the newest revision of their id add nothing.
 * `derived`: moves the position by compare-and-set, and throws FeedMoved. Resolves with the number of events added.
 */
export async function appendToFeed(
  client: pg.ClientBase,
  drafts: readonly FeedDraft[],
  at: Instant,
  derived?: DerivedStep,
): Promise<number> {
  const head = await lockHead(client)
  if (derived !== undefined && head.position !== derived.from) throw new FeedMoved()
  const rows = await news(client, drafts, derived?.isErased ?? NOTHING_ERASED)
  let { sequence, bytesTotal } = head
  const placed = rows.map((row) => ({
    ...row,
    sequence: ++sequence,
    bytesTotal: (bytesTotal += row.content?.length ?? 0),
  }))
  if (placed.length > 0) await insert(client, placed, at)
  const position = derived?.to ?? head.position
  const surroundings = derived === undefined ? null : JSON.stringify(derived.surroundings)
  await client.query({
    ...(placed.length > 0 ? MOVE_HEAD_AND_WAKE : MOVE_HEAD),
    values: [sequence, bytesTotal, position, surroundings],
  })
  return placed.length
}

/** Told of each append. */
export const FEED_CHANNEL = 'catena_feed'

const MOVE_HEAD = {
  name: 'feed-move-head',
  text: 'UPDATE feed_head SET sequence = $1, bytes_total = $2, position = $3, surroundings = coalesce($4::jsonb, surroundings)',
}
const MOVE_HEAD_AND_WAKE = {
  name: 'feed-move-head-and-wake',
  text: `WITH moved AS (${MOVE_HEAD.text} RETURNING sequence) SELECT pg_notify('${FEED_CHANNEL}', '') FROM moved`,
}

async function lockHead(client: pg.ClientBase): Promise<FeedHead> {
  const { rows } = await client.query<HeadRow>({
    name: 'feed-lock-head',
    text: 'SELECT sequence, bytes_total, position FROM feed_head FOR UPDATE',
  })
  return toHead(rows[0])
}

interface HeadRow {
  readonly sequence: string
  readonly bytes_total: string
  readonly position: string
}

function toHead(row: HeadRow | undefined): FeedHead {
  return { sequence: Number(row?.sequence ?? 0), bytesTotal: Number(row?.bytes_total ?? 0), position: Number(row?.position ?? 0) } // prettier-ignore
}

export async function readFeedHead(pool: Pick<pg.Pool, 'query'>): Promise<FeedHead> {
  const { rows } = await pool.query<HeadRow>('SELECT sequence, bytes_total, position FROM feed_head')
  return toHead(rows[0])
}

/** Under which the feed was derived; of an empty one nothing is known. */
export async function readStood(pool: Pick<pg.Pool, 'query'>): Promise<Surroundings> {
  const { rows } = await pool.query<{ surroundings: Surroundings | null }>('SELECT surroundings FROM feed_head')
  return rows[0]?.surroundings ?? NO_SURROUNDINGS
}

interface NewRow {
  readonly id: string
  readonly revision: number
  readonly hash: string
  readonly positions: readonly number[]
  /** Undefined: it rests on an event that was erased. */
  readonly content: Buffer | undefined
}

const NOTHING_ERASED = (): boolean => false
/** All that is told without content has it, so that nobody can try out what it was, and it is told once. */
const ERASED_HASH = contentHash(Buffer.of())

async function news(client: pg.ClientBase, drafts: readonly FeedDraft[], isErased: DerivedStep['isErased']): Promise<NewRow[]> {
  if (drafts.length === 0) return []
  const latest = await latestOf(client, [...new Set(drafts.map(({ id }) => id))])
  return drafts.flatMap(({ id, content, positions }) => {
    const bytes = positions.some(isErased) ? undefined : Buffer.from(wellFormedJson(content))
    const digest = bytes === undefined ? ERASED_HASH : contentHash(bytes)
    const known = latest.get(id)
    if (known?.hash === digest) return []
    const revision = (known?.revision ?? 0) + 1
    latest.set(id, { revision, hash: digest })
    return [{ id, revision, hash: digest, positions, content: bytes }]
  })
} // prettier-ignore

export function contentHash(content: Buffer): string {
  return hash('sha256', content, 'hex').slice(0, 16)
}

async function latestOf(
  client: pg.ClientBase,
  ids: readonly string[],
): Promise<Map<string, { revision: number; hash: string }>> {
  const { rows } = await client.query<{ id: string; revision: number; content_hash: string }>({
    name: 'feed-latest',
    text: 'SELECT DISTINCT ON (id) id, revision, content_hash FROM feed_event WHERE id = ANY($1) ORDER BY id, revision DESC',
    values: [ids],
  })
  return new Map(rows.map((row) => [row.id, { revision: row.revision, hash: row.content_hash }]))
}

type PlacedRow = NewRow & { readonly sequence: number; readonly bytesTotal: number }

function insert(client: pg.ClientBase, rows: readonly PlacedRow[], at: Instant): Promise<void> {
  const recorded = Math.round(at * 1000)
  return copyRows(client, COPY, rows, (out, { sequence, id, revision, hash: digest, positions, content, bytesTotal }) => {
    out.row(COLUMNS.length)
    out.bigint(sequence)
    out.text(id)
    out.integer(revision)
    out.text(digest)
    out.timestamp(recorded)
    out.bigintArray(positions)
    if (content === undefined) out.nothing()
    else out.bytes(content)
    out.bigint(bytesTotal)
  })
} // prettier-ignore

const COLUMNS = ['sequence', 'id', 'revision', 'content_hash', 'recorded_at', 'positions', 'content', 'bytes_total']
const COPY = `COPY feed_event (${COLUMNS.join(', ')}) FROM STDIN (FORMAT binary)`

interface EventRow {
  readonly sequence: string
  readonly id: string
  readonly revision: number
  readonly content_hash: string
  readonly recorded_ms: string
  readonly content: string | null
}

/** Events with sequence > after, ascending, at most limit. */
export async function readFeed(pool: Pick<pg.Pool, 'query'>, after: number, limit: number): Promise<FeedEvent[]> {
  const { rows } = await pool.query<EventRow>({
    name: 'feed-read',
    text: `SELECT sequence, id, revision, content_hash, extract(epoch FROM recorded_at) * 1000 AS recorded_ms, convert_from(content, 'UTF8') AS content
      FROM feed_event WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
    values: [after, limit],
  })
  return rows.map(toEvent)
}

function toEvent(row: EventRow): FeedEvent {
  const recordedAt = Number(row.recorded_ms)
  return {
    sequence: Number(row.sequence),
    id: row.id,
    revision: row.revision,
    hash: row.content_hash,
    recordedAt,
    content: row.content === null ? erased(row.id, recordedAt) : (JSON.parse(row.content) as FeedContent),
  } // prettier-ignore
}

/** What stands for an event whose content was erased. */
function erased(id: string, at: Instant): FeedContent {
  return {
    kind: 'event-erased',
    severity: 1,
    occurredAt: at,
    outcome: 'unknown',
    source: 'catena',
    reference: id,
    type: 'event-erased',
    summary: 'the content of this event was erased',
  }
}

/** First sequence that is still there; undefined where the feed is empty. */
export async function oldestSequence(pool: Pick<pg.Pool, 'query'>): Promise<number | undefined> {
  const { rows } = await pool.query<{ sequence: string | null }>('SELECT min(sequence) AS sequence FROM feed_event')
  const oldest = rows[0]?.sequence
  return oldest === null || oldest === undefined ? undefined : Number(oldest)
}

/** Hash of the content of an event, which an erasure leaves; undefined where there is none. */
export async function hashAt(pool: Pick<pg.Pool, 'query'>, sequence: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ content_hash: string }>('SELECT content_hash FROM feed_event WHERE sequence = $1', [sequence]) // prettier-ignore
  return rows[0]?.content_hash
}

/** Last sequence before all that the feed took from the moment on: where a clock was set back, some of an earlier time come with them. */
export async function sequenceBefore(pool: Pick<pg.Pool, 'query'>, at: Instant): Promise<number> {
  const { rows } = await pool.query<{ sequence: string | null }>(
    `SELECT coalesce(min(sequence) - 1, (SELECT max(sequence) FROM feed_event)) AS sequence FROM feed_event
     WHERE recorded_at >= to_timestamp($1::float8 / 1000)`,
    [at],
  )
  return Number(rows[0]?.sequence ?? 0)
}
