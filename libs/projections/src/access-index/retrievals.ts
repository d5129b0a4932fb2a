import type { AsOf } from '@catena/access-chain'
import type { Activity, ActivityKind, Instant, Outcome } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { uuidOf, undashed } from './identity.js'
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
export async function listFacts(
  pool: pg.Pool,
  index: PostgresFactIndex,
  filter: FactFilter,
  page: PageRequest,
): Promise<Page<Activity>> {
  let { after } = page
  for (;;) {
    const { rows } = await pool.query<Row>({
      ...preparedName(filter, after),
      ...factsQuery(index.asOf, filter, after, page.limit + 1),
    })
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

/** The page of one credential is asked for most, and to plan it takes longer than to read it. */
function preparedName(filter: FactFilter, after: readonly string[] | undefined): { name?: string } {
  const { credential, retrievalsOnly, ...more } = filter
  const isNarrowed = retrievalsOnly === false || Object.values(more).some((value) => value !== undefined)
  if (credential === undefined || isNarrowed) return {}
  return { name: after === undefined ? 'access-facts-of-credential' : 'access-facts-of-credential-after' }
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
): { text: string; values: unknown[] } {
  const where = new Where()
  where.add('first_position <= $', asOf.position)
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
  const count = where.parameter(limit)
  const last = `ORDER BY occurred_us DESC, fact DESC LIMIT ${count}`
  const select = (more: string, order: string): string =>
    `(SELECT fact, occurred_us, convert_from(body, 'UTF8') AS body, last_position FROM access_fact WHERE ${[...where.conditions, more].join(' AND ')} ${order})`
  if (filter.credential === undefined) return { text: select('true', last), values: where.values }
  const id = `${where.parameter(/^[0-9a-f]{32}$/.test(filter.credential) ? filter.credential : uuidOf(filter.credential))}::uuid`
  const named = `(SELECT named_credential FROM access_credential WHERE credential = ${id})`
  const both = [`credential = ${id}`, `credential IS NULL AND named_credential = ${named}`].map((condition) =>
    select(condition, `ORDER BY occurred_us DESC FETCH FIRST ${count} ROWS WITH TIES`),
  )
  return { text: `${both.join(' UNION ALL ')} ${last}`, values: where.values }
}
