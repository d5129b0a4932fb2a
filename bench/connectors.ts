import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import type { Connector, SourceInstance, StoredRecord } from '@catena/domain'
import { deriveIntakeKeys, type IntakeKeys } from '@catena/ingest'
import { connectorFolders, fixtureCases } from '../libs/connectors/src/fixture-cases.js'

/** A connector slower than this holds up the whole intake. */
export const AIM_RECORDS_PER_SECOND = 15_000

/** Runs of which the median counts; the first, which compiles, is left out. */
const RUNS = 5

export interface ConnectorFigures {
  readonly connector: string
  readonly recordsPerSecond: number
  /** Length of its records in the mean, UTF-16 units. */
  readonly meanLength: number
  /** Fixtures that were multiplied. */
  readonly fixtures: number
}

interface Material {
  readonly connector: Connector
  readonly source: SourceInstance
  readonly texts: readonly string[]
}

/** What each connector takes for a record from text to activity, without any door, database or compression: worst first. */
export function benchConnectors(records: number): {
  connectors: ConnectorFigures[]
  aim: number
  slowerThanAim: string[]
} {
  const root = join(process.cwd(), 'libs/connectors/src')
  const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
  const connectors = connectorFolders(root)
    .map((folder) => measure(folder, materialOf(root, folder), records, keys))
    .sort((a, b) => a.recordsPerSecond - b.recordsPerSecond)
  const slower = connectors.filter(({ recordsPerSecond }) => recordsPerSecond < AIM_RECORDS_PER_SECOND)
  return { connectors, aim: AIM_RECORDS_PER_SECOND, slowerThanAim: slower.map(({ connector }) => connector) }
}

function materialOf(root: string, folder: string): Material {
  const [first, ...others] = fixtureCases(root, folder)
  if (first === undefined) throw new Error(`${folder} has no fixtures`)
  const connector = connectorFor(first.source.kind)
  const isReadable = ({ raw }: typeof first): boolean => {
    try {
      connector.parse(raw)
      return true
    } catch {
      return false
    }
  }
  const texts = [first, ...others].filter(isReadable).map(({ raw }) => asOneLine(raw))
  return { connector, source: first.source, texts }
}

/** As a source writes it: fixtures are printed for people. */
function asOneLine(raw: string): string {
  return raw.startsWith('{') ? JSON.stringify(JSON.parse(raw)) : raw
}

function measure(
  folder: string,
  { connector, source, texts }: Material,
  records: number,
  keys: IntakeKeys,
): ConnectorFigures {
  const rates: number[] = []
  for (let run = 0; run <= RUNS; run += 1) {
    const made = Array.from({ length: records }, (_, n) => withFreshIds(texts[n % texts.length] ?? '', run * records + n))
    const before = performance.now()
    for (const [index, text] of made.entries()) passThrough(connector, source, text, index + 1, keys)
    if (run > 0) rates.push((records * 1000) / (performance.now() - before))
  }
  const median = rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0
  const meanLength = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
  return {
    connector: folder,
    recordsPerSecond: Math.round(median),
    meanLength: Math.round(meanLength),
    fixtures: texts.length,
  }
} // prettier-ignore

/** The eight hex digits at the head of a UUID, and long numbers: what makes one record another. */
const ID = /\b[0-9a-f]{8}(?=-[0-9a-f]{4}-)|(?<=["/:])\d{5,18}(?=["/,}])/g

function withFreshIds(text: string, serial: number): string {
  const hex = (Math.imul(serial + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return text.replace(ID, (id) => (id.length === 8 && /^[0-9a-f]/.test(id) ? hex : `${id.slice(0, -4)}${serial % 9000 + 1000}`))
} // prettier-ignore

function passThrough(
  connector: Connector,
  source: SourceInstance,
  text: string,
  position: number,
  keys: IntakeKeys,
): void {
  const record = connector.parse(text)
  const { stream, type, occurredAt = 0 } = connector.identify(record)
  const payload = connector.redact(record, keys.mask, source)
  const recordId = String(position)
  const stored: StoredRecord = {
    position,
    source: source.id,
    stream,
    type,
    occurredAt,
    recordedAt: 0,
    recordId,
    payload,
  }
  connector.interpret(stored, source)
}
