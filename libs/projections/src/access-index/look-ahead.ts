import type { Key, Verb } from '@catena/domain'
import { undashed, type Uuid } from './identity.js'
import { betweenRowsSql } from './in-order.js'
import { knownAtSql } from './known-at.js'
import type { AskedLookup } from './lookup-columns.js'
import type { FactRow, Named, Shown } from './lookups.js'
import { MAX_US, MIN_US, verbNumber } from './rows.js'

/** What a longer page asks takes longer to answer than to ask for. */
const FACTS_MAX = 8
/** From a retrieval to who made the token of its caller, and so on. */
const HOPS_MAX = 3
/** Of a key that this many facts carry nothing is said: there may be more. */
const CARRIED_MAX = 5

/** A fact, of the page where it has a time; or the facts that carry a key by a verb; or a name shown with a key; or, without an id, the keys asked. */
export interface AheadRow {
  readonly id: string | null
  readonly verb: number | null
  readonly other: string | null
  readonly text: string | null
  readonly last_position: string | null
  readonly occurred_us: string | null
}

const POSITION = '(SELECT $1::bigint)'

/** Keys that a fact of `of` carries by a verb: they were recorded with its first record or its last; others are left out. */
const keysSql = (of: string, verb: Verb): string => `
  SELECT key FROM access_key WHERE first_position IN (${of}.first_position, ${of}.last_position) AND first_position <= ${POSITION}
    AND verb = ${verbNumber(verb)} AND fact = ${of}.fact OFFSET 0`

const namesSql = (key: string): string => `
  SELECT ${key} UNION ALL SELECT name_key FROM access_name WHERE key = ${key} AND first_position <= ${POSITION}`

/** The first few of a key, which thousands of others may have presented too. */
function firstSql(columns: readonly string[], from: readonly string[], to: readonly string[], more = ''): string {
  return `SELECT fact FROM access_key WHERE ${betweenRowsSql(columns, from, to)}
    AND ${knownAtSql('access_key', POSITION)} ${more} ORDER BY ${columns.join(', ')} LIMIT ${CARRIED_MAX}`
}

const ofVerb = (verb: Verb): string => `${verbNumber(verb)}::smallint`

const madeSql = (key: string): string => `
  SELECT fact FROM access_key WHERE key = ${key} AND verb = ${verbNumber('establishes')} AND ${knownAtSql('access_key', POSITION)} LIMIT ${CARRIED_MAX}`

const carryingSql = (key: string, verb: Verb): string =>
  firstSql(['key', 'verb', 'at_us'], [key, ofVerb(verb), MIN_US], [key, ofVerb(verb), MAX_US])

const federatedSql = (key: string): string =>
  firstSql(['key', 'verb'], [key, ofVerb('binds')], [key, ofVerb('binds')], 'AND federated')

/**
 * A page of facts (`page`: columns fact, occurred_us, body, first_position and last_position, known up to $1) with what its walk asks, by one statement: who
 * made the callers' tokens, hop by hop, all names of these tokens and what ended them, and of what the makers presented the federated logins and who else
 * presented it.
 */
export function withAhead(page: string): string {
  return `
    WITH RECURSIVE page AS MATERIALIZED (${page}),
    reached (hop, key, fact, first_position, last_position) AS (
      SELECT 0, NULL::uuid, fact, first_position, last_position FROM page WHERE (SELECT count(*) FROM page) <= ${FACTS_MAX}
      UNION
      SELECT hop + 1, token.key, maker.fact, maker.first_position, maker.last_position FROM reached
      CROSS JOIN LATERAL (${keysSql('reached', 'presents')}) AS presented
      CROSS JOIN LATERAL (${namesSql('presented.key')}) AS token (key)
      LEFT JOIN LATERAL (
        SELECT made.fact, f.first_position, f.last_position FROM (${madeSql('token.key')}) AS made
        CROSS JOIN LATERAL (SELECT first_position, last_position FROM access_fact WHERE fact = made.fact OFFSET 0) AS f) AS maker ON true
      WHERE hop < ${HOPS_MAX} AND reached.fact IS NOT NULL),
    token AS MATERIALIZED (SELECT key, max(hop) AS hop FROM reached WHERE key IS NOT NULL GROUP BY key),
    carried (key, verb, fact) AS (
      SELECT DISTINCT key, ${verbNumber('establishes')}, fact FROM reached WHERE key IS NOT NULL AND fact IS NOT NULL
      UNION ALL
      SELECT token.key, ${verbNumber('binds')}, login.fact FROM token CROSS JOIN LATERAL (${federatedSql('token.key')}) AS login
      WHERE token.hop > 1
      UNION ALL
      SELECT token.key, ${verbNumber('presents')}, login.fact FROM token CROSS JOIN LATERAL (${carryingSql('token.key', 'presents')}) AS login
      WHERE token.hop > 1
      UNION ALL
      SELECT token.key, ${verbNumber('ends')}, ended.fact FROM token CROSS JOIN LATERAL (${carryingSql('token.key', 'ends')}) AS ended),
    answer AS MATERIALIZED (SELECT key, verb, array_agg(fact) AS facts FROM carried GROUP BY key, verb)
    SELECT fact AS id, NULL::integer AS verb, NULL AS other, body AS text, last_position, occurred_us FROM page
    UNION ALL
    SELECT NULL, NULL, string_agg(key::text, ','), string_agg(key::text, ',') FILTER (WHERE hop > 1), NULL, NULL FROM token
    UNION ALL
    SELECT key, verb, CASE WHEN cardinality(facts) < ${CARRIED_MAX} THEN array_to_string(facts, ',') END, NULL, NULL, NULL FROM answer
    UNION ALL
    SELECT token.key, NULL, shown.name_key::text, shown.name, NULL, NULL FROM token
    CROSS JOIN LATERAL (SELECT name_key, name FROM access_name WHERE key = token.key AND first_position <= ${POSITION} OFFSET 0) AS shown
    UNION ALL
    SELECT known.fact, NULL, NULL, known.body, known.last_position, NULL
    FROM (SELECT DISTINCT unnest(facts) AS fact FROM answer WHERE cardinality(facts) < ${CARRIED_MAX}) AS wanted
    CROSS JOIN LATERAL (SELECT fact, convert_from(body, 'UTF8') AS body, last_position FROM access_fact WHERE fact = wanted.fact OFFSET 0) AS known`
}

/** Answers that came with a page, by what would be asked. */
export class Ahead {
  private readonly facts = new Map<string, FactRow>()
  /** By key and verb; null: too many. */
  private readonly carried = new Map<string, readonly string[] | null>()
  private readonly names = new Map<Uuid, Shown[]>()
  private tokens: ReadonlySet<Uuid> = new Set()
  /** Of these, those that makers of tokens presented. */
  private claims: ReadonlySet<Uuid> = new Set()

  constructor(rows: readonly AheadRow[]) {
    for (const row of rows) this.add(row)
  }

  private add({ id, verb, other, text, last_position }: AheadRow): void {
    if (id === null) [this.tokens, this.claims] = [keysIn(other), keysIn(text)]
    else if (verb !== null) this.carried.set(`${undashed(id)}${verb}`, other?.split(',') ?? null)
    else if (last_position !== null) this.facts.set(id, { fact: id, body: text ?? '', last_position })
    else this.addName({ key: undashed(id), nameKey: undashed(other ?? ''), name: text as Key })
  }

  private addName(shown: Shown): void {
    const known = this.names.get(shown.key)
    if (known === undefined) this.names.set(shown.key, [shown])
    else known.push(shown)
  }

  /** Undefined: it has to be asked. */
  factsOf({ lookup, verb, key }: AskedLookup): readonly FactRow[] | undefined {
    const { span, first, federated = false } = lookup
    if (span !== undefined || first !== undefined || federated !== (verb === 'binds')) return undefined
    const asked = OF_TOKENS.has(verb) ? this.tokens : CLAIMED.has(verb) ? this.claims : undefined
    if (asked?.has(key) !== true) return undefined
    const facts = this.carried.get(`${key}${verbNumber(verb)}`)
    return facts === undefined ? NONE : facts?.flatMap((fact) => this.facts.get(fact) ?? [])
  }

  /** Undefined: it has to be asked. */
  namesOf({ uuid }: Named): readonly Shown[] | undefined {
    return this.names.get(uuid) ?? (this.tokens.has(uuid) ? NONE : undefined)
  }
}

const OF_TOKENS: ReadonlySet<Verb> = new Set(['establishes', 'ends'])
const CLAIMED: ReadonlySet<Verb> = new Set(['binds', 'presents'])
const NONE: readonly never[] = []

function keysIn(list: string | null): ReadonlySet<Uuid> {
  return new Set(list === null ? [] : undashed(list).split(','))
}
