import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { connectorFor } from '@catena/connectors'
import { UnreadableRecord, type Activity, type Mask, type SourceInstance } from '@catena/domain'
import { openRecording } from '@catena/testing'

export interface Recorded {
  readonly sources: readonly SourceInstance[]
  readonly observations: readonly Activity[]
  readonly position: number
}

/** Stands in for the keyed hash of an installation. */
export const mask: Mask = (value) => `hmac:${createHash('sha256').update(value).digest('hex')}`

/** The records of a recording (of the project's own where no folder is named) as activities, without a ledger between. */
export async function recordedObservations(folder?: string): Promise<Recorded> {
  const { sources, files } = await openRecording(folder)
  const observations: Activity[] = []
  let position = 0
  for (const { source, path } of files) {
    const bytes = await readFile(path)
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
    const connector = connectorFor(source.kind)
    for (const line of linesOf(text)) {
      try {
        const record = connector.parse(line)
        const { stream, type, occurredAt = RECORDED_AT } = connector.identify(record)
        const recordId = createHash('sha256').update(line).digest('hex')
        const payload = connector.redact(record, mask, source)
        const stored = { position: ++position, source: source.id, stream, type, occurredAt, recordedAt: RECORDED_AT }
        observations.push(connector.interpret({ ...stored, recordId, payload }, source))
      } catch (error) {
        if (!(error instanceof UnreadableRecord)) throw error
      }
    }
  }
  return { sources, observations, position }
}

function linesOf(text: string): string[] {
  if (text.startsWith('[')) return (JSON.parse(text) as unknown[]).map((item) => JSON.stringify(item))
  return text.split('\n').filter((line) => line !== '')
}

const RECORDED_AT = Date.UTC(2026, 10, 23, 7)
