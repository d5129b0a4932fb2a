import { chance } from './kafka-feed.js'
import { runProgram } from './run-program.js'

/** The first process lives so long at most, each that follows by so much longer: short enough to strike a fast machine often, and it ends on a slow one. */
const FIRST_LIFE_MS = 30
const LIFE_GROWTH = 1.15
const STRIKES_MAX = 120

/** Of the strikes at random moments: given by CATENA_SEED, else a new one each time. */
export const SEED = Number(process.env['CATENA_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/**
 * Starts the program again and again, and kills it with SIGKILL some milliseconds after it said that it began, until it comes to its end by
 * itself. Returns the moments of the strikes, ms.
 */
export async function struckAtRandom(bundle: string, given: object): Promise<number[]> {
  const next = chance(SEED)
  const strikes: number[] = []
  while (strikes.length < STRIKES_MAX) {
    const ms = Math.floor(next() * FIRST_LIFE_MS * LIFE_GROWTH ** strikes.length)
    const end = await runFor(ms, bundle, given)
    if (end === 0) return strikes
    if (end !== 'SIGKILL') throw new Error(`seed ${SEED}: it ended with ${end} after strikes at ${strikes.join(', ')} ms`)
    strikes.push(ms)
  }
  throw new Error(`seed ${SEED}: it came to no end in ${STRIKES_MAX} lives`)
} // prettier-ignore

/** Says by which seed a check failed. */
export async function bySeed(check: () => Promise<void>): Promise<void> {
  await check().catch((error: unknown) => {
    throw new Error(`seed ${SEED}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  })
}

function runFor(ms: number, bundle: string, given: object): Promise<number | string> {
  const { child, end } = runProgram(bundle, given)
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), ms))
  return end
}
