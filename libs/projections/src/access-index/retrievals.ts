import type { Activity, ActivityKind, Instant, Outcome } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { uuidOf } from './identity.js'
import type { PostgresFactIndex } from './postgres-fact-index.js'
import type { Page, PageRequest } from './page.js'
import { micros } from './rows.js'

export interface FactFilter {
  /** Id of a credential. */
  readonly credential?: string | undefined
  /** Id of the source instance. */
  readonly source?: string | undefined
  /** Name of the vault mount, e.g. `secret/`; needs no exact slash. */
  readonly container?: string | undefined
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
  readonly body: Buffer
  readonly last_position: string
}

/** Newest first. A denied request names no mount accessor, so a credential's page also takes what was addressed by its name. */
export async function listFacts(
  pool: pg.Pool,
  index: PostgresFactIndex,
  filter: FactFilter,
  page: PageRequest,
): Promise<Page<Activity>> {
  const { asOf } = index
  const values: unknown[] = [asOf.position, validUs(asOf), page.limit + 1]
  const where = ['first_position <= $1', 'occurred_us <= $2::bigint']
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  if (filter.retrievalsOnly !== false) where.push('retrieval')
  if (filter.source !== undefined) add((p) => `source = ${p}`, filter.source)
  if (filter.kinds !== undefined) add((p) => `kind = ANY(${p}::text[])`, filter.kinds)
  if (filter.outcomes !== undefined) add((p) => `outcome = ANY(${p}::text[])`, filter.outcomes)
  if (filter.from !== undefined) add((p) => `occurred_us >= ${p}::bigint`, micros(filter.from))
  if (filter.to !== undefined) add((p) => `occurred_us <= ${p}::bigint`, micros(filter.to))
  if (filter.container !== undefined)
    add(
      (p) => `credential IN (SELECT credential FROM access_credential WHERE container_name = ${p})`,
      `${filter.container.replace(/\/$/, '')}/`,
    )
  const [occurred, fact] = page.after ?? []
  if (occurred !== undefined && fact !== undefined) {
    values.push(occurred, fact)
    where.push(`(occurred_us, fact) < ($${values.length - 1}::bigint, $${values.length}::uuid)`)
  }
  const select = (more: string): string =>
    `(SELECT fact, occurred_us, body, last_position FROM access_fact WHERE ${[...where, more].join(' AND ')} ORDER BY occurred_us DESC, fact DESC LIMIT $3)`
  const { rows } = await pool.query<Row>(
    filter.credential === undefined ? select('true') : ofCredential(select, values, filter.credential),
    values,
  )
  const facts = await index.asKnown(rows)
  const known = rows.slice(0, page.limit).filter((row) => facts.has(row.fact))
  return {
    items: known.map((row) => ({
      item: facts.get(row.fact) as Activity,
      place: [row.occurred_us, row.fact.replaceAll('-', '')],
    })),
    hasMore: rows.length > page.limit,
  }
}

function ofCredential(select: (more: string) => string, values: unknown[], credential: string): string {
  values.push(/^[0-9a-f]{32}$/.test(credential) ? credential : uuidOf(credential))
  const id = `$${values.length}::uuid`
  const named = `(SELECT named_credential FROM access_credential WHERE credential = ${id})`
  return `${select(`credential = ${id}`)} UNION ALL ${select(`credential IS NULL AND named_credential = ${named}`)} ORDER BY occurred_us DESC, fact DESC LIMIT $3`
}
