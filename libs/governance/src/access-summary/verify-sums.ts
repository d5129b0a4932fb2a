import { isDeepStrictEqual } from 'node:util'
import { undashed } from '@catena/projections'
import type pg from 'pg'
import type { Retrieval } from '../history/retrieval.js'
import { countedFrom, countedTogether, summaryOf, type AccessSummary, type Counted } from './access-summary.js'
import type { SummaryStand } from './summary-projection.js'
import type { Tally } from './tally.js'

/** Credentials compared at once. */
const PAGE = 200
/** Retrievals of them that are read at once, however many one has. */
const READ_AT_ONCE = 2_000

const NEXT = ['access_summary', 'retrieval']
  .map(
    (table) =>
      `(SELECT DISTINCT credential FROM governance.${table} WHERE credential > $1 ORDER BY credential LIMIT $2)`,
  ) // prettier-ignore
  .join(' UNION ')

const SAMPLE = `
  SELECT credential FROM (SELECT credential FROM access_credential UNION SELECT credential FROM governance.access_summary) known
  ORDER BY md5(credential::text || $1) LIMIT $2`

export async function credentialsPaged(client: pg.ClientBase, _: SummaryStand, after: string): Promise<string[]> {
  const { rows } = await client.query<{ credential: string }>(`${NEXT} ORDER BY credential LIMIT $2`, [after, PAGE])
  return rows.map(({ credential }) => credential)
}

/** In an order that the seed chooses, so that no two samples are of the same. */
export function credentialsSampled(seed: string, size: number): typeof credentialsPaged {
  let chosen: readonly string[] | undefined
  return async (client, _, after) => {
    chosen ??= (await client.query<{ credential: string }>(SAMPLE, [seed, size])).rows.map(({ credential }) => credential).sort() // prettier-ignore
    return chosen.filter((credential) => credential > after).slice(0, PAGE)
  }
}

interface Sum {
  readonly keys: readonly string[]
  readonly tally: Tally
  readonly last_us: number | null
  readonly body: AccessSummary
}

/** Sums of these credentials against what their retrievals come to. */
export async function sumFaults(client: pg.ClientBase, credentials: readonly string[]): Promise<string[]> {
  const { sums: expected, unread } = await summedUp(client, credentials)
  const { rows } = await client.query<Sum & { credential: string; accessor: string }>(
    `SELECT credential, accessor, keys, tally, last_us::float8 AS last_us, body FROM governance.access_summary
     WHERE credential = ANY($1::uuid[]) ORDER BY credential, accessor`,
    [credentials],
  )
  const kept = new Map(rows.map(({ credential, accessor, ...sum }) => [placeOf(credential, accessor), sum]))
  const places = [...new Set([...expected.keys(), ...kept.keys()])].sort()
  return [
    ...[...unread].map((credential) => `credential ${credential}: a retrieval that is kept of it cannot be read`),
    ...places.flatMap((place) => faultOf(place, expected.get(place), kept.get(place)) ?? []),
  ]
}

function placeOf(credential: string, accessor: string): string {
  return `credential ${undashed(credential)}, accessor ${accessor}`
}

function faultOf(place: string, expected: Counted | undefined, kept: Sum | undefined): string | undefined {
  if (expected === undefined) return `${place}: a sum is kept, and there is no retrieval`
  if (kept === undefined) return `${place}: the sum of its retrievals is not kept`
  const fresh = JSON.parse(JSON.stringify(sumOf(expected))) as Record<string, unknown>
  const columns = Object.keys(fresh).filter((column) => !isDeepStrictEqual(kept[column as keyof Sum], fresh[column]))
  return columns.length === 0 ? undefined : `${place}: its retrievals come to another sum (${columns.join(', ')})`
}

function sumOf({ firstAt, lastAt, ...counted }: Counted): Sum {
  // Kept to the µs.
  const kept = (at: number | undefined): number | undefined => (at === undefined ? undefined : Math.round(at * 1000) / 1000)
  const body = summaryOf({ ...counted, firstAt: kept(firstAt), lastAt: kept(lastAt) })
  const last_us = lastAt === undefined ? null : Math.round(lastAt * 1000)
  return { keys: counted.accessor.keys, tally: counted.tally, last_us, body }
} // prettier-ignore

async function summedUp(
  client: pg.ClientBase,
  credentials: readonly string[],
): Promise<{ readonly sums: Map<string, Counted>; readonly unread: ReadonlySet<string> }> {
  const [sums, unread] = [new Map<string, Counted>(), new Set<string>()]
  await client.query({
    text: `DECLARE summed NO SCROLL CURSOR FOR SELECT credential, body FROM governance.retrieval WHERE credential = ANY($1::uuid[])`,
    values: [credentials],
  })
  for (let isDone = false; !isDone;) {
    const { rows } = await client.query<{ credential: string; body: Retrieval }>(`FETCH ${READ_AT_ONCE} FROM summed`)
    isDone = rows.length === 0
    for (const { credential, body } of rows) if (!isAdded(sums, undashed(credential), body)) unread.add(undashed(credential)) // prettier-ignore
  }
  await client.query('CLOSE summed')
  return { sums, unread }
}

/** Whoever changed the row may have left anything: false where it cannot be summed up. */
function isAdded(sums: Map<string, Counted>, credential: string, retrieval: Retrieval): boolean {
  try {
    const more = countedFrom(credential, [retrieval])
    const place = placeOf(credential, more.accessor.id)
    const before = sums.get(place)
    sums.set(place, before === undefined ? more : countedTogether(before, more))
    return true
  } catch {
    return false
  }
}
