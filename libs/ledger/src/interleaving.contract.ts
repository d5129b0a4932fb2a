import { expect } from '@jest/globals'
import { interleave, scenario, seeded, type Interleaving } from './interleaving.js'
import { MemoryLedger } from './memory-ledger.js'

/** Each seed ends in the same set of records, every offset accounted for; else throws with the command that runs it alone. */
export async function expectInterleavingsSettle(seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) {
    const fault = await run(seed)
    if (fault !== undefined) throw new Error(`${fault}\nrun it alone: CATENA_SEED=${seed} npm test -- interleaving`)
  }
}

async function run(seed: number): Promise<string | undefined> {
  const chance = seeded(seed)
  const planned = scenario(chance)
  const ledger = new MemoryLedger()
  try {
    await interleave(ledger, planned, chance)
    await expectSettled(ledger, planned)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function expectSettled(ledger: MemoryLedger, { lanes, distinct }: Interleaving): Promise<void> {
  const events = await ledger.read(0, 1_000)
  expect(events.map(({ recordId }) => recordId).sort()).toEqual([...distinct].sort())
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1))
  const intake = await ledger.intake()
  for (const { read, stored, duplicates, quarantined } of intake) expect(read).toBe(stored + duplicates + quarantined)
  expect(intake.reduce((sum, { stored }) => sum + stored, 0)).toBe(distinct.size)
  for (const state of await ledger.lanes()) {
    const read = intake.filter(({ lane }) => lane === state.lane).reduce((sum, each) => sum + each.read, 0)
    expect(Number(state.next - state.first)).toBe(read + state.holes)
    expect(Number(state.next)).toBe(lanes.find(({ name }) => name === state.lane)?.slots.length)
  }
}
