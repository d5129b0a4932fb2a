import { isDeepStrictEqual } from 'node:util'
import { isRetrieval } from '@catena/domain'
import { undashed, uuidOf } from '@catena/projections'
import type pg from 'pg'
import type { Retrieval } from '../history/retrieval.js'
import { summaryOf, newestOf } from './access-summary.js'
import { lastEndOf, laterEnd, type LastEnd } from './last-end.js'
import { insertShapes, rowsOf, shapesOf, type Row, type Walked } from './retrieval-row.js'
import { addTally, isEmptyTally, tallyOf, type Tally } from './tally.js'

/** Credentials whose rows changed, and names of which rows changed that are known by their name alone. */
export interface Changed {
  readonly credentials: ReadonlySet<string>
  readonly names: ReadonlySet<string>
}

/** Replaces the rows of these retrievals and moves the sums. */
export async function writeRetrievals(client: pg.ClientBase, walked: readonly Walked[]): Promise<Changed> {
  const rows = walked.filter(({ fact }) => isRetrieval(fact)).flatMap(rowsOf)
  const old = await oldRows(client, walked.map(({ fact }) => uuidOf(fact.factId))) // prettier-ignore
  const changed = rows.filter((row) => !isSame(old.get(placeOf(row)), row))
  await insertRows(client, changed)
  const deltas = new Deltas()
  for (const gone of await takeOut(client, rows, old)) deltas.add(gone, -1)
  for (const row of changed) {
    const before = old.get(placeOf(row))
    if (before !== undefined) deltas.add(before, -1)
    deltas.add(row, 1)
  }
  await moveSums(client, deltas)
  return { credentials: new Set(deltas.all().map(({ credential }) => credential)), names: deltas.names }
}

/** What was answered wrapped obtained nothing, which is known only by the answer; and an unwrapping may be of fewer credentials by what is known now. */
async function takeOut(client: pg.ClientBase, rows: readonly Row[], old: ReadonlyMap<string, OldRow>): Promise<OldRow[]> {
  const kept = new Set(rows.map(placeOf))
  const gone = [...old].filter(([place]) => !kept.has(place)).map(([, row]) => row)
  if (gone.length > 0)
    await client.query(
      `DELETE FROM governance.retrieval r USING unnest($1::uuid[], $2::smallint[]) AS gone (fact, number)
       WHERE r.fact = gone.fact AND r.number = gone.number`,
      [gone.map(({ fact }) => fact), gone.map(({ number }) => number)],
    )
  return gone
} // prettier-ignore

/** One row each. */
function placeOf({ fact, number }: Pick<Row, 'fact' | 'number'>): string {
  return `${fact} ${number}`
}

/** The store keeps no member that is undefined. */
function isSame(
  before: OldRow | undefined,
  { body, federated, presenters, credential, named_credential: named, settled_us, slot_end }: Row,
): boolean {
  if (before === undefined || before.federated !== federated) return false
  // Between the two it may have been another. A later one than it need be is right, too: such dates are walked.
  if (Number(before.settled_us) < settled_us || before.slot_end !== slot_end) return false
  // Of which credential it is may be all that is told of it anew.
  if (before.credential !== credential || before.named_credential !== named) return false
  const stands = { body, presenters }
  return isDeepStrictEqual({ body: before.body, presenters: before.presenters }, JSON.parse(JSON.stringify(stands)))
}

interface OldRow {
  readonly fact: string
  readonly number: number
  readonly credential: string | null
  readonly named_credential: string | null
  readonly body: Retrieval
  readonly federated: boolean
  readonly presenters: readonly string[] | null
  readonly settled_us: string
  readonly slot_end: boolean
}

async function oldRows(client: pg.ClientBase, facts: readonly string[]): Promise<Map<string, OldRow>> {
  const { rows } = await client.query<OldRow>(
    `SELECT fact, number, credential, named_credential, body, federated, presenters, settled_us, slot_end FROM governance.retrieval WHERE fact = ANY($1::uuid[])`,
    [facts],
  )
  return new Map(
    rows.map((row) => {
      const { fact, credential, named_credential: named } = row
      const old = { ...row, fact: undashed(fact), credential: bare(credential), named_credential: bare(named) }
      return [placeOf(old), old]
    }),
  )
}

function bare(id: string | null): string | null {
  return id === null ? null : undashed(id)
}

async function insertRows(client: pg.ClientBase, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  await insertShapes(client, shapesOf(rows))
  await client.query(
    `INSERT INTO governance.retrieval SELECT * FROM json_to_recordset($1::json) AS row (fact uuid, fact_id text, credential uuid,
       named_credential uuid, accessor text, at_us bigint, obtained boolean, source text, system text, lease_path text, end_us bigint,
       federated boolean, uncovered boolean, body json, settled_us bigint, slot_end boolean, shape uuid, presenters text[], number smallint)
     ON CONFLICT (fact, number) DO UPDATE SET credential = excluded.credential, named_credential = excluded.named_credential,
       accessor = excluded.accessor, at_us = excluded.at_us, obtained = excluded.obtained, source = excluded.source, system = excluded.system,
       lease_path = excluded.lease_path, end_us = excluded.end_us, federated = excluded.federated, uncovered = excluded.uncovered, body = excluded.body,
       settled_us = excluded.settled_us, slot_end = excluded.slot_end, shape = excluded.shape, presenters = excluded.presenters`,
    [JSON.stringify(rows)],
  )
}

interface Delta {
  readonly credential: string
  readonly accessor: string
  tally: Tally
  readonly taken: Retrieval[]
  readonly added: Retrieval[]
}

class Deltas {
  /** Names of what is known by its name alone: it is summed up where it is asked for. */
  readonly names = new Set<string>()
  private readonly byPair = new Map<string, Delta>()

  add({ credential, named_credential: named, body }: Pick<Row, 'credential' | 'named_credential' | 'body'>, times: 1 | -1): void {
    if (credential !== null) this.addTo(credential, body, times)
    else if (named !== null) this.names.add(named)
  } // prettier-ignore

  private addTo(credential: string, retrieval: Retrieval, times: 1 | -1): void {
    const pair = `${credential} ${retrieval.accessor.id}`
    const known = this.byPair.get(pair) ?? {
      credential,
      accessor: retrieval.accessor.id,
      tally: {},
      taken: [],
      added: [],
    }
    known.tally = addTally(known.tally, tallyOf(retrieval), times)
    ;(times === 1 ? known.added : known.taken).push(retrieval)
    this.byPair.set(pair, known)
  }

  all(): readonly Delta[] {
    return [...this.byPair.values()]
  }
}

interface Stands {
  readonly credential: string
  readonly accessor: string
  readonly tally: Tally | null
  readonly first_us: string | null
  readonly last_us: string | null
  readonly last_end: LastEnd | null
  readonly newest: Retrieval | null
}

/** Sums move by what was added and taken; first, last and newest are read where they stand. */
const STANDS = `
  SELECT wanted.credential, wanted.accessor, s.tally, s.body -> 'lastEnd' AS last_end, span.first_us, span.last_us, newest.body AS newest
  FROM unnest($1::uuid[], $2::text[]) AS wanted (credential, accessor)
  LEFT JOIN governance.access_summary s ON s.credential = wanted.credential AND s.accessor = wanted.accessor
  LEFT JOIN LATERAL (SELECT min(at_us) AS first_us, max(at_us) AS last_us FROM governance.retrieval
    WHERE credential = wanted.credential AND accessor = wanted.accessor AND obtained) span ON true
  LEFT JOIN LATERAL (SELECT body FROM governance.retrieval WHERE credential = wanted.credential AND accessor = wanted.accessor
    ORDER BY at_us DESC, fact_id DESC LIMIT 1) newest ON true`

async function moveSums(client: pg.ClientBase, deltas: Deltas): Promise<void> {
  const all = deltas.all()
  if (all.length === 0) return
  const { rows } = await client.query<Stands>(STANDS, [
    all.map(({ credential }) => credential),
    all.map(({ accessor }) => accessor),
  ])
  const stands = new Map(rows.map((row) => [`${undashed(row.credential)} ${row.accessor}`, row]))
  const sums = []
  for (const delta of all) {
    const row = stands.get(`${delta.credential} ${delta.accessor}`)
    sums.push(sumOf(delta, row, await lastEndWith(client, delta, row?.last_end ?? undefined)))
  }
  const [gone, kept] = [sums.filter(({ body }) => body === null), sums.filter(({ body }) => body !== null)]
  await client.query(
    `DELETE FROM governance.access_summary s USING unnest($1::uuid[], $2::text[]) AS gone (credential, accessor)
     WHERE s.credential = gone.credential AND s.accessor = gone.accessor`,
    [gone.map(({ credential }) => credential), gone.map(({ accessor }) => accessor)],
  )
  await client.query(
    `INSERT INTO governance.access_summary SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (credential uuid, accessor text, keys text[], tally jsonb,
       last_us bigint, body jsonb)
     ON CONFLICT (credential, accessor) DO UPDATE SET keys = excluded.keys, tally = excluded.tally, last_us = excluded.last_us, body = excluded.body`,
    [JSON.stringify(kept)],
  )
}

/** Ends come later and later, so that the last one is hardly ever looked for: only where it was taken back. */
async function lastEndWith(client: pg.ClientBase, delta: Delta, stood: LastEnd | undefined): Promise<LastEnd | undefined> {
  const last = laterEnd(stood, lastEndOf(delta.added))
  const isTakenBack = last !== undefined && last === stood && delta.taken.some(({ fact }) => fact === last.fact)
  return isTakenBack ? lastEndThatStands(client, delta) : last
} // prettier-ignore

async function lastEndThatStands(client: pg.ClientBase, { credential, accessor }: Delta): Promise<LastEnd | undefined> {
  const { rows } = await client.query<{ body: Retrieval }>(
    `SELECT body FROM governance.retrieval WHERE credential = $1 AND accessor = $2 AND obtained AND end_us IS NOT NULL
     ORDER BY end_us DESC, at_us DESC, fact_id DESC LIMIT 1`,
    [credential, accessor],
  )
  return lastEndOf(rows.map(({ body }) => body))
} // prettier-ignore

function sumOf(delta: Delta, row: Stands | undefined, lastEnd: LastEnd | undefined) {
  const { credential, accessor } = delta
  const tally = addTally(row?.tally ?? {}, delta.tally)
  if (row?.newest == null || isEmptyTally(tally))
    return { credential, accessor, keys: [], tally, last_us: null, body: null }
  const { newest, first_us, last_us } = row
  const body = summaryOf({
    credential,
    accessor: newest.accessor,
    tally,
    firstAt: first_us === null ? undefined : Number(first_us) / 1000,
    lastAt: last_us === null ? undefined : Number(last_us) / 1000,
    lastEnd,
    newest: newestOf(newest),
  })
  return { credential, accessor, keys: newest.accessor.keys, tally, last_us, body }
}
