import type { Activity } from '@catena/domain'
import type { LedgerEvent } from '@catena/ledger'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import { interpretEvent, type Interpretation } from '../access-index/project.js'
import { foldFacts, observe, rowsOf, SeenNames } from '../access-index/rows.js'
import { rememberWrappings } from '../access-index/resolve-unwrapped.js'
import { appendRows, mergeShared, STAGING } from '../access-index/write-rows.js'
import type { JsonColumns } from '../state-hash.js'
import type { Loader } from './load.js'
import type { TakeTurns } from './take-turns.js'

/** Groups of names that one lane remembers. */
const SEEN_NAMES_MAX = 50_000
const PAGE_FACTS = 2_000

/** Tables that are loaded by COPY alone and keyed afterwards. */
export const APPENDED = ['access_fact', 'access_key', 'access_told']
export const ACCESS_INDEX_JSON: JsonColumns = { access_fact: ['body'] }

/** Facts of one batch are merged in memory; those that several batches tell of come out as several rows (see `takeRepeated`). */
export class AccessIndexLoader implements Loader {
  private readonly seenNames = new SeenNames(SEEN_NAMES_MAX)

  constructor(private readonly interpretation: Interpretation) {}

  async prepare(client: pg.Client): Promise<void> {
    await client.query(STAGING)
  }

  async load(client: pg.Client, events: readonly LedgerEvent[], inTurn: TakeTurns): Promise<void> {
    const observations = events
      .map((event) => interpretEvent(event, this.interpretation))
      .filter((activity) => activity !== undefined)
    const observed = observe(observations)
    const rows = rowsOf(observed, foldFacts(observed), this.seenNames)
    await appendRows(client, rows)
    // Names and lists of two lanes meet in the same rows.
    await inTurn(() =>
      transaction(client, async () => {
        await mergeShared(client, rows)
        await rememberWrappings(client, rows)
      }),
    )
  }
}

/**
 * Takes out every fact that several batches told of, with its keys, and returns the positions of its observations, ascending: folding those
 * once more in order gives what folding everything in order would have given.
 */
export async function takeRepeated(client: pg.Client): Promise<number[]> {
  await client.query('CREATE TEMP TABLE repeated AS SELECT fact FROM access_fact GROUP BY fact HAVING count(*) > 1')
  await client.query('ANALYZE repeated')
  const positions = await transaction(client, () => positionsOfRepeated(client))
  await client.query('DELETE FROM access_key USING repeated WHERE access_key.fact = repeated.fact')
  await client.query('DELETE FROM access_told USING repeated WHERE access_told.fact = repeated.fact')
  await client.query('DELETE FROM access_fact USING repeated WHERE access_fact.fact = repeated.fact')
  await client.query('DROP TABLE repeated')
  return positions.sort((a, b) => a - b)
}

async function positionsOfRepeated(client: pg.Client): Promise<number[]> {
  const positions: number[] = []
  await client.query('DECLARE bodies CURSOR FOR SELECT body FROM access_fact JOIN repeated USING (fact)')
  for (;;) {
    const { rows } = await client.query<{ body: Buffer }>(`FETCH ${PAGE_FACTS} FROM bodies`)
    if (rows.length === 0) return positions
    for (const { body } of rows) positions.push(...(JSON.parse(body.toString('utf8')) as Activity).positions)
  }
}
