import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { PostgresLedger, type NewRecord, type RecordBatch } from '@catena/ledger'
import { connect } from '@catena/platform'
import { accessIndexRunner, openReader } from '@catena/runtime'
import { feedRecording, openRecording, RECORDED_KEYS, startTestPostgres, type Recording } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { followIndex } from '../../libs/governance/src/access-summary/summary-projection.js'
import { walkRetrievals } from '../../libs/governance/src/access-summary/walk-retrievals.js'
import { writeChangingNames } from '../truth/changing-names.js'
import { Chance } from '../truth/simulation/chance.js'

/** Steps that the summary takes. */
const PARTS = 12

/** Orders in which a whole organisation's records arrive. */
const ORDERS: readonly [string, (records: readonly NewRecord[]) => readonly NewRecord[]][] = [
  ['one source after another', (all) => all],
  ['in the order of their times', (all) => [...all].sort((a, b) => a.occurredAt - b.occurredAt)],
  ['in no order', (all) => new Chance(7).shuffled(all)],
]

describe('the access summary of a simulated organisation', () => {
  let folder: string
  let recording: Recording
  let records: NewRecord[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catena-summary-'))
    writeChangingNames(folder)
    recording = await openRecording(folder)
    records = await recordsOf(recording)
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(ORDERS)(
    'R1.9 R6.3 equals the walk, when records arrive %s',
    async (_, order) => {
      const { stored, walked } = await summarised(recording, order(records))
      expect(stored.size).toBe(walked.size)
      expect(walked.size).toBeGreaterThan(500)
      const different = [...walked].filter(([fact, body]) => stored.get(fact) !== body)
      expect(different.map(([fact, body]) => [body, stored.get(fact)])).toEqual([])
    },
    180_000,
  )
})

async function recordsOf(recording: Recording): Promise<NewRecord[]> {
  const all: NewRecord[] = []
  const append = ({ records, quarantined }: RecordBatch) => {
    all.push(...records)
    const admitted = { records, quarantined }
    return Promise.resolve({ head: 0, stored: records.length, duplicates: 0, quarantined: quarantined.length, admitted })
  } // prettier-ignore
  await feedRecording(recording, { laneStand: () => Promise.resolve(undefined), append }, RECORDED_KEYS)
  return all
}

/** What rows say after each part was followed, and what a walk says afterwards; by fact. */
async function summarised({ sources }: Recording, records: readonly NewRecord[]) {
  const { databaseUrl, stop } = await startTestPostgres()
  const ledger = new PostgresLedger({ databaseUrl })
  const interpretation = { sources, connectorFor }
  const { reader, close } = openReader({ databaseUrl, ledger, interpretation, configuration: { walk: WALK_DEFAULTS } })
  const client = await connect(databaseUrl, { applicationName: 'catena-test' })
  const runner = accessIndexRunner({ databaseUrl, ledger, interpretation }, (error) => console.error(error))
  runner.start()
  try {
    const size = Math.ceil(records.length / PARTS)
    for (let from = 0; from < records.length; from += size) {
      const { head } = await ledger.append({ records: records.slice(from, from + size), quarantined: [] })
      await runner.caughtUp(head)
      while ((await followIndex(client, { reader, ledger, interpretation })).more);
    }
    const { rows } = await client.query<{ body: object & { fact: string } }>('SELECT body FROM governance.retrieval')
    const asOf = await reader.asOf()
    const facts = [...(await reader.index(asOf).facts(rows.map(({ body }) => body.fact))).values()]
    const walked = await walkRetrievals(reader, asOf, facts)
    return {
      stored: new Map(rows.map(({ body }) => [body.fact, sorted(body)])),
      walked: new Map(walked.map(({ retrieval }) => [retrieval.fact, sorted(retrieval)])),
    }
  } finally {
    await runner.stop()
    await client.end()
    await close()
    await ledger.close()
    await stop()
  }
}

/** Members in one order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, child: unknown) =>
    typeof child === 'object' && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([a], [b]) => (a < b ? -1 : 1)))
      : child,
  )
}
