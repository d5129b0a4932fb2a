import { copyRows, type CopyBinary } from '@catena/platform'
import { undashed } from '@catena/projections'
import type pg from 'pg'
import type { Retrieval } from '../history/retrieval.js'
import { newestOf, summaryOf } from './access-summary.js'
import { lastEndOf } from './last-end.js'

/** Sums of one shape of one credential, read at once. */
export const SHAPES_AT_ONCE = 5_000

/** Retrievals of one credential that count alike. */
interface Counted {
  readonly credential: string
  readonly accessor: string
  readonly names: readonly string[]
  readonly count: number
  /** Of what was obtained, µs. */
  readonly first_us: string | null
  readonly last_us: string | null
  /** The end that came last, and when what it ended was obtained, µs. */
  readonly last_end: readonly [string, string] | null
}

const COUNTED = `
  DECLARE counted NO SCROLL CURSOR FOR
  SELECT own.credential, s.accessor, s.names, own.count, own.first_us, own.last_us, own.last_end FROM (
    SELECT credential, shape, count(*)::int AS count, min(at_us) FILTER (WHERE obtained) AS first_us, max(at_us) FILTER (WHERE obtained) AS last_us,
      max(ARRAY[end_us, at_us]) FILTER (WHERE obtained AND end_us IS NOT NULL) AS last_end
    FROM governance.retrieval WHERE credential IS NOT NULL GROUP BY credential, shape) own
  JOIN governance.shape s ON s.shape = own.shape ORDER BY own.credential, s.accessor`

/** Sums up all rows into the empty table of summaries, credential by credential. */
export async function fillSums(client: pg.ClientBase, shapesAtOnce = SHAPES_AT_ONCE): Promise<void> {
  await client.query(COUNTED)
  let [last, copied]: [Counted[], Promise<void>] = [[], Promise.resolve()]
  for (let isDone = false; !isDone;) {
    // The server looks for the next ones while those that it has told of are summed up.
    const [{ rows }] = await Promise.all([client.query<Counted>(`FETCH ${shapesAtOnce} FROM counted`), copied])
    const pairs = pairsIn([...last, ...rows])
    isDone = rows.length === 0
    // The last one may go on in the next rows.
    last = isDone ? [] : (pairs.pop() ?? [])
    copied = copySums(client, pairs)
  }
  await copied
  await client.query('CLOSE counted')
}

/** Of one credential and accessor each; they come one after the other. */
function pairsIn(rows: readonly Counted[]): Counted[][] {
  const pairs: Counted[][] = []
  for (const row of rows) {
    const [first] = pairs.at(-1) ?? []
    if (first?.credential === row.credential && first.accessor === row.accessor) pairs.at(-1)?.push(row)
    else pairs.push([row])
  }
  return pairs
}

/** By its times the one whose end came last is one row. Mostly it is the newest, which need not be told twice. */
const TOLD = `
  SELECT newest.body AS newest, ended.fact = newest.fact AS has_ended, CASE WHEN ended.fact <> newest.fact THEN ended.body END AS ended
  FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS wanted (credential, accessor, end_us, at_us, number)
  CROSS JOIN LATERAL (SELECT fact, body FROM governance.retrieval r WHERE r.credential = wanted.credential AND r.accessor = wanted.accessor
    ORDER BY at_us DESC, fact_id DESC LIMIT 1) newest
  LEFT JOIN LATERAL (SELECT fact, body FROM governance.retrieval r WHERE r.credential = wanted.credential AND r.accessor = wanted.accessor
    AND r.at_us = wanted.at_us AND r.end_us = wanted.end_us AND obtained ORDER BY fact_id DESC LIMIT 1) ended ON true
  ORDER BY wanted.number`

interface Told {
  readonly newest: Retrieval
  /** Is the newest the one whose end came last? Null: none has ended. */
  readonly has_ended: boolean | null
  readonly ended: Retrieval | null
}

async function copySums(client: pg.ClientBase, pairs: readonly (readonly Counted[])[]): Promise<void> {
  const firsts = pairs.flatMap(([first]) => first ?? [])
  const ends = pairs.map(lastEndIn)
  const { rows } = await client.query<Told>(TOLD, [
    firsts.map(({ credential }) => credential),
    firsts.map(({ accessor }) => accessor),
    ends.map((end) => end?.[0]),
    ends.map((end) => end?.[1]),
  ])
  const sums = rows.map((told, number) => sumOf(pairs[number] ?? [], told))
  await copyRows(
    client,
    'COPY governance.access_summary (credential, accessor, keys, tally, last_us, body) FROM STDIN (FORMAT binary)',
    sums,
    writeSum,
  )
}

function lastEndIn(pair: readonly Counted[]): readonly [number, number] | undefined {
  const ends = pair.flatMap(({ last_end }): [number, number][] =>
    last_end === null ? [] : [[Number(last_end[0]), Number(last_end[1])]],
  )
  return ends.sort(([a, x], [b, y]) => b - a || y - x)[0]
}

function sumOf(pair: readonly Counted[], { newest, has_ended, ended }: Told) {
  const tally: Record<string, number> = {}
  for (const { names, count } of pair) for (const name of names) tally[name] = (tally[name] ?? 0) + count
  const firsts = pair.flatMap(({ first_us }) => (first_us === null ? [] : Number(first_us)))
  const lasts = pair.flatMap(({ last_us }) => (last_us === null ? [] : Number(last_us)))
  const [first_us, last_us] = firsts.length === 0 ? [] : [Math.min(...firsts), Math.max(...lasts)]
  const credential = undashed(pair[0]?.credential ?? '')
  const body = summaryOf({
    credential,
    accessor: newest.accessor,
    tally,
    firstAt: first_us === undefined ? undefined : first_us / 1000,
    lastAt: last_us === undefined ? undefined : last_us / 1000,
    lastEnd: lastEndOf(has_ended === true ? [newest] : ended === null ? [] : [ended]),
    newest: newestOf(newest),
  })
  return { credential, tally, last_us, body }
}

function writeSum(out: CopyBinary, { credential, tally, last_us, body }: ReturnType<typeof sumOf>): void {
  out.row(6)
  out.hex(credential)
  out.text(body.accessor.id)
  out.textArray(body.accessor.keys)
  out.jsonb(JSON.stringify(tally))
  if (last_us === undefined) out.nothing()
  else out.bigint(last_us)
  out.jsonb(JSON.stringify(body))
}
