import { parseInstant } from '@catena/domain'
import pg from 'pg'
import type { LedgerEvent } from './port.js'

const COLUMNS = `position, stream, stream_version, source, source_stream, record_id, type, schema_version, actor, causation,
  occurred_at, recorded_at, payload`

type Row = [
  position: number, stream: string, streamVersion: number | null, source: string, sourceStream: string, recordId: Buffer,
  type: string, schemaVersion: number, actor: string | null, causation: string | null,
  occurredAt: number, recordedAt: number, payload: Buffer | null,
] // prettier-ignore

export function readAfter(pool: pg.Pool, after: number, limit: number): Promise<LedgerEvent[]> {
  // Positions are contiguous, so a range serves as the limit and lets the planner skip partitions.
  return query(pool, 'WHERE position > $1 AND position <= $2 ORDER BY position', [after, after + limit])
}

export function readPositions(pool: pg.Pool, positions: readonly number[]): Promise<LedgerEvent[]> {
  return query(pool, 'WHERE position = ANY($1::bigint[]) ORDER BY position', [positions])
}

export function readDecisions(pool: pg.Pool, stream: string): Promise<LedgerEvent[]> {
  return query(pool, 'WHERE stream = $1 AND stream_version IS NOT NULL ORDER BY stream_version', [stream])
}

async function query(pool: pg.Pool, where: string, values: unknown[]): Promise<LedgerEvent[]> {
  const { rows } = await pool.query<Row>({
    text: `SELECT ${COLUMNS} FROM event ${where}`,
    values,
    rowMode: 'array',
    types: TYPES,
  })
  return rows.map(eventOf)
}

function eventOf(row: Row): LedgerEvent {
  const [
    position,
    stream,
    version,
    source,
    sourceStream,
    recordId,
    type,
    schemaVersion,
    actor,
    causation,
    occurredAt,
    recordedAt,
    payload,
  ] = row
  return {
    position,
    stream,
    ...(version === null ? {} : { streamVersion: version }),
    type,
    source,
    sourceStream,
    occurredAt,
    recordedAt,
    recordId: recordId.toString('hex'),
    schemaVersion,
    payload: payload ?? undefined,
    ...(actor === null ? {} : { actor }),
    ...(causation === null ? {} : { causation }),
  }
}

const INT8_OID = 20
const TIMESTAMPTZ_OID = 1184
const parserOf = pg.types.getTypeParser as (oid: number) => unknown

/** Positions fit a double; times keep their microseconds, which a Date would lose. */
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number) => {
    if (oid === INT8_OID) return Number
    return oid === TIMESTAMPTZ_OID ? instantOf : parserOf(oid)
  }) as typeof pg.types.getTypeParser,
}

/** Sessions run in UTC: `2026-03-01 10:00:00.123456+00`. */
function instantOf(text: string): number {
  const instant = parseInstant(text.replace(/\+00$/, 'Z'))
  if (instant === undefined) throw new Error(`unreadable time ${text} in the ledger`)
  return instant
}
