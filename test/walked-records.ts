import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { Json, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import { expect } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'

const FIXTURES = join(process.cwd(), 'libs/connectors/src')

export function fixtureText(kind: SourceKind, file: string): string {
  return readFileSync(join(FIXTURES, kind, 'fixtures', file), 'utf8').trimEnd()
}

export function fixture(kind: SourceKind, name: string): JsonObject {
  return JSON.parse(fixtureText(kind, `${name}.raw.json`)) as JsonObject
}

/** The source instance of a connector's fixtures, configured otherwise where said. */
export function sourceOf(kind: SourceKind, more: Partial<SourceInstance> = {}): SourceInstance {
  return { ...(JSON.parse(fixtureText(kind, 'source.json')) as SourceInstance), ...more }
}

export interface Given {
  readonly source: SourceInstance
  readonly text: string
}

/** A fixture's record, with other values at some dotted paths; undefined takes a member away. */
export function given(
  source: SourceInstance,
  name: string,
  changes: Readonly<{ [path: string]: Json | undefined }> = {},
): Given {
  const record = fixture(source.kind, name)
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.')
    const last = steps.pop()!
    const holder = steps.reduce<JsonObject>((inner, step) => inner[step] as JsonObject, record)
    if (value === undefined) Reflect.deleteProperty(holder, last)
    else holder[last] = value
  }
  return { source, text: JSON.stringify(record) }
}

/** The chain of the last record, which must be the same whatever came first and however often (R1.9). */
export async function chainOf(...records: readonly Given[]): Promise<Chain> {
  const orders = [records, records.toReversed(), [...records, ...records]]
  const [chain, ...others] = await Promise.all(orders.map((order) => chainAmong(order, records)))
  for (const other of others) expect(other).toEqual(chain)
  return chain!
}

async function chainAmong(arrived: readonly Given[], records: readonly Given[]): Promise<Chain> {
  const facts = new MemoryFacts()
  const activities = arrived.map((one) => {
    const position = records.indexOf(one) + 1
    const place = { position, recordId: `record-${position}` }
    return interpretRaw(connectorFor(one.source.kind), one.source, one.text, place)
  })
  for (const activity of activities) facts.add(activity)
  const index = facts.at({ position: records.length })
  const asked = activities[arrived.lastIndexOf(records.at(-1)!)]!
  const sources = [...new Map(records.map(({ source }) => [source.id, source])).values()]
  const known = await index.facts([asked.factId])
  const [chain] = await walk(index, [known.get(asked.factId)!], { ...WALK_DEFAULTS, sources })
  return chain!
}
