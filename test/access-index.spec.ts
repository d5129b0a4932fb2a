import { MemoryFacts, walk, WALK_DEFAULTS, type Chain, type FactIndex } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { asksForContent, credentialKey, type Key } from '@catena/domain'
import { PostgresLedger } from '@catena/ledger'
import { createPool } from '@catena/platform'
import {
  AccessReader,
  interpretEvent,
  listFacts,
  PostgresFactIndex,
  type Interpretation,
  type Stretch,
} from '@catena/projections'
import { openRecording, startRecordedPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

type Pool = ReturnType<typeof createPool>

describe('the recorded organisation in PostgreSQL', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let reader: AccessReader
  let pool: Pool
  let interpretation: Interpretation

  beforeAll(async () => {
    const recorded = await startRecordedPostgres()
    postgres = recorded
    const { sources } = recorded.recording
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    interpretation = { sources, connectorFor }
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec' })
    reader = new AccessReader(pool, ledger, interpretation, { ...WALK_DEFAULTS, sources })
  }, 120_000)

  afterAll(async () => {
    await pool.end()
    await ledger.close()
    await postgres.stop()
  }, 30_000)

  it('R1.9 answers as the walk in memory does, live and at earlier cuts', async () => {
    const recording = await openRecording()
    const facts = new MemoryFacts()
    const head = await ledger.head()
    for (const event of await ledger.read(0, head)) {
      const activity = interpretEvent(event, { sources: recording.sources, connectorFor })
      if (activity !== undefined) facts.add(activity)
    }
    for (const position of [head, Math.floor(head * 0.6)]) {
      const asOf = { position }
      const memory = facts.at(asOf)
      const requests = memory.all.filter(
        (fact) => fact.source === 'vault' && fact.kind !== 'lease-ended' && fact.kind !== 'unclassified',
      )
      const expected = await walk(memory, requests, { ...WALK_DEFAULTS, sources: recording.sources })
      const known = await reader.index(asOf).facts(requests.map((fact) => fact.factId))
      const chains = await reader.chains(
        asOf,
        requests.map((fact) => known.get(fact.factId)!),
      )
      expect(requests.length).toBeGreaterThan(200)
      expect(chains.map(summary)).toEqual(expected.map(summary))
    }
  }, 120_000)

  it('R1.9 finds the first of a key in a span as memory does', async () => {
    const recording = await openRecording()
    const facts = new MemoryFacts()
    const asOf = await reader.asOf()
    for (const event of await ledger.read(0, asOf.position)) {
      const activity = interpretEvent(event, { sources: recording.sources, connectorFor })
      if (activity !== undefined) facts.add(activity)
    }
    const memory = facts.at(asOf)
    const slots = memory.all.flatMap(({ target }) => (target === undefined ? [] : (credentialKey(target) ?? [])))
    let most = 0
    for (const key of new Set(slots)) {
      const changes = (await memory.factsBy([{ key }], 'ends')).get(key) ?? []
      most = Math.max(most, changes.length)
      for (const from of [0, ...changes.map(({ occurredAt }) => occurredAt)])
        for (const first of [1, 2, 5]) {
          const lookups = [{ key, first, span: { from, to: 9e12 } }]
          const ids = async (index: FactIndex) => (await index.factsBy(lookups, 'ends')).get(key)?.map(({ factId }) => factId) // prettier-ignore
          expect([key, from, first, await ids(reader.index(asOf))]).toEqual([key, from, first, await ids(memory)])
        }
    }
    expect(most).toBeGreaterThan(2)
  }, 60_000)

  it('R1.9 tells all names of a thing to everybody who asks for one of them at the same moment', async () => {
    const asOf = await reader.asOf()
    const { rows } = await pool.query<{ name: Key }>('SELECT DISTINCT name FROM access_name ORDER BY name')
    const keys = rows.map(({ name }) => name)
    const together = await reader.index(asOf).equated(keys)
    const index = reader.index(asOf)
    const apart = await Promise.all(keys.map(async (key) => (await index.equated([key])).get(key)))
    expect(keys.map((key, number) => [key, apart[number]])).toEqual(keys.map((key) => [key, together.get(key)]))
    expect(keys.length).toBeGreaterThan(100)
  }, 30_000)

  it('R6.3 parts time into stretches that hold every retrieval once, however many each holds', async () => {
    const asOf = await reader.asOf()
    const listed = async (filter: Stretch): Promise<string[]> =>
      (await reader.facts(asOf, filter, { limit: 5_000 })).items.map(({ item }) => item.factId)
    const all = await listed({})
    expect(all.length).toBeGreaterThan(200)
    for (const size of [1, 7, 100, all.length, all.length + 1]) {
      const found: string[] = []
      for await (const stretch of reader.stretches(size)) found.push(...(await listed(stretch)))
      expect([size, found]).toEqual([size, all])
    }
    // What was answered wrapped takes as long to look at.
    const { items } = await reader.facts(asOf, { retrievalsOnly: false }, { limit: 5_000 })
    const looked = items.filter(({ item }) => asksForContent(item)).length
    expect(looked).toBeGreaterThan(all.length)
    expect([await reader.hasRetrievals(looked), await reader.hasRetrievals(looked + 1)]).toEqual([true, false])
  }, 60_000)

  it('R1.9 asks once for all that a page needs at one moment, and waits for few moments', async () => {
    const asOf = await reader.asOf()
    const page = async (): Promise<number> => {
      const { items } = await reader.facts(asOf, {}, { limit: 50 })
      const chains = await reader.chains(
        asOf,
        items.map(({ item }) => item),
      )
      return chains.length
    }
    // Clocks and coverage are summed up once for each state of knowledge.
    expect(await page()).toBe(50)
    const asked = await askedWhile(pool, page)
    expect(asked.atOnce).toBe(1)
    expect(asked.statements).toBeLessThanOrEqual(STATEMENTS_MAX)
  }, 30_000)

  it('R1.9 reads a short page of a credential with what its walk asks, and tells what a walk that asks for everything tells', async () => {
    const head = await reader.projectedPosition()
    const ids: string[] = []
    for await (const page of reader.everyCredential({ position: head })) ids.push(...page.map(({ id }) => id))
    const statements = { ahead: 0, plain: 0 }
    let pages = 0
    for (const asOf of [
      { position: head },
      { position: Math.floor(head * 0.6) },
      { position: head, validAt: await middle(reader) },
    ])
      // prettier-ignore
      for (const credential of ids) {
        const ahead = async (): Promise<unknown> => {
          const { items, hasMore } = await reader.chainsOf(asOf, { credential }, { limit: 3 })
          return [items.map(({ item, place }) => [place, summary(item)]), hasMore]
        }
        const plain = async (): Promise<unknown> => {
          const index = new PostgresFactIndex(pool, ledger, interpretation, asOf)
          const { items, hasMore } = await listFacts(pool, index, { credential }, { limit: 3 })
          const chains = await walk(index, items.map(({ item }) => item), reader.settings) // prettier-ignore
          return [chains.map((chain, number) => [items[number]?.place, summary(chain)]), hasMore]
        }
        const [told, expected] = [await ahead(), await plain()]
        expect([credential, told]).toEqual([credential, expected])
        statements.ahead += (await askedWhile(pool, ahead)).statements
        statements.plain += (await askedWhile(pool, plain)).statements
        pages += 1
      }
    expect(pages).toBeGreaterThan(30)
    expect(statements.ahead).toBeLessThan(statements.plain / 2)
  }, 60_000)

  it('R1.9 waits on the first page for no sum of clocks that was made ahead', async () => {
    const opened = new AccessReader(pool, ledger, interpretation, reader.settings)
    const sums = await heldWhile(pool, () => opened.sumClocks())
    expect(sums).toBeGreaterThan(1)
    const asOf = await opened.asOf()
    const page = async (): Promise<void> => {
      const { items } = await opened.facts(asOf, {}, { limit: 200 })
      await opened.chains(asOf, items.map(({ item }) => item)) // prettier-ignore
    }
    expect(await heldWhile(pool, page)).toBe(0)
    const cold = new AccessReader(pool, ledger, interpretation, reader.settings)
    const { items } = await cold.facts(asOf, {}, { limit: 200 })
    expect(await heldWhile(pool, () => cold.chains(asOf, items.map(({ item }) => item)))).toBe(sums) // prettier-ignore
  }, 30_000)
})

/** A time at which half of the retrievals had not happened. */
async function middle(reader: AccessReader): Promise<number> {
  const { items } = await reader.facts(await reader.asOf(), {}, { limit: 5_000 })
  return items[Math.floor(items.length / 2)]?.item.occurredAt ?? 0
}

/** How often a connection was taken for several statements, as each sum of clocks does. */
async function heldWhile(pool: Pool, work: () => Promise<unknown>): Promise<number> {
  let held = 0
  const connect = pool.connect.bind(pool) as (...given: unknown[]) => Promise<never>
  const counted = (...given: unknown[]): Promise<never> => {
    if (given.length === 0) held++
    return connect(...given)
  }
  pool.connect = counted as typeof pool.connect
  await work().finally(() => (pool.connect = connect as typeof pool.connect))
  return held
}

/** A list of facts, then a hop after the other; each costs whoever waits for the page about as much as any other. */
const STATEMENTS_MAX = 7

/** Statements that are sent meanwhile, and how many of them at most before another was answered. */
async function askedWhile(pool: Pool, work: () => Promise<unknown>): Promise<{ statements: number; atOnce: number }> {
  const asked = { statements: 0, atOnce: 0 }
  let open = 0
  const query = pool.query.bind(pool) as Asking
  const connect = pool.connect.bind(pool)
  const counting =
    (ask: Asking): Asking =>
    (...values) => {
      asked.statements++
      asked.atOnce = Math.max(asked.atOnce, ++open)
      return ask(...values).finally(() => open--)
    }
  pool.query = counting(query) as typeof pool.query
  // Without a callback: whoever asks several statements of one connection; `query` itself takes one with a callback.
  pool.connect = (async (...given: [] | [never]) => {
    if (given.length > 0) {
      connect(...(given as [never]))
      return
    }
    const client = await connect()
    const release = (error?: Error): void => client.release(error)
    return { query: counting(client.query.bind(client)), release }
  }) as typeof pool.connect
  await work().finally(() => {
    pool.query = query as typeof pool.query
    pool.connect = connect
  })
  return asked
}

type Asking = (...asked: unknown[]) => Promise<unknown>

function summary(chain: Chain): unknown {
  return { ...chain, fact: chain.fact.factId }
}
