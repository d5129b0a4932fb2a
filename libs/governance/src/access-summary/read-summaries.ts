import type { Key } from '@catena/domain'
import { namesThenSql, undashed } from '@catena/projections'
import type pg from 'pg'
import { newestOfEach, type Retrieval } from '../history/retrieval.js'
import { addTo, countedFrom, countedTogether, summaryOf, type AccessSummary, type Counted } from './access-summary.js'
import type { Tally } from './tally.js'
import { SUMMARY_CHECKPOINT } from './summary-projection.js'

/** A pool, or a client inside a transaction: with REPEATABLE READ all pages are of one state. */
type Reads = Pick<pg.ClientBase, 'query'>

/** Position up to which the rows are what the walk says; 0 before they were first made. Read in the same transaction as the rows. */
export async function summaryPosition(reads: Reads): Promise<number> {
  const { rows } = await reads.query<{ position: string }>(
    'SELECT position FROM governance.checkpoint WHERE name = $1',
    [SUMMARY_CHECKPOINT],
  )
  return Number(rows[0]?.position ?? 0)
}

export interface SummaryPlace {
  readonly credential: string
  readonly accessor: string
}

/** All summaries by credential and accessor, in pages behind a place. */
export async function listSummaries(
  reads: Reads,
  after: SummaryPlace | undefined,
  limit: number,
): Promise<AccessSummary[]> {
  const { rows } = await reads.query<{ body: AccessSummary }>({
    name: 'access-summaries',
    text: `SELECT body FROM governance.access_summary
      WHERE ($1::uuid IS NULL OR (credential, accessor) > ($1, $2)) ORDER BY credential, accessor LIMIT $3`,
    values: [after?.credential ?? null, after?.accessor ?? null, limit],
  })
  return rows.map(({ body }) => body)
}

/** Of the credentials, each by accessor. */
export async function summariesOf(reads: Reads, credentials: readonly string[]): Promise<Map<string, AccessSummary[]>> {
  const { rows } = await reads.query<{ body: AccessSummary }>({
    name: 'access-summaries-of-credentials',
    text: 'SELECT body FROM governance.access_summary WHERE credential = ANY($1::uuid[]) ORDER BY credential, accessor',
    values: [credentials],
  })
  return grouped(rows.map(({ body }) => body))
}

interface Summed {
  readonly credential: string
  readonly tally: Tally
  readonly body: AccessSummary
}

/** The same, with the attempts that were addressed by a name of the credential alone, as denials are: what `summarise` says of all its retrievals. */
export async function summariesWithNamed(
  reads: Reads,
  credentials: readonly string[],
): Promise<Map<string, AccessSummary[]>> {
  const named = await retrievalsByName(reads, credentials)
  const found = await summariesOf(reads, credentials)
  if (named.size === 0) return found
  const { rows } = await reads.query<Summed>({
    name: 'access-summaries-with-tallies',
    text: 'SELECT credential, tally, body FROM governance.access_summary WHERE credential = ANY($1::uuid[])',
    values: [[...named.keys()]],
  })
  for (const [id, own] of named) found.set(id, withNamed(id, rows.filter(({ credential }) => undashed(credential) === id), own)) // prettier-ignore
  return found
}

function withNamed(credential: string, known: readonly Summed[], named: readonly Retrieval[]): AccessSummary[] {
  const counted = new Map<string, Counted>()
  for (const { tally, body } of known) {
    const { accessor, firstAt, lastAt, lastEnd, newest } = body
    counted.set(accessor.id, { credential, accessor, tally, firstAt, lastAt, lastEnd, newest })
  }
  for (const retrieval of named) {
    const { id } = retrieval.accessor
    const [more, before] = [countedFrom(credential, [retrieval]), counted.get(id)]
    counted.set(id, before === undefined ? more : countedTogether(before, more))
  }
  return [...counted.values()].map(summaryOf).sort((a, b) => (a.accessor.id < b.accessor.id ? -1 : 1))
}

/** Known by the position that the rows stand at: the index may be ahead of them. */
const NAMES = namesThenSql(
  'wanted.credential',
  `(SELECT position FROM governance.checkpoint WHERE name = '${SUMMARY_CHECKPOINT}')`,
)

async function retrievalsByName(reads: Reads, credentials: readonly string[]): Promise<Map<string, Retrieval[]>> {
  const { rows } = await reads.query<{ credential: string; body: Retrieval }>({
    name: 'retrievals-by-name',
    text: `SELECT wanted.credential, r.body FROM unnest($1::uuid[]) AS wanted (credential)
      CROSS JOIN LATERAL (${NAMES}) AS name JOIN governance.retrieval r ON r.named_credential = name.named_credential
      WHERE r.credential IS NULL`,
    values: [credentials],
  })
  const found = new Map<string, Retrieval[]>()
  for (const { credential, body } of rows) addTo(found, undashed(credential), body)
  return found
}

/** Of everything that a principal obtained, also where it is one of several candidates. */
export async function summariesWith(reads: Reads, keys: readonly Key[]): Promise<AccessSummary[]> {
  const { rows } = await reads.query<{ body: AccessSummary }>({
    name: 'access-summaries-of-principal',
    text: 'SELECT body FROM governance.access_summary WHERE keys && $1::text[] ORDER BY credential, accessor',
    values: [keys],
  })
  return rows.map(({ body }) => body)
}

/** Attempts that obtained something and those that did not are read apart: however many there are of one, the others are found at once. */
export const OUTCOMES = ['obtained', 'NOT obtained'] as const

const newestSql = (which: string): string =>
  OUTCOMES.map(
    (outcome) =>
      `(SELECT body, at_us, fact_id FROM governance.retrieval WHERE ${which} AND ${outcome} ORDER BY at_us DESC, fact_id DESC LIMIT $2)`,
  ).join(' UNION ALL ')

const NEWEST = `${newestSql('credential = wanted.credential')} UNION ALL (SELECT found.* FROM (${NAMES}) AS name
  CROSS JOIN LATERAL (${newestSql('credential IS NULL AND named_credential = name.named_credential')}) AS found)`

/** The newest retrievals of each credential, at most `limit` each, and as many attempts that obtained nothing, denials by its names among them. */
export async function newestRetrievals(
  reads: Reads,
  credentials: readonly string[],
  limit: number,
): Promise<Map<string, Retrieval[]>> {
  const { rows } = await reads.query<{ credential: string; body: Retrieval }>({
    name: 'newest-retrievals',
    text: `SELECT wanted.credential, newest.body FROM unnest($1::uuid[]) AS wanted (credential)
      CROSS JOIN LATERAL (${NEWEST} ORDER BY at_us DESC, fact_id DESC) newest`,
    values: [credentials, limit],
  })
  const found = new Map<string, Retrieval[]>()
  for (const { credential, body } of rows) addTo(found, undashed(credential), body)
  return new Map([...found].map(([id, own]) => [id, newestOfEach(own, limit)]))
}

function grouped(summaries: readonly AccessSummary[]): Map<string, AccessSummary[]> {
  const found = new Map<string, AccessSummary[]>()
  for (const summary of summaries) addTo(found, summary.credential, summary)
  return found
}
