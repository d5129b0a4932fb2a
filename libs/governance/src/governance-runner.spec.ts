import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { GovernanceRunner } from './governance-runner.js'

const STEP_MS = 100

describe('followers of the index', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startTestPostgres()
  }, 60_000)
  afterAll(() => postgres.stop(), 30_000)

  it('R8.1 rest between their steps while what goes before them is behind, and go on when it is not', async () => {
    let [steps, isBehind, looks] = [0, true, 0]
    const follow = async (): Promise<boolean> => {
      steps++
      await sleep(STEP_MS)
      return true
    }
    const isFirstBehind = (): Promise<boolean> => {
      looks++
      return Promise.resolve(isBehind)
    }
    const errors: unknown[] = []
    const runner = new GovernanceRunner({
      followers: [{ name: 'spec', follow }],
      databaseUrl: postgres.databaseUrl,
      onError: (error) => errors.push(error),
      isFirstBehind,
    })
    runner.start()
    const until = async (met: () => boolean): Promise<void> => {
      while (!met()) await sleep(10)
    }
    // They are not shut out, and look more than once for each step.
    await until(() => steps === 3)
    expect(looks).toBeGreaterThanOrEqual(4)
    isBehind = false
    const [before, looked] = [steps, looks]
    await until(() => steps === before + 3)
    expect(looks - looked).toBeLessThanOrEqual(5)
    await runner.stop()
    expect(errors).toEqual([])
  }, 30_000)
})
