import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, frameWhole, prepareRecords } from '@catena/ingest'
import type { NewRecord } from '@catena/ledger'
import { openRecording, RECORDING_FOLDER } from '@catena/testing'

/** Bytes of the small payload. */
export const SMALL_PAYLOAD_BYTES = 486

/** Records that differ in payload, kind and time, from which as many as are wanted are made. */
export interface Pattern {
  readonly name: string
  readonly records: readonly NewRecord[]
  /** Mean. */
  readonly payloadBytes: number
}

/** Vault's audit records of the recording as the ingest writes them: redacted by the connector, with keyed ids. */
export async function recordedPattern(): Promise<Pattern> {
  const { sources } = await openRecording()
  const source = sources.find(({ kind }) => kind === 'vault')
  if (source === undefined) throw new Error('the recording has no vault')
  const lines = gunzipSync(await readFile(join(RECORDING_FOLDER, 'vault-audit-b.log.gz')))
    .toString('utf8')
    .split('\n')
  const framed = lines.flatMap((line) => frameWhole(Buffer.from(line)) ?? [])
  const intake = { source, connector: connectorFor(source.kind), keys: deriveIntakeKeys(randomBytes(32)) }
  const locate = (): { door: 'file'; file: string; from: number; to: number } => ({
    door: 'file',
    file: 'x',
    from: 0,
    to: 1,
  })
  return patternOf('vault audit record', prepareRecords(framed, locate, Date.now(), intake).records)
}

/** The same records with a JSON payload of 486 bytes each. */
export function smallPattern({ records }: Pattern): Pattern {
  const small = records.map((record, index) => ({ ...record, payload: smallPayload(index) }))
  return patternOf('small record', small)
}

function smallPayload(index: number): Buffer {
  const members = { type: 'request', request: { id: String(index), operation: 'read', path: 'secret/data/app/key' } }
  const bare = JSON.stringify({ ...members, note: '' }).length
  return Buffer.from(JSON.stringify({ ...members, note: 'x'.repeat(SMALL_PAYLOAD_BYTES - bare) }))
}

function patternOf(name: string, records: readonly NewRecord[]): Pattern {
  const bytes = records.reduce((sum, { payload }) => sum + payload.length, 0)
  return { name, records, payloadBytes: Math.round(bytes / records.length) }
}

/** `count` records after the pattern, with ids that nobody has seen yet. */
export function freshRecords(pattern: Pattern, count: number): NewRecord[] {
  const ids = randomBytes(16 * count)
  return Array.from({ length: count }, (_, index) => ({
    ...(pattern.records[index % pattern.records.length] as NewRecord),
    recordId: ids.subarray(16 * index, 16 * index + 16),
  }))
}
