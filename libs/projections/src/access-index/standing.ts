import type { AsOf } from '@catena/access-chain'
import { issuerScope, makeKey, type Instant, type Key, type Namespace, type SourceInstance } from '@catena/domain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import { pageOf, type Page, type PageRequest } from './page.js'
import { uuidOf, undashed } from './identity.js'
import { knownAtSql } from './known-at.js'

/** A person, account, entity or repository that records speak of. */
export interface StandingEntry {
  readonly key: Key
  readonly namespace: Namespace
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
}

export interface StandingFilter {
  readonly namespaces: readonly Namespace[]
  /** Part of the key, without regard to case. */
  readonly search?: string | undefined
  /** Keys that match the search by another of their names. */
  readonly orKeys?: readonly Key[] | undefined
}

const HEARD_THEN = `AND EXISTS (
  SELECT FROM access_key k WHERE k.key = access_standing.key AND ${knownAtSql('k', '$1')} AND k.at_us <= $2::bigint)`

/** What more is asked of a row ($1: position, $2: time): a record that came after the position may have dated it earlier than was known. */
export function heardThenSql({ validAt }: AsOf): string {
  return validAt === undefined ? '' : HEARD_THEN
}

interface Row {
  readonly name: Key
  readonly namespace: Namespace
  readonly first_us: string
  readonly last_us: string
}

export async function listStanding(
  pool: pg.Pool,
  asOf: AsOf,
  filter: StandingFilter,
  page: PageRequest,
): Promise<Page<StandingEntry>> {
  const { rows } = await pool.query<Row>({
    name: `access-standing${asOf.validAt === undefined ? '' : '-then'}`,
    text: `SELECT name, namespace, first_us, last_us FROM access_standing
      WHERE first_position <= $1 AND first_us <= $2::bigint ${heardThenSql(asOf)} AND namespace = ANY($3::text[])
        AND ($4::text IS NULL OR position(lower($4) IN lower(name)) > 0 OR name = ANY($7::text[])) AND ($5::text IS NULL OR name > $5)
      ORDER BY name LIMIT $6`,
    values: [
      asOf.position,
      validUs(asOf),
      filter.namespaces,
      filter.search ?? null,
      page.after?.[0] ?? null,
      page.limit + 1,
      filter.orKeys ?? [],
    ],
  })
  return pageOf(rows, page.limit, entry, (item) => [item.key])
}

function entry(row: Row): StandingEntry {
  return {
    key: row.name,
    namespace: row.namespace,
    firstSeenAt: Number(row.first_us) / 1000,
    lastSeenAt: Number(row.last_us) / 1000,
  }
}

/** Minted things and what people call them: a value means a key in every scope that could have minted it. */
const BY_VALUE: readonly Namespace[] = [
  'vault-token',
  'vault-lease',
  'idp-session',
  'system-session',
  'agent-call',
  'agent',
  'tool-server',
  'ci-run',
  'ci-attempt',
  'ci-job',
  'person',
  'person-email',
  'person-name',
  'repository',
  'repository-name',
  'vault-entity',
]

export async function findKeys(
  pool: pg.Pool,
  asOf: AsOf,
  sources: readonly SourceInstance[],
  term: string,
): Promise<Key[]> {
  const scopes = sources.flatMap((source) => [source.scope, issuerScope(source.kind, source.scope)])
  const values = [...new Set([term, term.toLowerCase()])]
  const keys = BY_VALUE.flatMap((namespace) =>
    scopes.flatMap((scope) => values.map((value) => makeKey(namespace, scope, value))),
  )
  const byUuid = new Map([...new Set([term as Key, ...keys])].map((key) => [uuidOf(key), key]))
  const { rows } = await pool.query<{ key: string }>(
    `SELECT DISTINCT key FROM access_key WHERE key = ANY($1::uuid[]) AND first_position <= $2
     UNION SELECT key FROM access_name WHERE key = ANY($1::uuid[]) AND first_position <= $2`,
    [[...byUuid.keys()], asOf.position],
  )
  return rows
    .map((row) => byUuid.get(undashed(row.key)))
    .filter((key) => key !== undefined)
    .sort()
}
