import type { Instant } from '@catena/domain'
import { namesThenSql } from '@catena/projections'
import type pg from 'pg'
import { OUTCOMES } from '../access-summary/read-summaries.js'
import type { Retrieval } from './retrieval.js'

/** Which rows of a credential say on a date what they say now. */
export interface Dated {
  readonly credential: string
  readonly at: Instant
  /** By which its names are known. */
  readonly position: number
  /** Sources whose clocks were judged otherwise by then. */
  readonly reclocked: readonly string[]
  /** Federated logins after it may have been beyond what was covered by then; infinite where none was. */
  readonly coveredTo: Instant
}

/** Retrievals of one accessor that count under the same names. */
export interface SummedShape {
  readonly accessor: string
  readonly names: readonly string[]
  readonly count: number
  /** Of what was obtained. */
  readonly firstAt: Instant | undefined
  readonly lastAt: Instant | undefined
  /** The end that came last, and when what it ended was obtained, µs. */
  readonly lastEnd: readonly [endUs: number, atUs: number] | undefined
}

export interface DatedRows {
  readonly shapes: readonly SummedShape[]
  /** Among the settled ones. */
  readonly newestByAccessor: ReadonlyMap<string, Retrieval>
  /** The settled one whose end came last. */
  readonly lastEndedByAccessor: ReadonlyMap<string, Retrieval>
  /** Settled ones among the newest that obtained it and among the newest that did not, denials by the credential's name with them. */
  readonly newest: readonly Retrieval[]
  /** Ids of the facts whose chains must be walked. */
  readonly unsettled: readonly string[]
}

/** What a change of the slot takes at most from the request to its end. */
const CHANGE_MAX_US = 3_600_000_000
/** The slot held what was read until after the date ($2): by then nothing had ended it. */
export const REOPENED = '(slot_end AND end_us > $2)'
/** Rows that say as of the date ($2) what they say now; $3: sources judged by other clocks, $4: until when logins are covered. */
export const SETTLED = `(settled_us <= $2 AND NOT (slot_end AND end_us > $2 AND end_us <= $2 + ${CHANGE_MAX_US})
  AND NOT (federated AND (source = ANY($3) OR coalesce(presenters && $3, false) OR at_us > $4)))`

/** Reads in the transaction of the client, so that all is of one state. */
export async function readDatedRows(client: pg.ClientBase, dated: Dated, limit: number): Promise<DatedRows> {
  const { credential, at, position, reclocked, coveredTo } = dated
  const values = [credential, Math.round(at * 1000), reclocked, microsOf(coveredTo)]
  const { shapes, unsettled } = await readShapes(client, values)
  const accessors = [...new Set(shapes.map(({ accessor }) => accessor))]
  const newestByAccessor = await readNewestByAccessor(client, values, accessors)
  const lastEndedByAccessor = await readLastEnded(client, values, shapes)
  const newest = await readNewest(client, values, position, limit)
  // Mostly there are none, or they are the newest: then the others need not be looked for.
  const others = unsettled === newest.ownUnsettled ? [] : await readUnsettled(client, values)
  return { shapes, newestByAccessor, lastEndedByAccessor, newest: newest.settled, unsettled: [...new Set([...others, ...newest.unsettled])] } // prettier-ignore
}

async function readUnsettled(client: pg.ClientBase, values: readonly unknown[]): Promise<string[]> {
  const { rows } = await client.query<{ fact_id: string }>({
    name: 'dated-unsettled',
    text: `SELECT fact_id FROM governance.retrieval WHERE credential = $1 AND at_us <= $2 AND NOT ${SETTLED}`,
    values: [...values],
  })
  return rows.map(({ fact_id }) => fact_id)
}

export function microsOf(at: Instant): string {
  return Number.isFinite(at) ? String(Math.round(at * 1000)) : at > 0 ? '9000000000000000' : '-9000000000000000'
}

interface ShapeRow {
  readonly accessor: string
  readonly names: string[]
  readonly settled: boolean
  readonly reopened: boolean
  readonly count: number
  readonly first_us: string | null
  readonly last_us: string | null
  readonly last_end: [string, string] | null
}

/** Of the settled rows, and how many are not: all from an index alone. */
async function readShapes(
  client: pg.ClientBase,
  values: readonly unknown[],
): Promise<{ shapes: SummedShape[]; unsettled: number }> {
  const { rows } = await client.query<ShapeRow>({
    name: 'dated-shapes',
    text: `SELECT s.accessor, s.names, own.* FROM (
        SELECT shape, ${SETTLED} AS settled, ${REOPENED} AS reopened, count(*)::int AS count,
          min(at_us) FILTER (WHERE obtained) AS first_us, max(at_us) FILTER (WHERE obtained) AS last_us,
          max(ARRAY[end_us, at_us]) FILTER (WHERE obtained AND end_us IS NOT NULL) AS last_end
        FROM governance.retrieval WHERE credential = $1 AND at_us <= $2 GROUP BY 1, 2, 3) own
      JOIN governance.shape s ON s.shape = own.shape`,
    values: [...values],
  })
  const unsettled = rows.reduce((sum, { settled, count }) => (settled ? sum : sum + count), 0)
  return { shapes: rows.filter(({ settled }) => settled).map(shapeThen), unsettled }
}

function shapeThen({ accessor, names, reopened, count, first_us, last_us, last_end }: ShapeRow): SummedShape {
  return {
    accessor,
    names: reopened ? names.map((name) => (name.startsWith('end:') ? 'end:open' : name)) : names,
    count,
    firstAt: first_us === null ? undefined : Number(first_us) / 1000,
    lastAt: last_us === null ? undefined : Number(last_us) / 1000,
    lastEnd: reopened || last_end === null ? undefined : [Number(last_end[0]), Number(last_end[1])],
  }
}

/** The shapes know the times, so that one row each is looked up. */
async function readLastEnded(
  client: pg.ClientBase,
  values: readonly unknown[],
  shapes: readonly SummedShape[],
): Promise<Map<string, Retrieval>> {
  const last = new Map<string, readonly [number, number]>()
  for (const { accessor, lastEnd } of shapes) {
    const known = last.get(accessor)
    if (lastEnd === undefined) continue
    if (known === undefined || lastEnd[0] > known[0] || (lastEnd[0] === known[0] && lastEnd[1] > known[1])) last.set(accessor, lastEnd) // prettier-ignore
  }
  if (last.size === 0) return new Map()
  const { rows } = await client.query<{ accessor: string; body: Retrieval }>({
    name: 'dated-last-ended',
    text: `SELECT wanted.accessor, ended.body FROM unnest($5::text[], $6::bigint[], $7::bigint[]) AS wanted (accessor, end_us, at_us)
      CROSS JOIN LATERAL (SELECT body FROM governance.retrieval r
        WHERE credential = $1 AND r.accessor = wanted.accessor AND r.at_us = wanted.at_us AND r.end_us = wanted.end_us AND obtained
          AND at_us <= $2 AND ${SETTLED} ORDER BY fact_id DESC LIMIT 1) ended`,
    values: [...values, [...last.keys()], [...last.values()].map(([end]) => end), [...last.values()].map(([, at]) => at)],
  })
  return new Map(rows.map(({ accessor, body }) => [accessor, body]))
} // prettier-ignore

interface BodyRow {
  readonly accessor: string
  readonly reopened: boolean
  readonly body: Retrieval
}

async function readNewestByAccessor(
  client: pg.ClientBase,
  values: readonly unknown[],
  accessors: readonly string[],
): Promise<Map<string, Retrieval>> {
  const { rows } = await client.query<BodyRow>({
    name: 'dated-newest-by-accessor',
    text: `SELECT wanted.accessor, newest.* FROM unnest($5::text[]) AS wanted (accessor) CROSS JOIN LATERAL (
        SELECT ${REOPENED} AS reopened, body FROM governance.retrieval r
        WHERE credential = $1 AND r.accessor = wanted.accessor AND at_us <= $2 AND ${SETTLED}
        ORDER BY at_us DESC, fact_id DESC LIMIT 1) newest`,
    values: [...values, accessors],
  })
  return new Map(rows.map((row) => [row.accessor, bodyThen(row)]))
}

async function readNewest(
  client: pg.ClientBase,
  values: readonly unknown[],
  position: number,
  limit: number,
): Promise<{ settled: Retrieval[]; unsettled: string[]; ownUnsettled: number }> {
  const some = (which: string): string =>
    OUTCOMES.map(
      (
        outcome,
      ) => `(SELECT credential IS NOT NULL AS own, at_us, fact_id, ${REOPENED} AS reopened, ${SETTLED} AS settled, body
    FROM governance.retrieval WHERE ${which} AND ${outcome} AND at_us <= $2 ORDER BY at_us DESC, fact_id DESC LIMIT $5)`,
    ).join(' UNION ALL ')
  const { rows } = await client.query<BodyRow & { own: boolean; fact_id: string; settled: boolean }>({
    name: 'dated-newest',
    text: `SELECT own, fact_id, reopened, settled, CASE WHEN settled THEN body END AS body FROM (
      ${some('credential = $1')} UNION ALL (SELECT found.* FROM (${namesThenSql('$1', '$6')}) AS name
      CROSS JOIN LATERAL (${some('credential IS NULL AND named_credential = name.named_credential')}) AS found)) newest ORDER BY at_us DESC, fact_id DESC`,
    values: [...values, limit, position],
  })
  const unsettled = rows.filter(({ settled }) => !settled)
  return {
    settled: rows.filter(({ settled }) => settled).map(bodyThen),
    unsettled: unsettled.map(({ fact_id }) => fact_id),
    ownUnsettled: unsettled.filter(({ own }) => own).length,
  }
}

function bodyThen({ reopened, body }: BodyRow): Retrieval {
  return reopened ? { ...body, end: { state: 'missing' } } : body
}
