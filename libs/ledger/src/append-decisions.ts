import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { insertEvents, lockHead } from './append-batch.js'
import type { AppendManner, DecisionOutcome } from './decisions.js'
import { VersionConflict } from './errors.js'
import { decisionRows } from './event-row.js'
import type { StreamAppend } from './many-streams.js'
import type { Partitions } from './partitions.js'

const ADVANCE = {
  name: 'ledger-advance-stream',
  text: 'UPDATE stream_head SET version = $2 WHERE stream = $1 AND version = $3',
}

/** The stream's version moves by compare-and-set before the head is locked, so a loser never makes others wait. */
export async function appendToStream(
  client: pg.Client,
  partitions: Partitions,
  { stream, expectedVersion: expected, events }: StreamAppend,
  now: Instant,
  manner: AppendManner = {},
): Promise<DecisionOutcome> {
  const version = expected + events.length
  await advanceStream(client, stream, expected, version)
  const head = await lockHead(client)
  const rows = decisionRows(stream, expected, events, head, now)
  await insertEvents(client, partitions, rows, head, events.length, manner)
  return { head: head + events.length, version }
}

async function advanceStream(client: pg.Client, stream: string, expected: number, version: number): Promise<void> {
  const { rowCount } =
    expected === 0
      ? await client.query('INSERT INTO stream_head (stream, version) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          stream,
          version,
        ])
      : await client.query({ ...ADVANCE, values: [stream, version, expected] })
  if (rowCount === 1) return
  const { rows } = await client.query<{ version: string }>('SELECT version FROM stream_head WHERE stream = $1', [
    stream,
  ])
  throw new VersionConflict(stream, expected, Number(rows[0]?.version ?? 0))
}
