import type { AccessReader, KnownAsOf } from '@catena/projections'
import type pg from 'pg'
import { copyRetrievals } from './copy-retrievals.js'
import { fillSums, SHAPES_AT_ONCE } from './fill-sums.js'
import { WALKED_AT_ONCE, walkEvery } from './walk-every.js'

/** Longest statement: sums over everything are one. */
const STATEMENT_TIMEOUT_MS = 600_000

/** Makes all rows anew, in the caller's transaction: readers have the old ones until it commits. */
export async function fillRows(
  client: pg.ClientBase,
  reader: AccessReader,
  asOf: KnownAsOf,
  { walkedAtOnce = WALKED_AT_ONCE, shapesAtOnce = SHAPES_AT_ONCE } = {},
): Promise<void> {
  await client.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  await client.query('DELETE FROM governance.retrieval')
  await client.query('DELETE FROM governance.access_summary')
  await client.query('DELETE FROM governance.shape')
  const shapes = new Set<string>()
  await walkEvery(reader, asOf, (walked) => copyRetrievals(client, walked, shapes), walkedAtOnce)
  await fillSums(client, shapesAtOnce)
}
