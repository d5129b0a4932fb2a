import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  UnreadableRecord,
  type Activity,
  type Connector,
  type JsonObject,
  type Mask,
  type SourceInstance,
  type SourceKind,
  type StoredRecord,
} from '@catena/domain'

/** A raw record of a connector's folder and the activity that it must become. */
export interface FixtureCase {
  readonly folder: string
  readonly name: string
  /** The record as a source writes it. */
  readonly raw: string
  readonly expectedFile: string
  readonly source: SourceInstance
}

/** Stands in for the keyed HMAC: equal values give equal masks, and the value is not in it. */
export const mask: Mask = (value) => {
  const known = masks.get(value)
  if (known !== undefined) return known
  const made = `masked:${createHash('sha256').update(value).digest('hex').slice(0, 12)}`
  masks.set(value, made)
  return made
}
/** The specs mask the same values thousands of times. */
const masks = new Map<string, string>()

/** Time of receipt of every fixture. */
export const RECEIVED_AT = Date.parse('2026-12-01T00:00:00Z')

/** Names of the folders beside this file that hold fixtures. */
export function connectorFolders(root: string): string[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.map((entry) => entry.name).filter((name) => existsSync(join(root, name, 'fixtures/source.json')))
}

export function fixtureCases(root: string, folder: string): FixtureCase[] {
  const fixtures = join(root, folder, 'fixtures')
  const source = JSON.parse(readFileSync(join(fixtures, 'source.json'), 'utf8')) as SourceInstance
  return readdirSync(fixtures)
    .filter((file) => /\.raw\.(?:json|txt)$/.test(file))
    .sort()
    .map((file) => {
      const name = file.replace(/\.raw\.\w+$/, '')
      const raw = readFileSync(join(fixtures, file), 'utf8').trimEnd()
      return { folder, name, raw, source, expectedFile: join(fixtures, `${name}.activity.json`) }
    })
}

/** `<case>.activity.json` of a record that cannot be read. */
export interface Unreadable {
  readonly unreadable: string
}

/** The way of a record through ingest, storage as JSON, and projection. */
export function run(connector: Connector, fixture: FixtureCase): Activity | Unreadable {
  try {
    return interpretRaw(connector, fixture.source, fixture.raw)
  } catch (error) {
    if (error instanceof UnreadableRecord) return { unreadable: error.reason }
    throw error
  }
}

export function interpretRaw(connector: Connector, source: SourceInstance, raw: string, place: Place = {}): Activity {
  const stored = store(connector, source, connector.parse(raw), place)
  return connector.interpret(stored, source)
}

interface Place {
  readonly position?: number
  readonly recordId?: string
}

export function store(
  connector: Connector,
  source: SourceInstance,
  record: JsonObject,
  place: Place = {},
): StoredRecord {
  return storeRedacted(connector, source, record, connector.redact(record, mask, source), place)
}

/** As `store`, of what is redacted already. */
export function storeRedacted(
  connector: Connector,
  source: SourceInstance,
  record: JsonObject,
  redacted: JsonObject,
  { position = 1, recordId = 'feed' }: Place = {},
): StoredRecord {
  const { stream, type, occurredAt } = connector.identify(record)
  return {
    position,
    recordId,
    stream,
    type,
    source: source.id,
    occurredAt: occurredAt ?? RECEIVED_AT,
    recordedAt: RECEIVED_AT,
    payload: JSON.parse(JSON.stringify(redacted)) as JsonObject,
  }
}

/** An instance that declares nothing. */
export function bareSource(kind: SourceKind): SourceInstance {
  return { id: kind, kind, scope: 'tideline', federations: [], sharedIdentities: [], gaps: [] }
}
