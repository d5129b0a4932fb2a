import { setTimeout as sleep } from 'node:timers/promises'
import { openNewConsumer } from '../test/recertification/new-consumer.js'
import { quantile } from './ledger/figures.js'

/** The aim (R6.6): from the record of an access to the list of whoever reviews it, ms. */
const AIM_MS = 5_000
export const MICRO_ROUNDS = 7

export interface MicroCertificationFigures {
  readonly rounds: number
  readonly aimMs: number
  /** From a file with the records of a new consumer to its item in the reviewer's list. */
  readonly recordToListMs: { readonly median: number; readonly worst: number }
}

/** Ledger, read models, governance and timer in one process, anew for each round. */
export async function benchMicroCertifications(rounds: number): Promise<MicroCertificationFigures> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) times.push(await recordToListMs())
  const [median, worst] = [Math.round(quantile(times, 0.5)), Math.round(Math.max(...times))]
  return { rounds, aimMs: AIM_MS, recordToListMs: { median, worst } }
}

async function recordToListMs(): Promise<number> {
  const consumer = await openNewConsumer()
  try {
    // Anywhere between two turns.
    await sleep(Math.random() * 1_000)
    const began = performance.now()
    await consumer.appear()
    while ((await consumer.asked()).length === 0) await sleep(10)
    return performance.now() - began
  } finally {
    await consumer.close()
  }
}
