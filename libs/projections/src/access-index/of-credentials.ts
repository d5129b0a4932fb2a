import { isAnsweredWrapped, type Activity, type Instant } from '@catena/domain'
import type { AsOf } from '@catena/access-chain'
import type pg from 'pg'
import { validUs } from './credentials.js'
import type { Page } from './page.js'
import type { PostgresFactIndex } from './postgres-fact-index.js'
import { undashed } from './identity.js'
import { listFacts } from './retrievals.js'
import { datedBySql, factsThenSql, knownAtSql, namesThenSql, UNWRAPPED } from './known-at.js'

/** When a credential was first and last heard of, in one state of knowledge. */
export interface SeenSpan {
  readonly firstSeenAt: Instant
  readonly lastSeenAt: Instant
}

interface Row {
  readonly credential: string
  readonly fact: string
  readonly occurred_us: string
  readonly body: string
  readonly last_position: string
}

/** The newest retrievals of each credential, in the order given; one statement for all. */
export async function newestOfCredentials(
  pool: pg.Pool,
  index: PostgresFactIndex,
  credentials: readonly string[],
  limit: number,
): Promise<Page<Activity>[]> {
  const { rows } = await pool.query<Row>({
    name: 'access-newest-of-credentials',
    text: OF_CREDENTIALS,
    values: [credentials, index.asOf.position, validUs(index.asOf), limit + 1],
  })
  const facts = await index.asKnown(rows)
  const pages = credentials.map((credential): Page<Activity> => {
    const own = rows.filter((row) => undashed(row.credential) === credential)
    const items = own.slice(0, limit).flatMap((row) => {
      const item = facts.get(row.fact)
      return item === undefined || isAnsweredWrapped(item)
        ? []
        : [{ item, place: [row.occurred_us, undashed(row.fact)] }]
    })
    return { items, hasMore: own.length > limit }
  })
  // A page of nothing would have no place to go on from: what was answered wrapped stands among the newest rows, and is none of the list.
  const goOn = (page: Page<Activity>, number: number): Promise<Page<Activity>> =>
    page.items.length > 0 || !page.hasMore
      ? Promise.resolve(page)
      : listFacts(pool, index, { credential: credentials[number] }, { limit, after: undefined })
  return Promise.all(pages.map(goOn))
}

const ofOne = (condition: string): string => `
  (SELECT r.fact, r.occurred_us, convert_from(r.body, 'UTF8') AS body, r.last_position FROM access_fact r
   WHERE ${condition} AND r.retrieval AND ${datedBySql('r', '$2')} AND r.occurred_us <= $3::bigint
   ORDER BY r.occurred_us DESC FETCH FIRST $4 ROWS WITH TIES)
  UNION ALL
  (SELECT r.fact, r.occurred_us, convert_from(f.body, 'UTF8'), f.last_position FROM access_told r JOIN access_fact f ON f.fact = r.fact
   WHERE ${condition} AND r.retrieval AND r.least AND ${knownAtSql('r', '$2')} AND r.occurred_us <= $3::bigint
   ORDER BY r.occurred_us DESC, r.fact DESC LIMIT $4)
  UNION ALL
  (SELECT r.fact, r.occurred_us, convert_from(r.body, 'UTF8'), r.last_position FROM ${UNWRAPPED}
   WHERE ${condition} AND ${knownAtSql('r', '$2')} AND r.occurred_us <= $3::bigint
   ORDER BY r.occurred_us DESC, r.fact DESC LIMIT $4)`

/**
 * A denied request names no mount accessor, so what was addressed by a name of the credential counts too. WITH TIES: all of the last moment, so that the
 * index has the order already, and no plan sorts all rows of a credential for its newest.
 */
const OF_CREDENTIALS = `
  SELECT wanted.credential, newest.* FROM unnest($1::uuid[]) AS wanted (credential)
  CROSS JOIN LATERAL (
    ${ofOne('r.credential = wanted.credential')}
    UNION ALL (SELECT found.* FROM (${namesThenSql('wanted.credential', '$2')}) AS name
      CROSS JOIN LATERAL (${ofOne('r.credential IS NULL AND r.named_credential = name.named_credential')}) AS found)
    ORDER BY occurred_us DESC, fact DESC LIMIT $4) newest
  ORDER BY newest.occurred_us DESC, newest.fact DESC`

/** What was unwrapped was heard of then, too. */
const SEEN = `${factsThenSql(['occurred_us'], '$2', 'credential = wanted.credential')}
  UNION ALL SELECT occurred_us FROM access_unwrapped u WHERE ${knownAtSql('u', '$2')} AND credential = wanted.credential`

/** The times in the list of credentials are of all that is known; these are of one state of knowledge. */
export async function readSpans(
  pool: pg.Pool,
  asOf: AsOf,
  credentials: readonly string[],
): Promise<Map<string, SeenSpan>> {
  const { rows } = await pool.query<{ credential: string; first_us: string | null; last_us: string | null }>({
    name: 'access-credential-spans',
    text: `SELECT wanted.credential, seen.* FROM unnest($1::uuid[]) AS wanted (credential)
      CROSS JOIN LATERAL (SELECT min(occurred_us) AS first_us, max(occurred_us) AS last_us
        FROM (${SEEN}) AS known WHERE occurred_us <= $3::bigint) seen`,
    values: [credentials, asOf.position, validUs(asOf)],
  })
  const known = rows.filter((row) => row.first_us !== null)
  return new Map(
    known.map((row) => [
      undashed(row.credential),
      { firstSeenAt: Number(row.first_us) / 1000, lastSeenAt: Number(row.last_us) / 1000 },
    ]),
  )
}
