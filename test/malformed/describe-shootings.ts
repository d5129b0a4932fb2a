import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startAttackedCatena, type AttackedCatena } from '../attacks/attacked-catena.js'
import { heapBytes } from '../attacks/memory.js'
import { shoot, type Aim } from './shoot.js'

/** What the heap may have grown by after the shooting, bytes; a leak of one body each would be some megabytes a thousand. */
const GROWTH_MAX = 60 * 1024 * 1024
const WARM_UP_SEED = 1
const SEED = 20_261_128

export interface Shooting {
  readonly name: string
  readonly aim: Aim
  readonly count: number
  /** Shot before the memory is looked at. */
  readonly warmUp: number
}

/** Tests that a Catena with these sources (entries of `catena.yaml`) stands it. */
export function describeShootings(sources: readonly string[], shootings: readonly Shooting[]): void {
  jest.setTimeout(600_000)
  let catena: AttackedCatena
  beforeAll(async () => {
    catena = await startAttackedCatena(...sources)
  }, 120_000)
  afterAll(() => catena.stop())

  describe.each(shootings)('$name', (shooting) => {
    it('are answered without a fault, and leave the memory as it was', () => shootAt(catena, shooting))
  })
}

/** Every answer is one, none is a fault, some are refusals and some are not, and the memory is as it was. */
async function shootAt(catena: AttackedCatena, { name, aim, count, warmUp }: Shooting): Promise<void> {
  const target = { url: catena.url, headers: { authorization: catena.authorization } }
  await shoot(aim, target, warmUp, WARM_UP_SEED)
  const before = heapBytes()
  const statuses = await shoot(aim, target, count, SEED)
  const growth = heapBytes() - before
  console.log(name, Object.fromEntries(statuses), `heap ${(growth / 1024 / 1024).toFixed(1)} MiB`)
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  expect([...statuses.values()].reduce((sum, one) => sum + one, 0)).toBe(count)
  // Else everything was refused at the first look, and nothing behind it was reached.
  expect([...statuses.keys()].some((status) => status < 300)).toBe(true)
  expect([...statuses.keys()].some((status) => status >= 400)).toBe(true)
  expect(growth).toBeLessThan(GROWTH_MAX)
  expect(await catena.isReady()).toBe(true)
}
