import type { AccessReader, KnownAsOf } from '@catena/projections'
import type pg from 'pg'
import { copyRetrievals } from './copy-retrievals.js'
import { fillSums, SHAPES_AT_ONCE } from './fill-sums.js'
import { inLanes } from './in-lanes.js'
import { walkHere, type StretchWalkers } from './stretch-walkers.js'

/** Retrievals walked at once: what they share upstream is asked for once. */
export const WALKED_AT_ONCE = 1_000
/** Longest statement: sums over everything are one. */
const STATEMENT_TIMEOUT_MS = 600_000

export interface FillOptions {
  /** Who walks; else it is done here. */
  readonly walkers?: StretchWalkers
  readonly walkedAtOnce?: number
  readonly shapesAtOnce?: number
}

/** Makes all rows anew, in the caller's transaction: readers have the old ones until it commits. Memory does not grow with what is walked. */
export async function fillRows(
  client: pg.ClientBase,
  reader: AccessReader,
  asOf: KnownAsOf,
  { walkers = walkHere(reader), walkedAtOnce = WALKED_AT_ONCE, shapesAtOnce = SHAPES_AT_ONCE }: FillOptions = {},
): Promise<void> {
  await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  await client.query('DELETE FROM governance.retrieval')
  await client.query('DELETE FROM governance.access_summary')
  await client.query('DELETE FROM governance.shape')
  const stretches = reader.stretches(walkedAtOnce)
  const shapes = new Set<string>()
  let written: Promise<unknown> = Promise.resolve()
  await inLanes(walkers.lanes, async () => {
    const { value: stretch } = await stretches.next()
    if (stretch === undefined) return false
    const walked = await walkers.walk(asOf, stretch)
    written = written.then(() => copyRetrievals(client, walked, shapes))
    await written
    return true
  })
  await fillSums(client, shapesAtOnce)
}
