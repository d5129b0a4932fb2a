import type pg from 'pg'
import { quantile, quantilesOf, type Quantiles } from './ledger/figures.js'

/** Runs that tell how long one takes. */
const TRIED = 30

/**
 * What takes about as long as a page and is none: a statement that counts, and then counting here, half of the time each. It reads nothing and makes no
 * garbage, so what is between its median and its p99 is the machine's.
 */
export async function measureStandIn(pool: pg.Pool, ms: number, runs: number): Promise<Quantiles> {
  const there = await sized(ms / 2, (size) => countThere(pool, size))
  const here = await sized(ms / 2, (size) => Promise.resolve(countHere(size)))
  const times: number[] = []
  for (let run = 0; run < runs; run++)
    times.push(
      await timed(async () => {
        await countThere(pool, there)
        countHere(here)
      }),
    )
  return quantilesOf(times, 2)
}

/** How far to count for so long, by the median. */
async function sized(ms: number, count: (size: number) => Promise<unknown>): Promise<number> {
  for (let size = 500; ; size = Math.ceil(size * 1.25)) {
    const times: number[] = []
    for (let run = 0; run < TRIED; run++) times.push(await timed(() => count(size)))
    if (quantile(times, 0.5) >= ms) return size
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function countThere(pool: pg.Pool, size: number): Promise<unknown> {
  return pool.query({ name: 'stand-in', text: 'SELECT count(*) FROM generate_series(1, $1::int)', values: [size] })
}

function countHere(size: number): number {
  let sum = 0
  for (let number = 0; number < size; number++) sum = (sum + number * number) % 1_000_003
  return sum
}
