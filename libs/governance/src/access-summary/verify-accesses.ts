import { isDeepStrictEqual } from 'node:util'
import { Beside, cutAt, type LookedAt, type OnLooked } from '@catena/ledger'
import { transaction } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type pg from 'pg'
import { summaryStand, type SummaryStand } from './summary-projection.js'
import { surroundingsOf } from './surroundings.js'
import { factsPaged, factsSampled, retrievalFaults } from './verify-retrievals.js'
import { credentialsPaged, credentialsSampled, sumFaults } from './verify-sums.js'

export interface VerifiedAccesses extends LookedAt {
  /** Where the rows were not made yet, or by another version, there is nothing to compare. */
  readonly isMade: boolean
}

interface Verifying {
  /** A connection of it reads one state of the rows at a time. */
  readonly pool: pg.Pool
  /** With connections of its own. */
  readonly reader: AccessReader
}

/** Told how many were looked at. */
interface Watching {
  readonly onRetrievals?: OnLooked
  /** Of credentials. */
  readonly onSums?: OnLooked
}

/** Ids that come after one, ascending; none: that was all. */
type NextPage = (client: pg.ClientBase, stand: SummaryStand, after: string) => Promise<readonly string[]>
type Faults = (client: pg.ClientBase, stand: SummaryStand, ids: readonly string[]) => Promise<readonly string[]>

/** Before all ids. */
const NO_ID = '00000000-0000-0000-0000-000000000000'

/**
 * What is kept of accesses against what the walk says: each retrieval as of the position that the rows stand at when it is looked at, and each sum
 * against the retrievals. Of all, or of so many of each. Rows go on meanwhile; memory does not grow with them.
 */
export async function verifyAccesses(of: Verifying, extent: 'all' | number, seed: string, { onRetrievals, onSums }: Watching = {}): Promise<VerifiedAccesses> {
  const beside = new Beside()
  if ((await inOneState(of.pool, summaryStand)) === undefined) return { ...beside.lookedAt, isMade: false }
  for (const fault of await steadily(of.pool, (_, stand) => surroundingFaults(of.reader, stand))) beside.add(fault)
  const retrievals = extent === 'all' ? factsPaged : factsSampled(seed, extent)
  const faults: Faults = (client, stand, ids) => retrievalFaults(client, of.reader, stand, ids)
  beside.count += await verifyPages(of.pool, beside, retrievals, faults, onRetrievals)
  const sums = extent === 'all' ? credentialsPaged : credentialsSampled(seed, extent)
  await verifyPages(of.pool, beside, sums, (client, _, ids) => sumFaults(client, ids), onSums)
  return { ...beside.lookedAt, isMade: true }
} // prettier-ignore

/** Returns how many ids there were. */
async function verifyPages(
  pool: pg.Pool,
  beside: Beside,
  next: NextPage,
  faults: Faults,
  onLooked?: OnLooked,
): Promise<number> {
  let count = 0
  for (let after: string | undefined = NO_ID; after !== undefined;) {
    const from: string = after
    let ids: readonly string[] = []
    const found = await steadily(pool, async (client, stand) => {
      ids = await next(client, stand, from)
      return ids.length === 0 ? [] : faults(client, stand, ids)
    })
    for (const fault of found) beside.add(fault)
    count += ids.length
    onLooked?.(count)
    after = ids.at(-1)
  }
  return count
}

/** A generation of the index that takes over, and an erasure, make rows anew: what was found across that is looked at again. */
async function steadily(
  pool: pg.Pool,
  look: (client: pg.ClientBase, stand: SummaryStand) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  for (;;) {
    const seen = await inOneState(pool, async (client) => {
      const stand = await summaryStand(client)
      return { stand, faults: stand === undefined ? [] : await look(client, stand) }
    })
    if (seen.faults.length === 0) return seen.faults
    const now = await inOneState(pool, summaryStand)
    if (now === undefined || now.version === seen.stand?.version) return now === undefined ? [] : seen.faults
  }
}

async function surroundingFaults(reader: AccessReader, stand: SummaryStand): Promise<string[]> {
  const fresh = await surroundingsOf(
    reader.index(await reader.asOf({ knownAt: cutAt(stand.position) })),
    reader.settings.sources,
  )
  const isSame = isDeepStrictEqual(stand.surroundings, JSON.parse(JSON.stringify(fresh)))
  return isSame ? [] : ['clocks and coverage that the rows were made under are not those of the access index']
}

async function inOneState<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    return await transaction(client, async () => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
      return work(client)
    })
  } finally {
    client.release()
  }
}
