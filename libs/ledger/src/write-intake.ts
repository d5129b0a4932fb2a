import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { idText, type SourceTally } from './batch.js'
import type { NewQuarantined } from './port.js'
import { storableJson } from './storable.js'

/** Counters of before it was so may hold a time after the last receipt. */
const INTAKE = `
INSERT INTO intake (source, lane, read, stored, duplicates, quarantined, last_received_at, last_occurred_at)
SELECT source, $1, read, stored, duplicates, quarantined, to_timestamp($3), to_timestamp("lastOccurredAt" / 1000)
FROM jsonb_to_recordset($2::jsonb) AS added
  (source text, read bigint, stored bigint, duplicates bigint, quarantined bigint, "lastOccurredAt" double precision)
ON CONFLICT (source, lane) DO UPDATE SET
  read = intake.read + excluded.read,
  stored = intake.stored + excluded.stored,
  duplicates = intake.duplicates + excluded.duplicates,
  quarantined = intake.quarantined + excluded.quarantined,
  last_received_at = greatest(intake.last_received_at, excluded.last_received_at),
  last_occurred_at = greatest(excluded.last_occurred_at,
    CASE WHEN intake.last_occurred_at > intake.last_received_at THEN intake.last_received_at ELSE intake.last_occurred_at END)`

const QUARANTINE = `
INSERT INTO quarantine (source, locator, record_id, length_bytes, reason, shape, first_seen_at, last_seen_at, seen)
SELECT source, locator, decode(id, 'hex'), "lengthBytes", reason, shape, to_timestamp($2), to_timestamp($2), seen
FROM jsonb_to_recordset($1::jsonb) AS added
  (source text, locator jsonb, id text, "lengthBytes" bigint, reason text, shape text, seen bigint)
ON CONFLICT (record_id) DO UPDATE SET
  last_seen_at = greatest(quarantine.last_seen_at, excluded.last_seen_at), seen = quarantine.seen + excluded.seen`

export async function writeIntake(
  client: pg.Client,
  lane: string,
  tallies: readonly SourceTally[],
  now: Instant,
): Promise<void> {
  if (tallies.length === 0) return
  await client.query(INTAKE, [lane, storableJson(tallies), now / 1000])
}

/** Lists new entries with the place where they were first seen, and counts the repetition of known ones. */
export async function writeQuarantine(
  client: pg.Client,
  items: readonly NewQuarantined[],
  now: Instant,
): Promise<void> {
  if (items.length === 0) return
  const entries = new Map<string, object & { seen: number }>()
  for (const { recordId, ...item } of items) {
    const id = idText(recordId)
    const entry = entries.get(id) ?? { ...item, id: recordId.toString('hex'), seen: 0 }
    entry.seen++
    entries.set(id, entry)
  }
  await client.query(QUARANTINE, [storableJson([...entries.values()]), now / 1000])
}
