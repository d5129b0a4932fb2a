import type { Ledger, LedgerEvent } from '@catena/ledger'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProjectionRunner, type Projection } from './runner.js'

describe('a projection of records that keep coming a few at a time', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startTestPostgres()
  }, 60_000)
  afterAll(() => postgres.stop(), 60_000)

  it('R1.9 folds each once and in order, many of them together', async () => {
    const events: LedgerEvent[] = []
    const batches: number[][] = []
    const projection: Projection = {
      prepare: () => Promise.resolve(),
      interpret: (read) => {
        batches.push(read.map(({ position }) => position))
        // Meanwhile the next ones come.
        return () => sleep(10)
      },
      reset: () => undefined,
    }
    const ledger: Pick<Ledger, 'readNew' | 'waitForAppend'> = {
      readNew: (after, limit) => Promise.resolve(events.slice(after, after + limit)),
      waitForAppend: async (position, timeoutMs, signal) => {
        const deadline = performance.now() + timeoutMs
        while (events.length <= position && performance.now() < deadline && signal?.aborted !== true) await sleep(1)
      },
    }
    const failures: unknown[] = []
    const runner = new ProjectionRunner({
      name: 'access-index',
      schema: 'access_index',
      version: 'spec',
      projection,
      ledger,
      databaseUrl: postgres.databaseUrl,
      onError: (error) => failures.push(error),
      rebuild: () => Promise.reject(new Error('nothing is to be rebuilt')),
    })
    runner.start()
    while (runner.state.status !== 'leading') await sleep(1)
    for (let position = 1; position <= 500; position++) {
      events.push({ position } as LedgerEvent)
      await sleep(2)
    }
    await runner.caughtUp(500)
    await runner.stop()
    expect(failures).toEqual([])
    expect(batches.flat()).toEqual(events.map(({ position }) => position))
    expect(batches.length).toBeLessThan(30)
  }, 30_000)
})
