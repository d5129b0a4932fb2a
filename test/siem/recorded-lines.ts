import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { connectorFor } from '@catena/connectors'
import { UnreadableRecord, type Activity, type SourceInstance } from '@catena/domain'
import { openRecording } from '@catena/testing'
import { mask } from '../truth/recorded.js'

/** A record as its source wrote it, and what it tells. */
export interface RecordedLine {
  readonly source: SourceInstance
  readonly line: string
  readonly activity: Activity
}

/** The recorded organisation, record by record. */
export async function recordedLines(): Promise<RecordedLine[]> {
  const { files } = await openRecording()
  return files.flatMap(({ source, path }) =>
    linesIn(path).flatMap((line) => {
      const activity = toldBy(source, line)
      return activity === undefined ? [] : [{ source, line, activity }]
    }),
  )
}

export function toldBy(source: SourceInstance, line: string): Activity | undefined {
  const connector = connectorFor(source.kind)
  try {
    const record = connector.parse(line)
    const { stream, type, occurredAt = 0 } = connector.identify(record)
    const recordId = createHash('sha256').update(line).digest('hex')
    const payload = connector.redact(record, mask, source)
    const stored = { position: 1, source: source.id, stream, type, occurredAt, recordedAt: occurredAt }
    return connector.interpret({ ...stored, recordId, payload }, source)
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined
    throw error
  }
}

function linesIn(path: string): string[] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  if (text.startsWith('[')) return (JSON.parse(text) as unknown[]).map((item) => JSON.stringify(item))
  return text.split('\n').filter((line) => line !== '')
}

/** Parts of records as files, one per part and source, named `part-<number>-`. */
export class Parts {
  private readonly folder = mkdtempSync(join(tmpdir(), 'catena-parts-'))
  readonly files: { readonly source: SourceInstance; readonly path: string }[] = []
  readonly names: string[] = []

  constructor(parts: readonly (readonly Pick<RecordedLine, 'source' | 'line'>[])[]) {
    for (const [number, part] of parts.entries()) this.write(`part-${number}-`, part)
  }

  private write(name: string, part: readonly Pick<RecordedLine, 'source' | 'line'>[]): void {
    this.names.push(name)
    for (const source of new Set(part.map((one) => one.source))) {
      const path = join(this.folder, `${name}${source.id.replaceAll('/', '_')}.jsonl`)
      writeFileSync(path, part.filter((one) => one.source === source).map(({ line }) => `${line}\n`).join('')) // prettier-ignore
      this.files.push({ source, path })
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}
