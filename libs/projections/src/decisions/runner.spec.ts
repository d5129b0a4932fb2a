import { handleCommand, PostgresLedger, type NewRecord, type RecordedDecision } from '@catena/ledger'
import type { Decider } from '@catena/domain'
import { createPool, prepareRoles } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { DecisionViewRunner, type DecisionLog } from './runner.js'
import type { DecisionView } from './view.js'
import { waitForView } from './wait-for-view.js'

interface Counted {
  readonly type: 'Counted'
  readonly data: { readonly by: number }
}
const counter: Decider<number, number, Counted, 'TOO_MUCH'> = {
  initial: 0,
  decide: (_, by) => [{ type: 'Counted', data: { by } }],
  evolve: (state, { data }) => state + data.by,
}

const RECORD: NewRecord = {
  source: 'vault', stream: 'audit', type: 'read', occurredAt: 1, recordId: Buffer.alloc(16, 7), payload: Buffer.from('{}'), schemaVersion: 1, subjects: [],
} // prettier-ignore

/** Rows: stream and sum. `factor` stands for another version of the code. */
function sums(version: string, factor: number): DecisionView {
  return {
    name: 'sums',
    version,
    clear: async (client) => {
      await client.query('DELETE FROM decisions.sums')
    },
    apply: async (client, decisions) => {
      const counted = decisions.filter(({ event }) => event.type === 'Counted') as RecordedDecision<Counted>[]
      for (const { stream, event } of counted)
        await client.query(
          `INSERT INTO decisions.sums VALUES ($1, $2) ON CONFLICT (stream) DO UPDATE SET sum = decisions.sums.sum + $2`,
          [stream, event.data.by * factor],
        )
    },
  }
}

describe('views of decisions', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let pool: pg.Pool
  const runners: DecisionViewRunner[] = []
  beforeAll(async () => {
    postgres = await startTestPostgres()
    await prepareRoles(postgres.databaseUrl)
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    pool = createPool(postgres.databaseUrl, { applicationName: 'catena-test' })
    await pool.query('CREATE TABLE decisions.sums (stream TEXT PRIMARY KEY, sum BIGINT NOT NULL)')
  }, 60_000)
  afterAll(async () => {
    for (const runner of runners) await runner.stop()
    await pool.end()
    await ledger.close()
    await postgres.stop()
  })

  const start = (views: DecisionView | readonly DecisionView[], log: DecisionLog = ledger): DecisionViewRunner => {
    const runner = new DecisionViewRunner({
      views: [views].flat(),
      log,
      databaseUrl: postgres.databaseUrl,
      onError: (error) => void errors.push(error),
    })
    runners.push(runner)
    runner.start()
    return runner
  }
  const errors: unknown[] = []
  const count = async (stream: string, by: number): Promise<number> => {
    const handled = await handleCommand(ledger, counter, { stream, command: by, by: { actor: 'person:7', at: 1 } })
    return 'refused' in handled ? 0 : handled.position
  }
  const rows = async () =>
    (await pool.query<{ stream: string; sum: number }>('SELECT stream, sum::int FROM decisions.sums ORDER BY stream'))
      .rows

  it('follow the decisions of all streams, each once', async () => {
    await count('a', 1)
    start(sums('1', 1))
    await count('b', 5)
    const position = await count('a', 2)
    expect(await waitForView(pool, 'sums', position, 10_000)).toBe(true)
    expect(await rows()).toEqual([{ stream: 'a', sum: 3 }, { stream: 'b', sum: 5 }]) // prettier-ignore
  })

  it('are led by one process, and by another once it ends', async () => {
    const second = start(sums('1', 1))
    const position = await count('a', 4)
    expect(await waitForView(pool, 'sums', position, 10_000)).toBe(true)
    await runners[0]?.stop()
    await second.caughtUp(await count('b', 1))
    expect(await rows()).toEqual([{ stream: 'a', sum: 7 }, { stream: 'b', sum: 6 }]) // prettier-ignore
  })

  it('are folded anew when their version changes', async () => {
    await runners[1]?.stop()
    await start(sums('2', 10)).caughtUp(await ledger.head())
    expect(await rows()).toEqual([{ stream: 'a', sum: 70 }, { stream: 'b', sum: 60 }]) // prettier-ignore
    expect(errors).toEqual([])
  })

  it('read the ledger once, however many they are', async () => {
    await runners[2]?.stop()
    let reads = 0
    const readDecisions: DecisionLog['readDecisions'] = (after, limit) => {
      reads++
      return ledger.readDecisions(after, limit)
    }
    const log = Object.create(ledger, { readDecisions: { value: readDecisions } }) as DecisionLog
    const applied: Record<string, number> = { one: 0, two: 0, three: 0 }
    const noting = (name: string): DecisionView => ({
      ...sums('1', 1),
      name,
      clear: () => Promise.resolve(),
      apply: (_, decisions) => {
        applied[name] = (applied[name] ?? 0) + decisions.length
        return Promise.resolve()
      },
    })
    const runner = start(Object.keys(applied).map(noting), log)
    await runner.caughtUp(await ledger.head())
    const [before, told] = [reads, { ...applied }]
    await runner.caughtUp(await count('c', 1))
    expect(reads - before).toBe(1)
    expect(Object.keys(applied).map((name) => (applied[name] ?? 0) - (told[name] ?? 0))).toEqual([1, 1, 1])
    await runner.stop()
  })

  it('are each folded once beside one that cannot be, which is told of', async () => {
    const spoilt: DecisionView = {
      ...sums('1', 1),
      name: 'spoilt',
      clear: () => Promise.resolve(),
      apply: (_, decisions) =>
        decisions.some(({ stream }) => stream === 'spoilt') ? Promise.reject(new Error('spoilt')) : Promise.resolve(),
    }
    const runner = start([sums('2', 10), spoilt])
    await runner.caughtUp(await ledger.head())
    const before = await rows()
    expect(await waitForView(pool, 'sums', await count('spoilt', 3), 10_000)).toBe(true)
    expect(await rows()).toEqual([...before, { stream: 'spoilt', sum: 30 }])
    expect(await waitForView(pool, 'sums', await count('spoilt', 1), 10_000)).toBe(true)
    expect(await rows()).toEqual([...before, { stream: 'spoilt', sum: 40 }])
    await runner.stop()
    expect(errors.splice(0)).toContainEqual(expect.objectContaining({ message: 'spoilt' }))
  })

  it('R7.3 lose what a decision said that was erased after they were folded, and only where it was a decision', async () => {
    const cleared: string[] = []
    const noted: DecisionView = {
      ...sums('2', 10),
      clear: (client) => (cleared.push('sums'), sums('2', 10).clear(client)),
    }
    const runner = start(noted)
    const erased = await count('c', 4)
    await runner.caughtUp(await count('c', 2))
    const others = (await rows()).filter(({ stream }) => stream !== 'c')
    const tombstone = await ledger.eraseEvents({ positions: [erased], reason: 'request 17', actor: 'person:dpo' })
    await runner.caughtUp(tombstone.position)
    expect(await rows()).toEqual([...others, { stream: 'c', sum: 30 }].sort((a, b) => (a.stream < b.stream ? -1 : 1)))
    await runner.caughtUp(await count('c', 1))
    expect((await rows()).find(({ stream }) => stream === 'c')?.sum).toBe(40)
    expect(cleared).toEqual(['sums'])
    const { head } = await ledger.append({ records: [RECORD], quarantined: [] })
    await ledger.eraseEvents({ positions: [head], reason: 'request 18', actor: 'person:dpo' })
    await runner.caughtUp(await ledger.head())
    expect(cleared).toEqual(['sums'])
    await runner.stop()
  })

  it('say so where nothing folds them', async () => {
    expect(await waitForView(pool, 'sums', await count('a', 1), 50)).toBe(false)
  })
})
