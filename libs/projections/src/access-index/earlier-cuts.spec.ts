import { MemoryFacts, type AsOf, type FactIndex, type Lookup } from '@catena/access-chain'
import { form, makeKey, type Activity, type Connector, type Key } from '@catena/domain'
import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { AccessIndexProjection, interpretEvent, type Interpretation } from './project.js'
import { emptyIndex } from './testing/empty-index.js'

const source = { id: 'vault', kind: 'vault', scope: 'prod', federations: [], sharedIdentities: [], gaps: [] } as const
const connector = {
  interpret: (record: { payload: unknown; position: number }) => placed(record.payload as Activity, record.position),
} as unknown as Connector
const interpretation: Interpretation = { sources: [source], connectorFor: () => connector }

function placed(activity: Activity, position: number): Activity {
  const groups = activity.groups.map((group) => ({ ...group, forms: group.forms.map((one) => ({ ...one, position })) }))
  return { ...activity, groups, positions: [position] }
}

const keyOf = (name: string): Key => makeKey('vault-token', 'prod', name)

/** One observer's word of a fact, which stamps it as it pleases. Every word names the same token, and may say that it was by a federated login. */
function told(factId: string, token: string, occurredAt: number, isFederated: boolean): Activity {
  const groups = [{ role: 'caller', verb: 'presents', trust: 'verified', forms: [form(keyOf(token))] }] as const
  const attributes = isFederated ? { origin: 'federated' } : {}
  return { factId, kind: 'secret-read', occurredAt, groups, attributes, source: 'vault', type: 'secret-read', resolutionMs: 0, outcome: 'succeeded', conflicts: [], positions: [1] } // prettier-ignore
}

const HOUR_MS = 3_600_000
const START = 1_000_000_000
const TOKENS = ['t1', 't2'] as const

interface Word {
  readonly number: number
  readonly minute: number
  readonly isAhead: boolean
  readonly isFederated: boolean
}

/** Few facts, so that most are told of again, each a little later than the one before; some are dated long after. */
const words: fc.Arbitrary<Word[]> = fc.array(
  fc.record({
    number: fc.integer({ min: 0, max: 5 }),
    minute: fc.integer({ min: 0, max: 9 }),
    isAhead: fc.constantFrom(false, false, true),
    isFederated: fc.boolean(),
  }),
  { minLength: 2, maxLength: 12 },
)

function eventsOf(given: readonly Word[]): LedgerEvent[] {
  return given.map(({ number, minute, isAhead, isFederated }, index) => {
    const recordedAt = START + index * 60_000
    // No two facts at one moment: which of them comes first is nobody's promise.
    const occurredAt = isAhead ? recordedAt + HOUR_MS + minute : Math.min(START + minute * 60_000, recordedAt) + number
    const activity = told(`fact ${number}`, TOKENS[number % 2]!, occurredAt, isFederated)
    return { position: index + 1, stream: 'record:vault', source: 'vault', schemaVersion: 1, type: activity.type, occurredAt, recordedAt, payload: Buffer.from(JSON.stringify(activity)) } as LedgerEvent // prettier-ignore
  })
}

function questions(): readonly Lookup[] {
  const bounds = [0, START, START + 2 * 60_000, START + 5 * 60_000, START + HOUR_MS, 9e12]
  const spans = bounds.flatMap((from) => bounds.filter((to) => to >= from).map((to) => ({ from, to })))
  return spans.flatMap((span) => TOKENS.map((token) => ({ key: keyOf(token), span })))
}

async function answers(index: FactIndex): Promise<unknown[]> {
  const ask = async (lookup: Lookup): Promise<unknown> => {
    const facts = (await index.factsBy([lookup], 'presents')).get(lookup.key)
    return [lookup, facts?.map(({ factId, occurredAt }) => [factId, occurredAt])]
  }
  return Promise.all(questions().flatMap((lookup) => [{}, { first: 1 }, { first: 2 }, { federated: true }].map((more) => ask({ ...lookup, ...more }))))
} // prettier-ignore

describe('the index in PostgreSQL, of facts that were observed again', () => {
  let postgres: TestPostgres
  let pool: pg.Pool
  let client: pg.Client

  beforeAll(async () => {
    postgres = await startTestPostgres()
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec' })
    client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await new AccessIndexProjection(interpretation).prepare(client)
  })

  afterAll(async () => {
    await client.end()
    await pool.end()
    await postgres.stop()
  })

  /** As one batch, or as two; afterwards at the state of knowledge asked for. */
  async function known(events: readonly LedgerEvent[], cut: number) {
    await emptyIndex(client)
    const projection = new AccessIndexProjection(interpretation)
    for (const batch of [events.slice(0, cut), events.slice(cut)].filter(({ length }) => length > 0))
      await transaction(client, () => projection.interpret(batch)(client))
    const memory = new MemoryFacts()
    for (const event of events) memory.add(interpretEvent(event, interpretation)!)
    const readAt: Ledger['readAt'] = (positions) => Promise.resolve(events.filter(({ position }) => positions.includes(position)))
    return (asOf: AsOf) => [new PostgresFactIndex(pool, { readAt }, interpretation, asOf), memory.at(asOf)] as const
  } // prettier-ignore

  async function everywhere(check: (postgres: FactIndex, memory: FactIndex, asOf: AsOf) => Promise<void>, numRuns: number): Promise<void> {
    const property = fc.asyncProperty(words, fc.nat(), fc.constantFrom(undefined, START + 3 * 60_000, START + 90 * 60_000), async (given, batch, validAt) => {
      const events = eventsOf(given)
      const at = await known(events, batch % events.length)
      for (let position = 0; position <= events.length; position++) await check(...at({ position, validAt }), { position, validAt })
    }) // prettier-ignore
    await fc.assert(property, { numRuns })
  } // prettier-ignore

  it('R1.10 answers at an earlier cut as it did then, whatever moment later records tell', async () => {
    await everywhere(async (stored, memory, asOf) => expect([asOf, await answers(stored)]).toEqual([asOf, await answers(memory)]), thorough(15, 60)) // prettier-ignore
  }, 240_000)

  it('R1.4 R1.10 has a source heard of no later than its records were received, at every cut', async () => {
    await everywhere(async (stored, memory, asOf) => {
      const latest = START + (asOf.position - 1) * 60_000
      const coverage = await stored.coverage('vault')
      expect([asOf, coverage]).toEqual([asOf, await memory.coverage('vault')])
      expect(coverage?.to ?? 0).toBeLessThanOrEqual(latest + 5_000)
    }, thorough(40, 150)) // prettier-ignore
  }, 240_000)
})
