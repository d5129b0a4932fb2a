import type { AsOf } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { isUuid, uuidOf, undashed } from './identity.js'
import { datedBySql, knownAtSql, namesThenSql, UNWRAPPED } from './known-at.js'
import { isListed, isMeant, isOfPlaces, withoutPlace, type FactFilter } from './fact-filter.js'
import { Ahead, withAhead, type AheadRow } from './look-ahead.js'
import type { PostgresFactIndex } from './postgres-fact-index.js'
import type { Page, PageRequest } from './page.js'
import { micros } from './rows.js'
import { spellings, withinSql } from './slot-parts.js'

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
  return readPage(index, filter, page, async (after, limit) => {
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
  return readPage(index, filter, page, async (after, limit) => {
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

async function readPage(
  index: PostgresFactIndex,
  filter: FactFilter,
  page: PageRequest,
  read: ReadRows,
): Promise<Page<Activity>> {
  let { after } = page
  for (;;) {
    const rows = await read(after, page.limit + 1)
    const facts = await index.asKnown(rows)
    const listed = new Map(rows.slice(0, page.limit).map((row) => [row.fact, row]))
    const items = [...listed.values()].flatMap((row) => {
      const item = facts.get(row.fact)
      // What was told of it later may have brought it here.
      const isLate = Number(row.last_position) > index.asOf.position
      return item === undefined || !(isLate ? isListed(item, withoutPlace(item, filter)) : isMeant(item, filter))
        ? []
        : [{ item, place: placeOf(row) }]
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
  readonly conditions: string[] = []

  constructor(readonly values: unknown[] = []) {}

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
 * A denied request names no mount accessor, so a credential's page also takes what was addressed by a name of it. One plan serves the coldest and the
 * hottest: WITH TIES leaves no sort below the limit that the planner could do for all rows of a credential instead of reading an index in its order.
 * Of what was recorded again after the cut, rows do not say what was known, so those that may be meant are read, and judged as they stood.
 */
function factsQuery(
  asOf: AsOf,
  filter: FactFilter,
  after: readonly string[] | undefined,
  limit: number,
): { name: string | undefined; text: string; values: unknown[] } {
  const where = new Where()
  const position = where.parameter(asOf.position) + '::bigint'
  where.add('r.occurred_us <= $::bigint', validUs(asOf))
  if (filter.retrievalsOnly !== false) where.conditions.push('r.retrieval')
  where.add('r.occurred_us >= $::bigint', filter.from === undefined ? undefined : micros(filter.from))
  where.add('r.occurred_us <= $::bigint', filter.to === undefined ? undefined : micros(filter.to))
  const source = filter.source === undefined ? undefined : where.parameter(filter.source)
  const now = nowSql(where, filter, { row: 'r', position })
  const nowOfTold = nowSql(where, filter, { row: 'f', position })
  const [occurred, fact] = after ?? []
  if (occurred !== undefined && fact !== undefined) {
    where.conditions.push(
      `(r.occurred_us, r.fact) < (${where.parameter(occurred)}::bigint, ${where.parameter(fact)}::uuid)`,
    )
  }
  const count = `(${where.parameter(limit)}::bigint)`
  const last = `ORDER BY occurred_us DESC, fact DESC LIMIT ${count}`
  const columns = (of: string): string =>
    `r.fact, r.occurred_us, convert_from(${of}.body, 'UTF8') AS body, ${of}.first_position, ${of}.last_position`
  const whole = (...more: string[]): string => [...where.conditions, ...more].join(' AND ')
  const ofSource = source === undefined ? 'true' : `r.source = ${source}`
  const served = (more: string, order: string): string =>
    `(SELECT ${columns('r')} FROM access_fact r WHERE ${whole(datedBySql('r', position), ofSource, now, more)} ${order})`
  const told = (more: string): string =>
    `(SELECT ${columns('f')} FROM access_told r JOIN access_fact f ON f.fact = r.fact WHERE ${whole(knownAtSql('r', position), source === undefined ? 'r.least' : ofSource, nowOfTold, more)} ORDER BY r.occurred_us DESC, r.fact DESC LIMIT ${count})`
  const contents = isOfPlaces(filter) ? contentsSql(where, filter, { position, source }) : []
  const unwrapped = (more: string): string =>
    `(SELECT DISTINCT ON (r.occurred_us, r.fact) ${columns('r')} FROM ${UNWRAPPED} WHERE ${whole(knownAtSql('r', position), ...contents, more)} ORDER BY r.occurred_us DESC, r.fact DESC LIMIT ${count})`
  if (filter.credential === undefined) {
    // Of which credential an unwrapping was, its own row does not say.
    const all = isOfPlaces(filter)
      ? [served(`r.kind <> ${UNWRAPPING}`, last), told(`f.kind <> ${UNWRAPPING}`), unwrapped('true')]
      : [served('true', last), told('true')]
    return {
      name: undefined,
      text: `SELECT * FROM (${all.join(' UNION ALL ')}) AS listed ${last}`,
      values: where.values,
    }
  }
  const id = `${where.parameter(isUuid(filter.credential) ? filter.credential : uuidOf(filter.credential))}::uuid`
  const all = (condition: string): string =>
    [
      served(condition, `ORDER BY r.occurred_us DESC FETCH FIRST ${count} ROWS WITH TIES`),
      told(condition),
      unwrapped(condition),
    ].join(' UNION ALL ')
  const byName = `SELECT found.* FROM (${namesThenSql(id, position)}) AS name
    CROSS JOIN LATERAL (${all('r.credential IS NULL AND r.named_credential = name.named_credential')}) AS found`
  return {
    name: preparedName(filter, after),
    text: `${all(`r.credential = ${id}`)} UNION ALL (${byName}) ${last}`,
    values: where.values,
  }
}

const UNWRAPPING = "'response-unwrapped'"

/** What a fact's row says of it, be it since after the cut. `row`: its name in the statement. */
function nowSql(where: Where, filter: FactFilter, { row, position }: { row: string; position: string }): string {
  const now = new Where(where.values)
  addHow(now, filter, row)
  addContainer(now, filter, row)
  if (filter.within !== undefined)
    now.conditions.push(
      withinSql(filter.within, (value) => now.parameter(value), `coalesce(${row}.credential, ${row}.named_credential)`),
    )
  return sinceOr(now, row, position)
}

function sinceOr({ conditions }: Where, row: string, position: string): string {
  return conditions.length === 0 ? 'true' : `(${row}.last_position > ${position} OR ${conditions.join(' AND ')})`
}

function addHow(now: Where, { kinds, outcomes }: FactFilter, row: string): void {
  now.add(`${row}.kind = ANY($::text[])`, kinds)
  now.add(`${row}.outcome = ANY($::text[])`, outcomes)
}

function addContainer(now: Where, { container }: FactFilter, row: string): void {
  now.add(`${row}.container_name = ANY($::text[])`, container === undefined ? undefined : spellings([container]))
}

/** Of unwrappings: what they were of is known as of the position. Who may see one of several credentials must not learn of the others. */
function contentsSql(where: Where, filter: FactFilter, { position, source }: { position: string; source: string | undefined }): string[] {
  const [how, place] = [new Where(where.values), new Where(where.values)]
  addHow(how, filter, 'r')
  addContainer(place, filter, 'r')
  if (source !== undefined)
    place.conditions.push(`((r.source = ${source} AND ${datedBySql('r', position)}) OR EXISTS (
      SELECT FROM access_told t WHERE t.fact = r.fact AND t.source = ${source} AND ${knownAtSql('t', position)}))`)
  if (filter.within !== undefined) {
    const isWithin = withinSql(filter.within, (value) => place.parameter(value), 'slot')
    place.conditions.push(`NOT EXISTS (
      SELECT FROM access_unwrapped o WHERE o.fact = r.fact AND ${knownAtSql('o', position)} AND (${isWithin}) IS NOT TRUE)`)
  }
  return [sinceOr(how, 'r', position), ...place.conditions]
} // prettier-ignore
