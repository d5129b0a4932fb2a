import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { insertEvents, lockHead } from './append-batch.js'
import { VersionConflict } from './errors.js'
import { decisionRows, saltsFor, sharedNames, type EventRow } from './event-row.js'
import { inOrder, type QuietStreams, type StreamAppend, type StreamVersion } from './many-streams.js'
import type { Partitions } from './partitions.js'

/** Versions move by compare-and-set before the head is locked, as for one stream. */
export async function appendToStreams(
  client: pg.Client,
  partitions: Partitions,
  appends: readonly StreamAppend[],
  { unchanged, quiet }: { readonly unchanged: readonly StreamVersion[]; readonly quiet: QuietStreams | undefined },
  now: Instant,
): Promise<{ readonly head: number }> {
  const sorted = inOrder(appends)
  await requireUnchanged(client, unchanged)
  await advance(client, sorted)
  const head = await lockHead(client)
  if (quiet !== undefined) await requireQuiet(client, quiet)
  const rows: EventRow[] = []
  const names = sharedNames()
  const salts = saltsFor(sorted.reduce((sum, { events }) => sum + events.length, 0))
  for (const { stream, expectedVersion, events } of sorted) {
    const own = salts.subarray(16 * rows.length, 16 * (rows.length + events.length))
    for (const row of decisionRows(stream, expectedVersion, events, head + rows.length, now, own, names)) rows.push(row)
  }
  await insertEvents(client, partitions, rows, head, rows.length)
  return { head: head + rows.length }
}

/** Until this transaction ends nobody moves them. */
async function requireUnchanged(client: pg.Client, unchanged: readonly StreamVersion[]): Promise<void> {
  if (unchanged.length === 0) return
  const names = unchanged.map(({ stream }) => stream)
  const stand = await readVersions(client, names, 'ORDER BY stream FOR SHARE')
  for (const { stream, version } of unchanged)
    if ((stand.get(stream) ?? 0) !== version) throw new VersionConflict(stream, version, stand.get(stream) ?? 0)
}

/** While the head is locked nothing comes in between. */
async function requireQuiet(client: pg.Client, { prefix, since }: QuietStreams): Promise<void> {
  const { rows } = await client.query<{ stream: string; version: string }>(
    `SELECT stream, stream_version AS version FROM event
     WHERE position > $1 AND stream_version IS NOT NULL AND starts_with(stream, $2) ORDER BY position LIMIT 1`,
    [since, prefix],
  )
  const [first] = rows
  if (first !== undefined) throw new VersionConflict(first.stream, Number(first.version) - 1, Number(first.version))
}

async function advance(client: pg.Client, appends: readonly StreamAppend[]): Promise<void> {
  const fresh = appends.filter(({ expectedVersion }) => expectedVersion === 0)
  const known = appends.filter(({ expectedVersion }) => expectedVersion > 0)
  const next = ({ expectedVersion, events }: StreamAppend): number => expectedVersion + events.length
  const inserted = await client.query(
    `INSERT INTO stream_head (stream, version) SELECT * FROM unnest($1::text[], $2::bigint[]) ON CONFLICT DO NOTHING`,
    [fresh.map(({ stream }) => stream), fresh.map(next)],
  )
  const moved = await client.query(
    `UPDATE stream_head SET version = wanted.next
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS wanted (stream, stood, next)
     WHERE stream_head.stream = wanted.stream AND stream_head.version = wanted.stood`,
    [known.map(({ stream }) => stream), known.map(({ expectedVersion }) => expectedVersion), known.map(next)],
  )
  if (inserted.rowCount === fresh.length && moved.rowCount === known.length) return
  throw await conflictOf(client, appends)
}

/** Our own moves are visible here, so only what stands elsewhere conflicts. */
async function conflictOf(client: pg.Client, appends: readonly StreamAppend[]): Promise<VersionConflict> {
  const stand = await readVersions(client, appends.map(({ stream }) => stream)) // prettier-ignore
  const lost = appends.find((one) => stand.get(one.stream) !== one.expectedVersion + one.events.length) ?? appends[0]
  const { stream = '', expectedVersion = 0 } = lost ?? {}
  return new VersionConflict(stream, expectedVersion, stand.get(stream) ?? 0)
}

/** Of the streams that have events. `how`: order and locks. */
export async function readVersions(
  reads: Pick<pg.ClientBase, 'query'>,
  streams: readonly string[],
  how = '',
): Promise<Map<string, number>> {
  const { rows } = await reads.query<{ stream: string; version: string }>(
    `SELECT stream, version FROM stream_head WHERE stream = ANY($1) ${how}`,
    [streams],
  )
  return new Map(rows.map(({ stream, version }) => [stream, Number(version)]))
}
