import type { AsOf } from '@catena/access-chain'
import type { Activity, ActivityKind, Instant, Outcome } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { uuidOf, undashed } from './identity.js'
import { Ahead, withAhead, type AheadRow } from './look-ahead.js'
import type { PostgresFactIndex } from './postgres-fact-index.js'
import type { Page, PageRequest } from './page.js'
import { micros } from './rows.js'
import { withinSql, type SlotPart } from './slot-parts.js'

export interface FactFilter {
  /** Id of a credential. */
  readonly credential?: string | undefined
  /** Id of the source instance. */
  readonly source?: string | undefined
  /** Name of the vault mount, e.g. `secret/`; needs no exact slash. */
  readonly container?: string | undefined
  /** In these parts only, beside what else is asked. */
  readonly within?: readonly SlotPart[] | undefined
  readonly kinds?: readonly ActivityKind[] | undefined
  readonly outcomes?: readonly Outcome[] | undefined
  readonly from?: Instant | undefined
  readonly to?: Instant | undefined
  /** True (default): only what obtained a credential or tried to. */
  readonly retrievalsOnly?: boolean | undefined
}

interface Row {
  readonly fact: string
  readonly occurred_us: string
  readonly body: string
  readonly last_position: string
}

/** Newest first. */
export function listFacts(
  pool: pg.Pool,
  index: PostgresFactIndex,
  filter: FactFilter,
  page: PageRequest,
): Promise<Page<Activity>> {
  return readPage(index, page, async (after, limit) => {
    const { rows } = await pool.query<Row>(factsQuery(index.asOf, filter, after, limit))
    return rows
  })
}

/** The same; of a credential the index then knows what the walk of a short page asks first. Statements that are planned each time are not worth it. */
export function listFactsAhead(
  pool: pg.Pool,
  index: PostgresFactIndex,
  filter: FactFilter,
  page: PageRequest,
): Promise<Page<Activity>> {
  if (preparedName(filter, page.after) === undefined) return listFacts(pool, index, filter, page)
  return readPage(index, page, async (after, limit) => {
    const { name, text, values } = factsQuery(index.asOf, filter, after, limit)
    const { rows } = await pool.query<AheadRow>({ name: `${name}-ahead`, text: aheadOf(text), values })
    index.takeAhead(new Ahead(rows))
    return rows.flatMap(factRowOf).sort(newestFirst)
  })
}

const aheadTexts = new Map<string, string>()

/** There are two of them; to put one together takes longer than to send it. */
function aheadOf(text: string): string {
  const known = aheadTexts.get(text)
  if (known !== undefined) return known
  const made = withAhead(hidden(text))
  aheadTexts.set(text, made)
  return made
}

/** Hides from the planner what is asked, which keeps it to one plan for all: to make one takes longer than to run it. */
function hidden(text: string): string {
  return text.replace(/\$\d+::\w+/g, '(SELECT $&)')
}

function factRowOf({ id, text, last_position, occurred_us }: AheadRow): Row[] {
  if (id === null || occurred_us === null || text === null || last_position === null) return []
  return [{ fact: id, occurred_us, body: text, last_position }]
}

function newestFirst(a: Row, b: Row): number {
  return Number(b.occurred_us) - Number(a.occurred_us) || (a.fact < b.fact ? 1 : -1)
}

type ReadRows = (after: readonly string[] | undefined, limit: number) => Promise<Row[]>

async function readPage(index: PostgresFactIndex, page: PageRequest, read: ReadRows): Promise<Page<Activity>> {
  let { after } = page
  for (;;) {
    const rows = await read(after, page.limit + 1)
    const facts = await index.asKnown(rows)
    const items = rows.slice(0, page.limit).flatMap((row) => {
      const item = facts.get(row.fact)
      return item === undefined ? [] : [{ item, place: placeOf(row) }]
    })
    const hasMore = rows.length > page.limit
    // Rows that say nothing yet at this state of knowledge must not end the list.
    if (items.length > 0 || !hasMore) return { items, hasMore }
    after = placeOf(rows[page.limit - 1] as Row)
  }
}

function placeOf(row: Row): readonly string[] {
  return [row.occurred_us, undashed(row.fact)]
}

/** The page of one credential is asked for most, and to plan it takes longer than to read it. Undefined: it is not prepared. */
function preparedName(filter: FactFilter, after: readonly string[] | undefined): string | undefined {
  const { credential, retrievalsOnly, ...more } = filter
  const isNarrowed = retrievalsOnly === false || Object.values(more).some((value) => value !== undefined)
  if (credential === undefined || isNarrowed) return undefined
  return after === undefined ? 'access-facts-of-credential' : 'access-facts-of-credential-after'
}

/** Conditions with their parameters. */
class Where {
  readonly values: unknown[] = []
  readonly conditions: string[] = []

  /** `$` in the condition stands for the value. */
  add(condition: string, value: unknown): void {
    if (value === undefined) return
    this.conditions.push(condition.replace('$', this.parameter(value)))
  }

  parameter(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/**
 * A denied request names no mount accessor, so a credential's page also takes what was addressed by its name. One plan serves the coldest and the
 * hottest: WITH TIES leaves no sort below the limit that the planner could do for all rows of a credential instead of reading an index in its order.
 */
function factsQuery(
  asOf: AsOf,
  filter: FactFilter,
  after: readonly string[] | undefined,
  limit: number,
): { name: string | undefined; text: string; values: unknown[] } {
  const where = new Where()
  where.add('first_position <= $::bigint', asOf.position)
  where.add('occurred_us <= $::bigint', validUs(asOf))
  if (filter.retrievalsOnly !== false) where.conditions.push('retrieval')
  where.add('source = $', filter.source)
  where.add('kind = ANY($::text[])', filter.kinds)
  where.add('outcome = ANY($::text[])', filter.outcomes)
  where.add('occurred_us >= $::bigint', filter.from === undefined ? undefined : micros(filter.from))
  where.add('occurred_us <= $::bigint', filter.to === undefined ? undefined : micros(filter.to))
  where.add(
    'container_name = $',
    filter.container === undefined ? undefined : `${filter.container.replace(/\/$/, '')}/`,
  )
  where.conditions.push(
    withinSql(filter.within, (value) => where.parameter(value), 'coalesce(credential, named_credential)'),
  )
  const [occurred, fact] = after ?? []
  if (occurred !== undefined && fact !== undefined) {
    where.conditions.push(
      `(occurred_us, fact) < (${where.parameter(occurred)}::bigint, ${where.parameter(fact)}::uuid)`,
    )
  }
  const count = `(${where.parameter(limit)}::bigint)`
  const last = `ORDER BY occurred_us DESC, fact DESC LIMIT ${count}`
  const select = (more: string, order: string): string =>
    `(SELECT fact, occurred_us, convert_from(body, 'UTF8') AS body, first_position, last_position FROM access_fact WHERE ${[...where.conditions, more].join(' AND ')} ${order})`
  if (filter.credential === undefined) return { name: undefined, text: select('true', last), values: where.values }
  const id = `${where.parameter(/^[0-9a-f]{32}$/.test(filter.credential) ? filter.credential : uuidOf(filter.credential))}::uuid`
  const named = `(SELECT named_credential FROM access_credential WHERE credential = ${id})`
  const both = [`credential = ${id}`, `credential IS NULL AND named_credential = ${named}`].map((condition) =>
    select(condition, `ORDER BY occurred_us DESC FETCH FIRST ${count} ROWS WITH TIES`),
  )
  return { name: preparedName(filter, after), text: `${both.join(' UNION ALL ')} ${last}`, values: where.values }
}
