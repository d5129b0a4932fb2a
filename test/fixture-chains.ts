import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { Activity, Json, JsonObject, SourceInstance, SourceKind } from '@catena/domain'
import { expect } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'

const FIXTURES = join(process.cwd(), 'libs/connectors/src')

export interface SourceRecord {
  readonly source: SourceInstance
  readonly record: JsonObject
}

/** Dotted paths and the values that stand there instead. */
export type Changes = Readonly<Record<string, Json>>

export function fixture(kind: SourceKind, file: string): JsonObject {
  return JSON.parse(readFileSync(join(FIXTURES, kind, 'fixtures', file), 'utf8')) as JsonObject
}

export function fixtureSource(kind: SourceKind, changes: Partial<SourceInstance> = {}): SourceInstance {
  return { ...(fixture(kind, 'source.json') as unknown as SourceInstance), ...changes }
}

/** A fixture's record, with other values at some paths. */
export function recordOf(source: SourceInstance, name: string, changes: Changes = {}): SourceRecord {
  const record = fixture(source.kind, `${name}.raw.json`)
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.')
    const last = steps.pop()!
    const holder = steps.reduce<JsonObject>((inner, step) => inner[step] as JsonObject, record)
    holder[last] = value
  }
  return { source, record }
}

/** The chain of the last record, which must be the same in the opposite order and with every record twice. */
export async function chainOf(sources: readonly SourceInstance[], ...records: readonly SourceRecord[]): Promise<Chain> {
  const activities = activitiesOf(records)
  const orders = [activities, activities.toReversed(), [...activities, ...activities]]
  const [chain, ...others] = await Promise.all(orders.map((order) => walkTo(activities.at(-1)!, order, sources)))
  for (const other of others) expect(other).toEqual(chain)
  return chain!
}

function activitiesOf(records: readonly SourceRecord[]): Activity[] {
  return records.map(({ source, record }, index) => {
    const place = { position: index + 1, recordId: `record-${index}` }
    return interpretRaw(connectorFor(source.kind), source, JSON.stringify(record), place)
  })
}

async function walkTo(
  asked: Activity,
  activities: readonly Activity[],
  sources: readonly SourceInstance[],
): Promise<Chain> {
  const facts = new MemoryFacts()
  for (const activity of activities) facts.add(activity)
  const index = facts.at({ position: activities.length })
  const found = index.all.filter(({ factId }) => factId === asked.factId)
  const [chain] = await walk(index, found, { ...WALK_DEFAULTS, sources })
  return chain!
}
