import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { isObject, type Json, type JsonObject, type SourceInstance } from '@catena/domain'
import { plantInEachString } from '../libs/connectors/src/fixture-canaries.js'
import { connectorFolders, fixtureCases } from '../libs/connectors/src/fixture-cases.js'
import { CANARIES, SECRETS, SECRETS_PER_KIND } from './canary-kinds.js'

const ROOT = join(process.cwd(), 'libs/connectors/src')

export interface PlantedRecord {
  readonly source: SourceInstance
  readonly text: string
}

interface Readable {
  readonly source: SourceInstance
  readonly record: JsonObject
}

/** The records of all connectors' fixtures that can be read. */
export const FIXTURES: readonly Readable[] = connectorFolders(ROOT)
  .flatMap((folder) => fixtureCases(ROOT, folder))
  .flatMap(({ raw, source }) => {
    try {
      return [{ source, record: connectorFor(source.kind).parse(raw) }]
    } catch {
      return []
    }
  })

export const SOURCES: readonly SourceInstance[] = [
  ...new Map(FIXTURES.map(({ source }) => [source.id, source])).values(),
]

/** The ways in which people and programs put a secret where none belongs. */
const WAYS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `secret/data/${secret}/x`,
  (secret) => `it failed: ${secret} was refused`,
  (secret) => JSON.stringify({ note: { value: secret } }),
  (secret) => encodeURIComponent(secret),
]

/** Each field of each connector with every kind, and each place of each fixture with at least one. */
export function* plantedInValues(): Generator<PlantedRecord> {
  const seen = new Set<string>()
  let turn = 0
  for (const { source, record } of FIXTURES) {
    for (const [kind, secrets] of SECRETS.entries()) {
      const way = WAYS[turn++ % WAYS.length]!
      // Rounds are counted, not kinds, so that each of a kind's secrets comes up.
      const canary = secrets[Math.floor(turn / SECRETS.length) % SECRETS_PER_KIND]!
      for (const [place, { at, record: planted }] of plantInEachString(record, way(canary.text)).entries()) {
        const field = `${source.kind} ${kind} ${at}`
        if (seen.has(field) && place % CANARIES.length !== kind) continue
        seen.add(field)
        yield { source, text: JSON.stringify(planted) }
      }
    }
  }
}

/** Some kinds as the name of a member of every object. */
export function* plantedInNames(): Generator<PlantedRecord> {
  let turn = 0
  for (const { source, record } of FIXTURES) {
    for (let times = 0; times < 4; times += 1) {
      const { text } = CANARIES[turn++ % CANARIES.length]!
      yield { source, text: JSON.stringify(withName(record, text)) }
    }
  }
}

function withName(value: Json | undefined, name: string): Json {
  if (Array.isArray(value)) return value.map((element) => withName(element, name))
  if (!isObject(value)) return value ?? null
  const members = Object.entries(value).map(([member, inner]) => [member, withName(inner, name)] as const)
  return Object.fromEntries([...members, [name, 'x'], ['unheardOf', { [name]: name }]])
}

/** Texts that no connector, or only the one for plain lines, can read. */
export function* plantedInBrokenTexts(): Generator<{ source: SourceInstance; bytes: Buffer }> {
  for (const source of SOURCES) {
    for (const { text } of CANARIES) {
      const quoted = JSON.stringify(text)
      yield { source, bytes: Buffer.from(`{"type":"request","request":{"path":${quoted}`) }
      yield { source, bytes: Buffer.from(`{"type":"request",${quoted}:`) }
      yield { source, bytes: Buffer.from(`[${quoted}]`) }
      yield { source, bytes: Buffer.from(`vault: ${text.replaceAll('\n', ' ')}`) }
      yield { source, bytes: Buffer.from(`2026-11-23T04:58:16.922Z [INFO]  core: it failed: ${quoted}`) }
      yield { source, bytes: Buffer.from(`{"a":"\0","b":${quoted}}`) }
      yield { source, bytes: Buffer.concat([Buffer.from(`{"a":${quoted},"b":"`), Buffer.from([0xff, 0xfe])]) }
    }
    yield { source, bytes: Buffer.from(`{"a":${JSON.stringify(CANARIES[0]!.text + 'x'.repeat(1_100_000))}}`) }
  }
}
