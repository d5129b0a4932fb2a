import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { FrozenItem } from './frozen-item.js'

type Reads = Pick<pg.Pool, 'query'>
/** Rows of one piece of a COPY. */
const PIECE = 500

const ITEMS =
  'COPY review_population (population, number, item, subject, risk, evidence_class, credential, body) FROM STDIN'
const ASSIGNMENTS = 'COPY review_assignment (reviewer, population, risk, number, item) FROM STDIN'

/**
 * Writes a population: items and who reviews them, each by a COPY of its own. Nothing refers to it before the campaign's event names it, so a
 * writer that died leaves rows that say nothing.
 */
export async function writePopulation(pool: pg.Pool, population: string, items: AsyncIterable<FrozenItem>): Promise<void> {
  await copying(pool, ITEMS, (copyItems) =>
    copying(pool, ASSIGNMENTS, async (copyAssignments) => {
      let piece: FrozenItem[] = []
      let writing: Promise<unknown> = Promise.resolve()
      // While one piece is on its way the next is made.
      const flush = async (): Promise<void> => {
        await writing
        writing = Promise.all([copyItems(piece.map((item) => itemLine(population, item)).join('')), copyAssignments(piece.flatMap((item) => assignmentLines(population, item)).join(''))])
        writing.catch(() => undefined)
        piece = []
      }
      for await (const item of items) if (piece.push(item) === PIECE) await flush()
      await flush()
      await writing
    }),
  )
} // prettier-ignore

/** One COPY in a transaction of its own; what the work writes is in the table when it ends, and nothing of it when it throws. */
async function copying(pool: pg.Pool, statement: string, work: (write: (lines: string) => Promise<void>) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET statement_timeout = 0')
    await transaction(client, async () => {
      const stream = client.query(copyFrom(statement))
      const ended = finished(stream)
      ended.catch(() => undefined)
      try {
        await work(async (lines) => {
          if (lines !== '' && !stream.write(lines)) await Promise.race([once(stream, 'drain'), ended])
        })
        stream.end()
      } catch (error) {
        stream.destroy(error as Error)
        await ended.catch(() => undefined)
        throw error
      }
      await ended
    })
  } finally {
    await client.query('RESET statement_timeout').catch(() => undefined)
    client.release()
  }
} // prettier-ignore

function itemLine(population: string, item: FrozenItem): string {
  const { number, id, subject, risk, evidenceClass, access } = item
  return line([population, number, id, subject, risk, evidenceClass, access.credential.id, JSON.stringify(item)])
}

function assignmentLines(population: string, { reviewers, risk, number, id }: FrozenItem): string[] {
  return reviewers.map((reviewer) => line([reviewer, population, risk, number, id]))
}

function line(values: readonly (string | number)[]): string {
  return `${values.map(escape).join('\t')}\n`
}

const SPECIAL = /[\\\t\n\r]/
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** COPY's text format. JSON has no raw tabs or line ends; PostgreSQL stores no NUL, and JSON writes it as an escape. */
function escape(value: string | number): string {
  if (typeof value === 'number') return String(value)
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (one) => ESCAPED[one] ?? one) : value
}

interface Row {
  readonly body: string
}

/** Frozen items by id, of populations that a campaign named. */
export async function readItems(pool: Reads, ids: readonly string[]): Promise<Map<string, FrozenItem>> {
  const { rows } = await pool.query<Row>({
    name: 'review-items-frozen',
    // Each by the index, whatever the planner believes of a table that has just grown by a million rows.
    text: `SELECT p.body FROM unnest($1::uuid[]) AS wanted (item)
      CROSS JOIN LATERAL (SELECT body, population FROM review_population WHERE item = wanted.item OFFSET 0) p
      WHERE EXISTS (SELECT FROM decisions.campaign_population n WHERE n.population = p.population)`,
    values: [ids],
  })
  return new Map(rows.map(({ body }) => JSON.parse(body) as FrozenItem).map((item) => [item.id, item]))
}

/** Items of a population in order, a page at a time. */
export function readPopulation(pool: Reads, population: string, pageSize = 1_000): AsyncGenerator<FrozenItem[]> {
  return parsed(pagesOf<Body>(pool, { name: 'review-population-page', columns: 'body' }, population, pageSize))
}

/** A row as it stands in the table, whoever wrote it: nothing of it is to be trusted. */
export interface StoredItem {
  readonly number: number
  /** 32 hex digits, as in a body. */
  readonly item: string
  readonly subject: string
  readonly risk: number
  readonly evidenceClass: string
  /** Null in populations of earlier versions. */
  readonly credential: string | null
  readonly body: string
}

const STORED = `replace(item::text, '-', '') AS item, replace(subject::text, '-', '') AS subject, risk, evidence_class AS "evidenceClass",
  replace(credential::text, '-', '') AS credential, body`

/** Rows of a population in order, unread, a page at a time. */
export function storedItems(pool: Reads, population: string, pageSize = 1_000): AsyncGenerator<StoredItem[]> {
  return pagesOf<StoredItem>(pool, { name: 'review-population-stored', columns: STORED }, population, pageSize)
}

/** How many assignments a population has. */
export async function countAssignments(pool: Reads, population: string): Promise<number> {
  const { rows } = await pool.query<{ assigned: number }>(
    'SELECT count(*)::int AS assigned FROM review_assignment WHERE population = $1',
    [population],
  )
  return rows[0]?.assigned ?? 0
}

export interface StoredAssignment {
  readonly reviewer: string
  readonly risk: number
  readonly number: number
  readonly id: string
}

/** How many of these stand in the table as they are. */
export async function assignmentsThere(
  pool: Reads,
  population: string,
  wanted: readonly StoredAssignment[],
): Promise<number> {
  const { rows } = await pool.query<{ there: number }>({
    name: 'review-assignments-there',
    // Each by the index, as items are.
    text: `SELECT count(*)::int AS there FROM unnest($2::text[], $3::int[], $4::int[], $5::text[]) AS wanted (reviewer, risk, number, item)
      CROSS JOIN LATERAL (SELECT item FROM review_assignment
        WHERE reviewer = wanted.reviewer AND population = $1 AND risk = wanted.risk AND number = wanted.number OFFSET 0) a
      WHERE replace(a.item::text, '-', '') = wanted.item`,
    values: [
      population,
      wanted.map(({ reviewer }) => reviewer),
      wanted.map(({ risk }) => risk),
      wanted.map(({ number }) => number),
      wanted.map(({ id }) => id),
    ],
  })
  return rows[0]?.there ?? 0
}

const TOUCHED = `CASE WHEN EXISTS (SELECT FROM event WHERE stream = 'review-item:' || replace(item::text, '-', '') AND stream_version IS NOT NULL) THEN body END`

/** Of each page in turn the items to which something happened, as the ledger has it. */
export function touchedItems(pool: Reads, population: string, pageSize = 1_000): AsyncGenerator<FrozenItem[]> {
  const columns = `${TOUCHED} AS body`
  return parsed(pagesOf<Body>(pool, { name: 'review-population-touched', columns }, population, pageSize))
}

interface Body {
  readonly body: string | null
}

/** An item of which nothing was read is passed over. */
async function* parsed(pages: AsyncGenerator<readonly Body[]>): AsyncGenerator<FrozenItem[]> {
  for await (const rows of pages)
    yield rows.flatMap(({ body }) => (body === null ? [] : [JSON.parse(body) as FrozenItem]))
}

/** `columns`: what is read of a row beside its number. */
async function* pagesOf<R extends object>(
  pool: Reads,
  { name, columns }: { readonly name: string; readonly columns: string },
  population: string,
  pageSize: number,
): AsyncGenerator<(R & { readonly number: number })[]> {
  const text = `SELECT number, ${columns} FROM review_population WHERE population = $1 AND number > $2 ORDER BY number LIMIT $3`
  for (let after = 0; ;) {
    const { rows } = await pool.query<R & { number: number }>({ name, text, values: [population, after, pageSize] })
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = last.number
  }
}

/** Which of the items are in a population that a campaign named. The id of an item names its campaign. */
export async function knownItems(pool: Reads, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ item: string }>({
    name: 'review-items-known',
    text: `SELECT replace(p.item::text, '-', '') AS item FROM unnest($1::uuid[]) AS wanted (item)
      CROSS JOIN LATERAL (SELECT item, population FROM review_population WHERE item = wanted.item OFFSET 0) p
      JOIN decisions.campaign_population n ON n.population = p.population`,
    values: [ids],
  })
  return new Set(rows.map(({ item }) => item))
}

/** Ids of a campaign's items of these credentials. Populations of earlier versions have the credential in the body alone. */
export async function itemsOfCredentials(
  pool: Reads,
  campaign: string,
  credentials: readonly string[],
): Promise<string[]> {
  const { rows } = await pool.query<{ item: string }>({
    name: 'review-items-of-credentials',
    text: `SELECT replace(item::text, '-', '') AS item FROM (
      SELECT p.item, p.number FROM decisions.campaign_population n JOIN review_population p USING (population)
        WHERE n.campaign = $1 AND p.credential = ANY($2::text[]::uuid[])
      UNION ALL
      SELECT p.item, p.number FROM decisions.campaign_population n JOIN review_population p USING (population)
        WHERE n.campaign = $1 AND p.credential IS NULL AND (p.body::jsonb) #>> '{access,credential,id}' = ANY($2::text[])) AS found
      ORDER BY number`,
    values: [campaign, credentials],
  })
  return rows.map(({ item }) => item)
}

/** Ids of a campaign's items that a next iteration asks again: unanswered, contradicted by what came later, or back after they had ended. */
export async function carriedOver(pool: Reads, campaign: string): Promise<Set<string>> {
  const { rows } = await pool.query<{ subject: string }>(
    `SELECT replace(p.subject::text, '-', '') AS subject FROM decisions.campaign_population n JOIN review_population p USING (population)
     LEFT JOIN decisions.review_item i ON i.item = p.item
     WHERE n.campaign = $1 AND (i.item IS NULL OR i.status IN ('expired unreviewed', 'regressed', 'pending', 'assigned', 'escalated', 'drifted')
       OR (i.state ->> 'isImpeached')::boolean)`,
    [campaign],
  )
  return new Set(rows.map(({ subject }) => subject))
}
