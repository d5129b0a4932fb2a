import type { AsOf } from '@catena/access-chain'
import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { pageOf, type Page, type PageRequest } from './page.js'
import { spellings, withinSql, type SlotPart } from './slot-parts.js'
import { isUuid, undashed } from './identity.js'
import { factsThenSql, namesThenSql } from './known-at.js'

/** A slot that holds a credential, as records name it. */
export interface CredentialEntry {
  /** Opaque, stable. */
  readonly id: string
  /** `<kind>/<scope>`. */
  readonly system: string
  readonly container: string | undefined
  readonly containerName: string | undefined
  readonly path: string
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
}

export interface CredentialFilter {
  readonly system?: string | undefined
  /** Name of the vault mount or container, e.g. `secret/`. */
  readonly container?: string | undefined
  /** In these parts only, beside what else is asked. */
  readonly within?: readonly SlotPart[] | undefined
  /** Part of container and path, without regard to case. */
  readonly search?: string | undefined
}

interface Row {
  readonly credential: string
  readonly system: string
  readonly container: string | null
  readonly container_name: string | null
  readonly path: string
  readonly first_us: string
  readonly last_us: string
}

const COLUMNS = 'credential, system, container, container_name, path, first_us, last_us'

/** Under the name that each was known by at the position ($1): of several the least. */
const NAMED_THEN = `(SELECT credential, system, container, path, first_us, last_us, first_position,
    CASE WHEN named_position <= $1 THEN container_name ELSE (SELECT o.container_name FROM access_other_name o
      WHERE o.credential = c.credential AND o.first_position <= $1 ORDER BY o.container_name COLLATE "C" LIMIT 1) END AS container_name
  FROM access_credential c) AS access_credential`

/** Of those named by the position ($1), what had been heard of by the time ($2), as it was dated by the position: what is told later may date it earlier. */
const HEARD = `first_position <= $1 AND first_us <= $2`
const HEARD_THEN = `${HEARD} AND EXISTS (
  SELECT FROM (${factsThenSql(['occurred_us'], '$1', 'credential = access_credential.credential')}) AS known WHERE occurred_us <= $2::bigint)`

function heardSql({ validAt }: AsOf): string {
  return validAt === undefined ? HEARD : HEARD_THEN
}

/** One for each text that is prepared. */
function named(name: string, { validAt }: AsOf): string {
  return validAt === undefined ? name : `${name}-then`
}

export async function listCredentials(
  pool: pg.Pool,
  asOf: AsOf,
  filter: CredentialFilter,
  page: PageRequest,
): Promise<Page<CredentialEntry>> {
  const [system, container, path, id] = page.after ?? []
  const more: unknown[] = []
  const within = withinSql(filter.within, (value) => `$${10 + more.push(value)}`, 'credential')
  const { rows } = await pool.query<Row>({
    ...(filter.within === undefined ? { name: named('access-credentials', asOf) } : {}),
    text: `SELECT ${COLUMNS} FROM ${NAMED_THEN}
      WHERE ${heardSql(asOf)}
        AND ($3::text IS NULL OR system = $3) AND ($4::text[] IS NULL OR container_name = ANY($4))
        AND ($5::text IS NULL OR position(lower($5) IN lower(coalesce(container_name, '') || path)) > 0)
        AND ${within}
        AND ($6::text IS NULL OR (system, coalesce(container_name, ''), path, credential) > ($6, $7, $8, $9::uuid))
      ORDER BY system, coalesce(container_name, ''), path, credential LIMIT $10`,
    values: [
      asOf.position,
      validUs(asOf),
      filter.system ?? null,
      filter.container === undefined ? null : spellings([filter.container]),
      filter.search ?? null,
      system ?? null,
      container ?? null,
      path ?? null,
      id ?? null,
      page.limit + 1,
      ...more,
    ],
  })
  return pageOf(rows, page.limit, entry, (item) => [item.system, item.containerName ?? '', item.path, item.id])
}

export async function readCredential(pool: pg.Pool, asOf: AsOf, id: string): Promise<CredentialEntry | undefined> {
  return (await readCredentials(pool, asOf, [id])).get(id)
}

/** As known at a cut, behind the id given, by id: an order that no name and no later record changes. */
export async function credentialsAfter(
  reads: Pick<pg.ClientBase, 'query'>,
  asOf: AsOf,
  after: string | undefined,
  limit: number,
): Promise<CredentialEntry[]> {
  const { rows } = await reads.query<Row>({
    name: named('access-credentials-after', asOf),
    text: `SELECT ${COLUMNS} FROM ${NAMED_THEN} WHERE ${heardSql(asOf)} AND ($3::uuid IS NULL OR credential > $3)
      ORDER BY credential LIMIT $4`,
    values: [asOf.position, validUs(asOf), after ?? null, limit],
  })
  return rows.map(entry)
}

/** Of these ids those that a record names, by id. */
export async function readCredentials(
  reads: Pick<pg.ClientBase, 'query'>,
  asOf: AsOf,
  ids: readonly string[],
): Promise<Map<string, CredentialEntry>> {
  const { rows } = await reads.query<Row>({
    name: named('access-credentials-by-id', asOf),
    text: `SELECT ${COLUMNS} FROM ${NAMED_THEN} WHERE credential = ANY($3::uuid[]) AND ${heardSql(asOf)}`,
    values: [asOf.position, validUs(asOf), ids.filter(isUuid)],
  })
  return new Map(rows.map(entry).map((found) => [found.id, found]))
}

/** Ids of the names (`namedCredentialOf`) that each was known by at the cut: a denied request may tell nothing else. */
export async function namesOfCredentials(
  reads: Pick<pg.ClientBase, 'query'>,
  asOf: AsOf,
  ids: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const { rows } = await reads.query<{ credential: string; names: readonly string[] }>({
    name: 'access-names-of-credentials',
    text: `SELECT wanted.credential, ARRAY(${namesThenSql('wanted.credential', '$1')})::text[] AS names FROM unnest($2::uuid[]) AS wanted (credential)`,
    values: [asOf.position, ids.filter(isUuid)],
  })
  return new Map(rows.map(({ credential, names }) => [undashed(credential), names.map(undashed)]))
}

export function validUs(asOf: AsOf): string {
  return asOf.validAt === undefined ? '9000000000000000' : String(Math.round(asOf.validAt * 1000))
}

function entry(row: Row): CredentialEntry {
  return {
    id: undashed(row.credential),
    system: row.system,
    container: row.container ?? undefined,
    containerName: row.container_name ?? undefined,
    path: row.path,
    firstSeenAt: Number(row.first_us) / 1000,
    lastSeenAt: Number(row.last_us) / 1000,
  }
}
