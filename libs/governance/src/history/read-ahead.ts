import type { Instant } from '@catena/domain'
import { factsThenSql, namesThenSql, undashed, type AccessReader, type KnownAsOf } from '@catena/projections'
import { summaryStand } from '../access-summary/summary-projection.js'
import { NO_SURROUNDINGS, surroundingsOf, unsettledBy } from '../access-summary/surroundings.js'
import type { DatedAsOf } from './read-dated-chains.js'
import { microsOf, REOPENED, SETTLED } from './read-dated-rows.js'

/** What records tell of times after the moment asked about, by credential. */
export interface Ahead {
  /** The first such moment. */
  readonly nextAt: ReadonlyMap<string, Instant>
  /** Rows of these that are kept do not say what their chains say as of the moment. */
  readonly unsettled: ReadonlySet<string>
}

export const NOTHING_AHEAD: Ahead = { nextAt: new Map(), unsettled: new Set() }

/** Does any source tell of a later time? One whose clock is ahead does, and mostly none. */
export async function isAnyAhead(reader: AccessReader, asOf: KnownAsOf, at: Instant): Promise<boolean> {
  return ((await reader.newestTold(asOf)) ?? -Infinity) > at
}

export async function readAhead(
  reader: AccessReader,
  asOf: DatedAsOf,
  credentials: readonly string[],
): Promise<Ahead> {
  const { sources } = reader.settings
  const now = (await summaryStand(reader.pool))?.surroundings ?? NO_SURROUNDINGS
  const then = await surroundingsOf(reader.index(asOf), sources, now)
  const { reclocked, coveredTo } = unsettledBy(now, then, sources)
  const { rows } = await reader.pool.query<{ credential: string; next_us: string | null; unsettled: boolean }>({
    name: 'told-ahead',
    text: TOLD_AHEAD,
    values: [credentials, microsOf(asOf.validAt), reclocked, microsOf(coveredTo), asOf.position],
  })
  return {
    nextAt: new Map(rows.flatMap(({ credential, next_us }) => next_us === null ? [] : [[undashed(credential), Number(next_us) / 1000] as const])),
    unsettled: new Set(rows.filter(({ unsettled }) => unsettled).map(({ credential }) => undashed(credential))),
  }
} // prettier-ignore

const UNSETTLED = `(at_us > $2::bigint OR NOT ${SETTLED} OR ${REOPENED})`

const TOLD_AHEAD = `
  SELECT wanted.credential, least(facts.next_us, own.next_us, named.next_us) AS next_us,
    coalesce(own.unsettled, false) OR coalesce(named.unsettled, false) AS unsettled
  FROM unnest($1::uuid[]) AS wanted (credential)
  LEFT JOIN LATERAL (SELECT min(occurred_us) AS next_us FROM (${factsThenSql(['occurred_us'], '$5', 'credential = wanted.credential')}) AS known
    WHERE occurred_us > $2) facts ON true
  LEFT JOIN LATERAL (SELECT min(greatest(at_us, settled_us)) FILTER (WHERE greatest(at_us, settled_us) > $2) AS next_us, bool_or(${UNSETTLED}) AS unsettled
    FROM governance.retrieval WHERE credential = wanted.credential) own ON true
  LEFT JOIN LATERAL (SELECT min(at_us) FILTER (WHERE at_us > $2) AS next_us, bool_or(${UNSETTLED}) AS unsettled
    FROM (${namesThenSql('wanted.credential', '$5')}) AS name
    JOIN governance.retrieval r ON r.credential IS NULL AND r.named_credential = name.named_credential) named ON true
  WHERE least(facts.next_us, own.next_us, named.next_us) IS NOT NULL OR own.unsettled OR named.unsettled`
