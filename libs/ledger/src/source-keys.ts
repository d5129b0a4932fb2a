import type pg from 'pg'
import { admit, idText, type Admitted, type TakenBatch } from './batch.js'
import { copySourceKeys } from './event-copy.js'
import type { NewRecord } from './port.js'

/** Fewer records than this are looked up: that costs less than a savepoint. */
const UNSEEN_RECORDS_MIN = 256
/** SQLSTATE 23505. */
const UNIQUE_VIOLATION = '23505'

const NONE: ReadonlySet<string> = new Set()
/** Connections whose last batch held records that were known: whoever reads a source again goes on doing so. */
const repeating = new WeakSet<pg.Client>()

/**
 * Admits what is new of a batch and writes its keys at the positions after `head`; the caller holds the lock on the head. Rows are made of
 * what is admitted while the database writes the keys.
 * Most batches are new altogether, so their keys are written at once, and the primary key tells if that was wrong. Only then, and while
 * repetition goes on, every key is looked up beforehand; so it is of several callers, where what one repeats would spoil the keys of all.
 */
export async function admitWithKeys<Row>(
  client: pg.Client,
  batch: TakenBatch,
  head: number,
  makeRows: (records: readonly NewRecord[]) => Promise<Row>,
): Promise<{ readonly admitted: Admitted; readonly rows: Row }> {
  const quarantined = await knownIds(client, 'quarantine', batch.quarantined)
  if (batch.records.length >= UNSEEN_RECORDS_MIN && batch.isOfSeveral !== true && !repeating.has(client)) {
    const unseen = admit(batch, { stored: NONE, quarantined })
    const [isNew, rows] = await both(copiedAsUnseen(client, unseen.records, head), makeRows(unseen.records))
    if (isNew) return { admitted: unseen, rows }
  }
  const stored = await knownIds(client, 'source_key', batch.records)
  if (stored.size > 0) repeating.add(client)
  else repeating.delete(client)
  const admitted = admit(batch, { stored, quarantined })
  const copying = admitted.records.length > 0 ? copySourceKeys(client, admitted.records, head) : undefined
  const [, rows] = await both(copying, makeRows(admitted.records))
  return { admitted, rows }
}

/** Fails only when both have ended: what goes on sending statements behind a failure would send them behind the ROLLBACK. */
async function both<A, B>(one: A | Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** Those that the ledger does not know, each once. The caller holds the lock on the head. */
export async function admitRecords(client: pg.Client, records: readonly NewRecord[]): Promise<readonly NewRecord[]> {
  const stored = await knownIds(client, 'source_key', records)
  return admit({ records, quarantined: [] }, { stored, quarantined: NONE }).records
}

/** False where one of them was known: then none is written. */
async function copiedAsUnseen(client: pg.Client, records: readonly NewRecord[], head: number): Promise<boolean> {
  await client.query('SAVEPOINT source_keys')
  try {
    await copySourceKeys(client, records, head)
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error
    await client.query('ROLLBACK TO SAVEPOINT source_keys')
    return false
  }
  await client.query('RELEASE SAVEPOINT source_keys')
  return true
}

/** One index lookup per id in the one partition that can hold it: a third of the time of `= ANY`, which asks all of them. */
const KNOWN_IDS = (table: string): string => `
SELECT known.record_id FROM generate_series(0, $2::int) AS number
CROSS JOIN LATERAL (
  SELECT record_id FROM ${table} WHERE record_id = substring($1::bytea FROM number * 16 + 1 FOR 16) OFFSET 0
) AS known`

async function knownIds(
  client: pg.Client,
  table: 'source_key' | 'quarantine',
  items: readonly { readonly recordId: Buffer }[],
): Promise<Set<string>> {
  if (items.length === 0) return new Set()
  const packed = Buffer.concat(items.map(({ recordId }) => recordId))
  const { rows } = await client.query<{ record_id: Buffer }>(KNOWN_IDS(table), [packed, items.length - 1])
  return new Set(rows.map((row) => idText(row.record_id)))
}
