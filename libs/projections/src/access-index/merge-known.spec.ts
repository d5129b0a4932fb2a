import { form, makeKey, type Activity, type Connector, type KeyGroup } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import { startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import { AccessIndexProjection, type Interpretation } from './project.js'
import { emptyIndex } from './testing/empty-index.js'

const source = (id: string) => ({ id, kind: 'vault', scope: 'prod', federations: [], sharedIdentities: [], gaps: [] }) as const // prettier-ignore
const connector = {
  interpret: (record: { payload: unknown; position: number }) => placed(record.payload as Activity, record.position),
} as unknown as Connector
const interpretation: Interpretation = { sources: [source('vault'), source('mirror')], connectorFor: () => connector }

function placed(activity: Activity, position: number): Activity {
  const groups = activity.groups.map((group) => ({ ...group, forms: group.forms.map((one) => ({ ...one, position })) }))
  return { ...activity, groups, positions: [position] }
}

const showing = (token: string): KeyGroup => ({ role: token, verb: 'presents', trust: 'verified', forms: [form(makeKey('vault-token', 'acme', token))] }) // prettier-ignore

/** One source's word of a fact. */
function told(factId: string, from: string, occurredAt: number, ...tokens: readonly string[]): Activity {
  return { factId, kind: 'secret-read', occurredAt, groups: tokens.map(showing), attributes: {}, source: from, type: 'secret-read', resolutionMs: 0, outcome: 'succeeded', conflicts: [], positions: [1] } // prettier-ignore
}

function eventOf(activity: Activity, position: number): LedgerEvent {
  return { position, stream: `record:${activity.source}`, source: activity.source, schemaVersion: 1, type: activity.type, occurredAt: activity.occurredAt, payload: Buffer.from(JSON.stringify(activity)) } as LedgerEvent // prettier-ignore
}

/** Few facts and tokens, so that most are told of again; each word goes to one of three batches. */
const words = fc.array(
  fc.record({
    word: fc
      .tuple(
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom('vault', 'mirror'),
        fc.integer({ min: 1_000, max: 1_004 }),
        fc.subarray(['t1', 't2', 't3']),
      ) // prettier-ignore
      .map(([fact, from, time, tokens]) => told(fact, from, time, ...tokens)),
    batch: fc.constantFrom(0, 1, 2),
  }),
  { minLength: 2, maxLength: 10 },
)

describe('facts that the index knew before', () => {
  let postgres: TestPostgres
  let client: pg.Client

  beforeAll(async () => {
    postgres = await startTestPostgres()
    client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await new AccessIndexProjection(interpretation).prepare(client)
  })

  afterAll(async () => {
    await client.end()
    await postgres.stop()
  })

  beforeEach(empty)

  async function empty(): Promise<void> {
    await emptyIndex(client)
  }

  async function fold(batches: readonly (readonly LedgerEvent[])[]): Promise<void> {
    const projection = new AccessIndexProjection(interpretation)
    for (const batch of batches) await transaction(client, () => projection.interpret(batch)(client))
  }

  const keys = async (): Promise<unknown[]> => {
    const { rows } = await client.query<object>('SELECT * FROM access_key ORDER BY key, verb, fact, first_position')
    return rows
  }

  const facts = async (): Promise<unknown[]> => {
    const { rows } = await client.query<{ body: Buffer }>('SELECT * FROM access_fact ORDER BY fact')
    return rows.map((row) => ({ ...row, body: JSON.parse(row.body.toString('utf8')) as unknown }))
  }

  it('R1.9 come out the same, whatever batches tell of them, in whatever order, and how often', async () => {
    await fc.assert(
      fc.asyncProperty(words, fc.constantFrom([0, 1, 2], [2, 1, 0], [1, 2, 0, 1]), async (spread, order) => {
        const events = spread.map(({ word, batch }, index) => ({ batch, event: eventOf(word, index + 1) }))
        const batch = (number: number) => events.filter((one) => one.batch === number).map(({ event }) => event)
        await empty()
        await fold([events.map(({ event }) => event)])
        const [wantedKeys, wantedFacts] = [await keys(), await facts()]
        await empty()
        await fold(order.map(batch))
        expect(await keys()).toEqual(wantedKeys)
        expect(await facts()).toEqual(wantedFacts)
      }),
      { numRuns: thorough(50, 150) },
    )
  }, 240_000)

  it('R1.9 keep the rows of keys of which nothing new is told', async () => {
    await fold([[eventOf(told('a', 'vault', 1_000, 't1', 't2'), 1)]])
    const versions = async () => (await client.query('SELECT key, xmin FROM access_key ORDER BY key')).rows as unknown[]
    const before = await versions()
    await fold([[eventOf(told('a', 'vault', 1_001, 't1', 't2'), 2)]])
    expect(await versions()).toEqual(before)
    await fold([[eventOf(told('a', 'vault', 999, 't1', 't2'), 3)]])
    expect(await versions()).not.toEqual(before)
  })
})
