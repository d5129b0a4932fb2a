import { isDeepStrictEqual } from 'node:util'
import { isRetrieval } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import { undashed, type AccessReader, type KnownAsOf } from '@catena/projections'
import type pg from 'pg'
import { rowsOf, type Row } from './retrieval-row.js'
import type { SummaryStand } from './summary-projection.js'
import { settledTooEarly, type Stood } from './verify-settled.js'
import { walkRetrievals } from './walk-retrievals.js'

/** Facts compared at once. */
const PAGE = 500

/** Those of the index must be kept, and what is kept must be of the index. Ids are hashes, so that a page is of any time. */
const NEXT = `
  (SELECT fact FROM access_fact WHERE retrieval AND first_position <= $1 AND fact > $2 ORDER BY fact LIMIT $3)
  UNION (SELECT fact FROM governance.retrieval WHERE fact > $2 ORDER BY fact LIMIT $3) ORDER BY fact LIMIT $3`

/** So many of each, chosen by the seed: no two samples are of the same. */
const SAMPLE = `
  SELECT DISTINCT chosen.fact FROM generate_series(1, $2::int) AS number
  CROSS JOIN LATERAL (SELECT md5($1 || number)::uuid AS place) mark
  CROSS JOIN LATERAL (
    (SELECT fact FROM access_fact WHERE retrieval AND first_position <= $3 AND fact >= place ORDER BY fact LIMIT 1)
    UNION (SELECT fact FROM governance.retrieval WHERE fact >= place ORDER BY fact LIMIT 1)) chosen
  ORDER BY chosen.fact`

export async function factsPaged(client: pg.ClientBase, { position }: SummaryStand, after: string): Promise<string[]> {
  const { rows } = await client.query<{ fact: string }>(NEXT, [position, after, PAGE])
  return rows.map(({ fact }) => fact)
}

export function factsSampled(seed: string, size: number): typeof factsPaged {
  let chosen: readonly string[] | undefined
  return async (client, { position }, after) => {
    chosen ??= (await client.query<{ fact: string }>(SAMPLE, [seed, size, position])).rows.map(({ fact }) => fact)
    return chosen.filter((fact) => fact > after).slice(0, PAGE)
  }
}

/** Columns of a row without `settled_us`: later than it need be is right, and so is earlier where the chain was the same by then. */
type Said = Omit<Row, 'settled_us'>

interface Kept extends Record<keyof Said, unknown> {
  readonly fact: string
  readonly fact_id: string
  readonly number: number
  readonly settled_us: number
}

const KEPT = `
  SELECT replace(r.fact::text, '-', '') AS fact, fact_id, replace(credential::text, '-', '') AS credential,
    replace(named_credential::text, '-', '') AS named_credential, r.accessor, at_us::float8 AS at_us, obtained, source, system, lease_path,
    end_us::float8 AS end_us, federated, uncovered, body, settled_us::float8 AS settled_us, slot_end, presenters, number, replace(r.shape::text, '-', '') AS shape,
    CASE WHEN s.accessor = r.accessor THEN s.names END AS names
  FROM governance.retrieval r LEFT JOIN governance.shape s ON s.shape = r.shape WHERE r.fact = ANY($1::uuid[]) ORDER BY r.fact, number`

/** Never content: which rows, and what of them. What the index says of one that cannot be walked is no reason not to look at the others. */
export async function retrievalFaults(
  client: pg.ClientBase,
  reader: AccessReader,
  stand: SummaryStand,
  ids: readonly string[],
): Promise<string[]> {
  const asOf = await reader.asOf({ knownAt: cutAt(stand.position) })
  const walkApart = async (some: readonly string[]): Promise<{ rows: readonly Row[]; unread: readonly string[] }> => {
    try {
      return { rows: await freshRows(reader, asOf, some), unread: [] }
    } catch (error) {
      if (!isOfContent(error)) throw error
      if (some.length === 1) return { rows: [], unread: some }
      const half = some.length >> 1
      const [first, second] = [await walkApart(some.slice(0, half)), await walkApart(some.slice(half))]
      return { rows: [...first.rows, ...second.rows], unread: [...first.unread, ...second.unread] }
    }
  }
  const { rows: fresh, unread } = await walkApart(ids)
  const { rows } = await client.query<Kept>(KEPT, [ids.filter((id) => !unread.includes(id))])
  const expected = new Map(fresh.map((row) => [placeOf(row), row]))
  const kept = new Map(rows.map((row) => [placeOf(row), row]))
  const places = [...new Set([...expected.keys(), ...kept.keys()])]
  const alike = fresh.flatMap((row) => pairOf(kept.get(placeOf(row)), row))
  const early = await settledTooEarly(reader, asOf, stand, alike)
  return [
    ...unread.map((id) => `retrieval ${undashed(id)}: its chain cannot be walked, for what the access index has of it cannot be read`),
    ...places.flatMap((place) => faultOf(expected.get(place), kept.get(place)) ?? []),
    ...early.map((id) => `retrieval ${id}: its chain stands from a later time on than is kept (settled_us)`),
  ]
} // prettier-ignore

async function freshRows(reader: AccessReader, asOf: KnownAsOf, ids: readonly string[]): Promise<Row[]> {
  const facts = await reader.index(asOf).factsByUuid(ids.map(undashed))
  const walked = await walkRetrievals(reader, asOf, [...facts.values()])
  return walked.filter(({ fact }) => isRetrieval(fact)).flatMap(rowsOf)
}

/** Whoever changed a row of the index may have left anything. */
function isOfContent(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError
}

function placeOf({ fact, number }: { readonly fact: string; readonly number: number }): string {
  return `${fact} ${number}`
}

/** Of a row that says what it should. */
function pairOf(kept: Kept | undefined, fresh: Row): Stood[] {
  return kept === undefined || faultOf(fresh, kept) !== undefined ? [] : [{ kept, fresh }]
}

function faultOf(expected: Row | undefined, kept: Kept | undefined): string | undefined {
  if (expected === undefined) return kept && `retrieval ${kept.fact_id}: it is kept, and there is no such chain`
  if (kept === undefined) return `retrieval ${expected.fact_id}: it is not kept`
  const fresh = JSON.parse(JSON.stringify(expected)) as Record<string, unknown>
  const said = Object.keys(expected).filter((column) => column !== 'settled_us')
  const columns = said.filter((column) => !isDeepStrictEqual(kept[column as keyof Said], fresh[column]))
  if (columns.length === 0) return undefined
  return `retrieval ${expected.fact_id}: its chain says otherwise (${columns.join(', ')})`
}
