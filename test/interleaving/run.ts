import { MemoryLedger } from '@catena/ledger'
import { seeded } from '../../libs/ledger/src/interleaving.js'
import { SeenNames } from '../../libs/projections/src/access-index/rows.js'
import { Projector, Rebuild, type Database } from './actors.js'
import { observationAt } from './observations.js'
import { Tables } from './tables.js'

const EVENTS_MAX = 24

/**
 * Appends, two projectors, rebuilds and crashes in the order that a seed gives. Throws, with the command that runs it alone, where a rebuild
 * differs from what serves or the end differs from a fresh fold. Returns how many rebuilds were switched.
 */
export async function runSeeds(seeds: readonly number[]): Promise<number> {
  let switched = 0
  for (const seed of seeds) {
    try {
      switched += await run(seed)
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error)
      throw new Error(`${fault}\nrun it alone: CATENA_SEED=${seed} npm test -- rebuild-interleaving`, { cause: error })
    }
  }
  return switched
}

async function run(seed: number): Promise<number> {
  const chance = seeded(seed)
  const ledger = new MemoryLedger()
  const planned = 1 + Math.floor(chance() * EVENTS_MAX)
  const database: Database = { events: [], serving: { tables: new Tables(), position: 0 }, rebuilding: undefined }
  const projectors = [new Projector(), new Projector()]
  let switched = 0
  for (let steps = 0; database.events.length < planned || database.serving.position < planned || steps < 120; steps++) {
    const turn = chance()
    if (turn < 0.2) await append(ledger, database, planned, chance)
    else if (turn < 0.5) projectors[turn < 0.35 ? 0 : 1]!.step(database, chance)
    else if (turn < 0.51) database.rebuilding = undefined
    else if (database.rebuilding !== undefined) switched += database.rebuilding.step(database, chance) ? 1 : 0
    else if (turn < 0.6) database.rebuilding = new Rebuild(database, chance)
  }
  expectFresh(database)
  return switched
}

async function append(ledger: MemoryLedger, database: Database, planned: number, chance: () => number): Promise<void> {
  const count = Math.min(1 + Math.floor(chance() * 4), planned - database.events.length)
  const serial = database.events.length
  const records = Array.from({ length: count }, (_, index) => observationAt(serial + index, chance))
  await ledger.append({ records, quarantined: [] })
  database.events.push(...(await ledger.read(serial, count)))
}

function expectFresh({ events, serving }: Database): void {
  const fresh = new Tables()
  const seen = new SeenNames(1_000)
  for (const event of events) fresh.apply([event], seen)
  if (serving.tables.state() !== fresh.state()) throw new Error('the read model differs from a fresh fold')
}
