import type { Instant } from '@catena/domain'
import { loadStream, type DecisionStreams } from '@catena/ledger'
import type pg from 'pg'
import { allStanding, destinationsDecider, DESTINATIONS_STREAM, type DestinationState } from './destinations/decider.js'
import type { Destination } from './destinations/destination.js'
import { withoutSecret } from './destinations/holds-secret.js'

/** What is not acknowledged yet. */
export interface Backlog {
  readonly events: number
  /** Of content, as the feed holds it. */
  readonly bytes: number
  /** Since the oldest of them entered the feed. */
  readonly ageMs: number
}

/** For people: what an earlier version recorded of a secret in a URL is left out. */
export interface DestinationReport extends Omit<DestinationState, 'addition'> {
  readonly sequence: number
  readonly delivered: number
  readonly deadLetters: number
  readonly backlog: Backlog
  readonly movedAt: Instant | undefined
  /** Failures in a row; 0 while it works. */
  readonly failures: number
  readonly lastError: string | undefined
  readonly lastErrorAt: Instant | undefined
}

interface Row {
  readonly destination: string
  readonly sequence: string
  readonly delivered: string
  readonly dead: string
  readonly events: string
  readonly bytes: string
  readonly oldest_ms: string | null
  readonly moved_ms: string | null
  readonly failures: number
  readonly last_error: string | null
  readonly error_ms: string | null
}

/** All destinations in the order of their names. */
export async function reportDestinations(
  streams: Pick<DecisionStreams, 'readStream'>,
  pool: Pick<pg.Pool, 'query'>,
  now: Instant,
): Promise<DestinationReport[]> {
  const { state } = await loadStream(streams, destinationsDecider, DESTINATIONS_STREAM)
  const all = allStanding(state)
  const { rows } = await pool.query<Row>(REPORT, [
    all.map(({ addition }) => addition.id),
    all.map(({ addition }) => addition.added),
    all.map(({ addition }) => addition.after ?? null),
  ])
  const byId = new Map(rows.map((row) => [row.destination, row]))
  return all.flatMap(({ addition, ...known }) => {
    const row = byId.get(addition.id)
    return row === undefined ? [] : [{ ...known, destination: shown(known.destination), ...toReport(row, now) }]
  })
}

function shown(destination: Destination): Destination {
  if (destination.kind !== 'webhook' && destination.kind !== 'event-collector') return destination
  const target = { ...destination.target, url: withoutSecret(destination.target.url) }
  return { ...destination, target } as Destination
}

/** What is noted under the name of one that was removed is none of one that was added since. What an earlier version wrote names none. */
const REPORT = `
  SELECT wanted.destination, begun.sequence, coalesce(c.delivered, 0) AS delivered,
    (SELECT count(*) FROM export_dead_letter d WHERE d.destination = wanted.destination
      AND (d.added = wanted.added OR (d.added IS NULL AND (wanted.after IS NULL OR wanted.added = 1)))) AS dead,
    h.sequence - begun.sequence AS events,
    h.bytes_total - coalesce((SELECT bytes_total FROM feed_event e WHERE e.sequence = begun.sequence), 0) AS bytes,
    (SELECT extract(epoch FROM recorded_at) * 1000 FROM feed_event e WHERE e.sequence > begun.sequence ORDER BY e.sequence LIMIT 1) AS oldest_ms,
    extract(epoch FROM c.moved_at) * 1000 AS moved_ms, coalesce(c.failures, 0) AS failures, c.last_error, extract(epoch FROM c.last_error_at) * 1000 AS error_ms
  FROM unnest($1::text[], $2::int[], $3::bigint[]) AS wanted (destination, added, after) CROSS JOIN feed_head h
    LEFT JOIN export_checkpoint c ON c.destination = wanted.destination AND (c.added = wanted.added OR (c.added IS NULL AND wanted.after IS NULL))
    CROSS JOIN LATERAL (SELECT coalesce(c.sequence, wanted.after, 0) AS sequence) begun`

function toReport(row: Row, now: Instant): Omit<DestinationReport, keyof DestinationState> {
  const oldest = instant(row.oldest_ms)
  return {
    sequence: Number(row.sequence),
    delivered: Number(row.delivered),
    deadLetters: Number(row.dead),
    backlog: { events: Number(row.events), bytes: Number(row.bytes), ageMs: oldest === undefined ? 0 : Math.max(0, now - oldest) }, // prettier-ignore
    movedAt: instant(row.moved_ms),
    failures: row.failures,
    lastError: row.last_error ?? undefined,
    lastErrorAt: instant(row.error_ms),
  }
}

function instant(text: string | null): Instant | undefined {
  return text === null ? undefined : Number(text)
}

export interface DeadLetterEntry {
  readonly id: number
  readonly destination: string
  readonly sequence: number
  readonly eventId: string
  readonly reason: string
  readonly refusedAt: Instant
}

/** Newest first, at most limit, with ids below `before`. */
export async function readDeadLetters(
  pool: Pick<pg.Pool, 'query'>,
  of: { readonly destination?: string; readonly before?: number; readonly limit: number },
): Promise<DeadLetterEntry[]> {
  const { rows } = await pool.query<{ id: string; destination: string; sequence: string; event_id: string; reason: string; refused_ms: string }>(
    `SELECT id, destination, sequence, event_id, reason, extract(epoch FROM refused_at) * 1000 AS refused_ms FROM export_dead_letter
      WHERE ($1::text IS NULL OR destination = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [of.destination ?? null, of.before ?? null, of.limit],
  )
  return rows.map((row) => ({
    id: Number(row.id),
    destination: row.destination,
    sequence: Number(row.sequence),
    eventId: row.event_id,
    reason: row.reason,
    refusedAt: Number(row.refused_ms),
  }))
} // prettier-ignore
