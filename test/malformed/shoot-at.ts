import { expect } from '@jest/globals'
import type { AttackedCatena } from '../attacks/attacked-catena.js'
import { heapBytes } from '../attacks/memory.js'

/** What the heap may have grown by after the shooting, bytes; a leak of one body each would be some megabytes a thousand. */
const GROWTH_MAX = 60 * 1024 * 1024
const WARM_UP_SEED = 1

/** Resolves with how often each status was answered. */
export type Shoot = (
  url: string,
  headers: Record<string, string>,
  count: number,
  seed: number,
) => Promise<Map<number, number>>

export interface Shooting {
  readonly name: string
  readonly count: number
  /** Shot before the memory is looked at. */
  readonly warmUp: number
  readonly seed: number
}

/** Every answer is one, none is a fault, some are refusals and some are not, and the memory is as it was. */
export async function shootAt(
  catena: AttackedCatena,
  shoot: Shoot,
  { name, count, warmUp, seed }: Shooting,
): Promise<void> {
  const headers = { authorization: catena.authorization }
  await shoot(catena.url, headers, warmUp, WARM_UP_SEED)
  const before = heapBytes()
  const statuses = await shoot(catena.url, headers, count, seed)
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
