import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { transaction } from '@catena/platform'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { FrozenItem } from './frozen-item.js'

type Reads = Pick<pg.Pool, 'query'>
/** Rows of one piece of a COPY. */
const PIECE = 500

/**
 * Writes a population in one transaction. Nothing refers to it before the campaign's event names it, so a writer that died leaves rows
 * that say nothing.
 */
export async function writePopulation(pool: pg.Pool, population: string, items: AsyncIterable<FrozenItem>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('SET statement_timeout = 0')
    await transaction(client, async () => {
      const rows = copyFrom('COPY review_population (population, number, item, subject, risk, evidence_class, body) FROM STDIN')
      await pipeline(Readable.from(pieces(population, items)), client.query(rows))
      await client.query(
        `INSERT INTO review_assignment (reviewer, population, risk, number, item)
         SELECT reviewer, population, risk, number, item FROM review_population,
           jsonb_array_elements_text(body::jsonb -> 'reviewers') AS reviewer WHERE population = $1`,
        [population],
      )
    })
  } finally {
    await client.query('RESET statement_timeout').catch(() => undefined)
    client.release()
  }
} // prettier-ignore

async function* pieces(population: string, items: AsyncIterable<FrozenItem>): AsyncGenerator<string> {
  let lines: string[] = []
  for await (const item of items) {
    const { number, id, subject, risk, evidenceClass } = item
    lines.push([population, number, id, subject, risk, evidenceClass, JSON.stringify(item)].map(escape).join('\t'))
    if (lines.length < PIECE) continue
    yield `${lines.join('\n')}\n`
    lines = []
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}

/** COPY's text format. JSON has no raw tabs or line ends; PostgreSQL stores no NUL, and JSON writes it as an escape. */
function escape(value: string | number): string {
  return String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}

interface Row {
  readonly body: string
}

/** Frozen items by id, of populations that a campaign named. */
export async function readItems(pool: Reads, ids: readonly string[]): Promise<Map<string, FrozenItem>> {
  const { rows } = await pool.query<Row>({
    name: 'review-items-frozen',
    text: `SELECT p.body FROM review_population p JOIN decisions.campaign_population USING (population) WHERE p.item = ANY($1::uuid[])`,
    values: [ids],
  })
  return new Map(rows.map(({ body }) => JSON.parse(body) as FrozenItem).map((item) => [item.id, item]))
}

/** Items of a population in order, a page at a time. */
export async function* readPopulation(pool: Reads, population: string, pageSize = 1_000): AsyncGenerator<FrozenItem[]> {
  let after = 0
  for (;;) {
    const { rows } = await pool.query<Row>({
      name: 'review-population-page',
      text: 'SELECT body FROM review_population WHERE population = $1 AND number > $2 ORDER BY number LIMIT $3',
      values: [population, after, pageSize],
    })
    if (rows.length === 0) return
    const items = rows.map(({ body }) => JSON.parse(body) as FrozenItem)
    yield items
    after = items.at(-1)?.number ?? after
  }
}
