import type { Lookup } from '@catena/access-chain'
import type { Key, Verb } from '@catena/domain'
import type pg from 'pg'
import { sourceNumber, uuidOf, type Uuid, undashed } from './identity.js'
import { MAX_US, micros, MIN_US, verbNumber } from './rows.js'

/** Facts that carry the key of a look-up by the verb. */
export interface AskedLookup {
  readonly lookup: Lookup
  readonly verb: Verb
}

/** A key whose names are asked for. */
export interface Named {
  readonly uuid: Uuid
  readonly name: Key
}

/** Facts that a look-up finds, or names shown with keys. */
export type Question = AskedLookup | { readonly named: readonly Named[] }

/** One fact as its row holds it. */
export interface FactRow {
  readonly fact: string
  readonly body: string
  readonly last_position: string
}

/** A name shown with a key. */
export interface Shown {
  readonly key: Uuid
  readonly nameKey: Uuid
  readonly name: Key
}

/** Of a look-up the facts, of keys their names and the names of those. */
export interface Answer {
  readonly facts: readonly FactRow[]
  readonly names: readonly Shown[]
}

/**
 * Facts of look-ups and names of keys, known up to the position, by one statement. Every step is a look-up by an index, whatever the planner
 * believes about the tables: OFFSET 0 keeps it from turning them round. Sources are asked for one by one, because for a list of them the planner
 * goes by the key alone and reads every row of a key that thousands of others presented. A fact that several find is read once. So one plan is as
 * good as another, and to make one costs more than to run it: `(SELECT $1)` hides from the planner how many are asked, which keeps it to one plan
 * for all. Names are stored both ways round; of two keys that are both asked for, one row tells of both.
 */
const LOOKUPS = `
  WITH wanted AS (
    SELECT number, key, verb, coalesce(from_us, ${MIN_US}) AS from_us, coalesce(to_us, ${MAX_US}) AS to_us, sources::int[] AS sources, federated, first
    FROM unnest((SELECT $1::uuid[]), (SELECT $2::smallint[]), (SELECT $3::bigint[]), (SELECT $4::bigint[]), (SELECT $5::text[]), (SELECT $6::boolean[]),
      (SELECT $9::integer[])) WITH ORDINALITY AS asked (key, verb, from_us, to_us, sources, federated, first, number)),
  known AS (SELECT (SELECT $8::bigint) AS position),
  found AS (
    SELECT carried.fact, string_agg(wanted.number::text, ',') AS numbers FROM known CROSS JOIN wanted CROSS JOIN LATERAL (
      (SELECT fact FROM access_key k WHERE NOT wanted.federated AND wanted.sources IS NULL AND wanted.first IS NULL
        AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= known.position OFFSET 0)
      UNION ALL
      (SELECT k.fact FROM (SELECT DISTINCT unnest(wanted.sources)) AS of (source) CROSS JOIN LATERAL (
        SELECT fact FROM access_key k WHERE NOT wanted.federated AND k.source = of.source
          AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= known.position OFFSET 0) AS k)
      UNION ALL
      (SELECT fact FROM access_key k WHERE wanted.federated AND k.federated AND (wanted.sources IS NULL OR k.source = ANY(wanted.sources))
        AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= known.position OFFSET 0)
      UNION ALL
      (SELECT fact FROM access_key k WHERE wanted.first IS NOT NULL
        AND k.key = wanted.key AND k.verb = wanted.verb AND k.at_us BETWEEN wanted.from_us AND wanted.to_us AND k.first_position <= known.position
        ORDER BY k.at_us LIMIT wanted.first)
    ) AS carried
    GROUP BY carried.fact),
  named AS MATERIALIZED (SELECT key FROM unnest((SELECT $7::uuid[])) AS named (key)),
  near AS MATERIALIZED (
    SELECT named.key, shown.name_key, shown.name FROM known CROSS JOIN named CROSS JOIN LATERAL (
      SELECT name_key, name FROM access_name WHERE key = named.key AND first_position <= known.position OFFSET 0) AS shown)
  SELECT found.fact AS id, found.numbers AS other, f.body AS text, f.last_position FROM found CROSS JOIN LATERAL (
    SELECT convert_from(body, 'UTF8') AS body, last_position FROM access_fact WHERE fact = found.fact OFFSET 0) AS f
  UNION ALL
  SELECT key, name_key::text, name, NULL FROM near WHERE key < name_key OR name_key NOT IN (SELECT key FROM named)
  UNION ALL
  SELECT further.key, shown.name_key::text, shown.name, NULL
  FROM known CROSS JOIN (SELECT name_key FROM near EXCEPT SELECT key FROM named) AS further (key)
  CROSS JOIN LATERAL (SELECT name_key, name FROM access_name WHERE key = further.key AND first_position <= known.position OFFSET 0) AS shown`

/** A fact's row, with the numbers of those who asked for it, or a name's, which has no position. */
interface Row {
  readonly id: string
  readonly other: string
  readonly text: string
  readonly last_position: string | null
}

/** One answer per question, in their order. */
export async function readTogether(
  pool: pg.Pool,
  position: number,
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const lookups = questions.filter((question) => 'lookup' in question)
  const asked = questions.flatMap((question) => ('named' in question ? question.named : []))
  const named = new Map(asked.map(({ uuid, name }) => [uuid, name]))
  const values = [...lookupValues(lookups), arrayOf([...named.keys()]), position, firstOf(lookups)]
  const { rows } = await pool.query<Row>({ name: 'access-lookups', text: LOOKUPS, values })
  const facts = factsOf(rows)
  const shown = shownOf(rows, named)
  let number = 0
  return questions.map((question) =>
    'lookup' in question
      ? { facts: facts[number++] ?? NONE, names: NONE }
      : { facts: NONE, names: namesFrom(shown, question.named) },
  )
}

const NONE: readonly never[] = []

function lookupValues(lookups: readonly AskedLookup[]): string[] {
  return [
    arrayOf(lookups.map(({ lookup }) => uuidOf(lookup.key))),
    arrayOf(lookups.map(({ verb }) => verbNumber(verb))),
    arrayOf(lookups.map(({ lookup: { span } }) => (span === undefined ? 'NULL' : micros(span.from)))),
    arrayOf(lookups.map(({ lookup: { span } }) => (span === undefined ? 'NULL' : micros(span.to)))),
    arrayOf(lookups.map(({ lookup: { sources } }) => (sources === undefined ? 'NULL' : numbersOf(sources)))),
    arrayOf(lookups.map(({ lookup }) => lookup.federated === true)),
  ]
}

function numbersOf(sources: readonly string[]): string {
  return `"{${sources.map(sourceNumber).join(',')}}"`
}

/** A limit alone: nothing asks for the first of some sources, or of federated logins. */
function firstOf(lookups: readonly AskedLookup[]): string {
  return arrayOf(lookups.map(({ lookup }) => lookup.first ?? 'NULL'))
}

/** As PostgreSQL reads it; none of the items needs quotes that it does not have. */
function arrayOf(items: readonly (string | number | boolean)[]): string {
  return `{${items.join(',')}}`
}

/** Per look-up; nothing at the places of those that found nothing, which are most. */
function factsOf(rows: readonly Row[]): FactRow[][] {
  const found: FactRow[][] = []
  for (const { id, other, text, last_position } of rows) {
    if (last_position === null) continue
    const row = { fact: id, body: text, last_position }
    for (const number of other.split(',')) (found[Number(number) - 1] ??= []).push(row)
  }
  return found
}

/** By key, and where both were asked for, by whomever, by the name's key too: the one row tells only one of the names. */
function shownOf(rows: readonly Row[], named: ReadonlyMap<Uuid, Key>): Map<Uuid, Shown[]> {
  const shown = new Map<Uuid, Shown[]>()
  const add = (key: Uuid, row: Shown): void => {
    const known = shown.get(key)
    if (known === undefined) shown.set(key, [row])
    else known.push(row)
  }
  for (const { id, other, text, last_position } of rows) {
    if (last_position !== null) continue
    const row = { key: undashed(id), nameKey: undashed(other), name: text as Key }
    add(row.key, row)
    const name = named.get(row.key)
    if (name !== undefined && named.has(row.nameKey)) add(row.nameKey, { key: row.nameKey, nameKey: row.key, name })
  }
  return shown
}

/** Each row once, however many of the keys lead to it. */
function namesFrom(shown: ReadonlyMap<Uuid, readonly Shown[]>, named: readonly Named[]): Shown[] {
  const near = named.flatMap(({ uuid }) => shown.get(uuid) ?? [])
  const reached = new Set([...named.map(({ uuid }) => uuid), ...near.flatMap(({ key, nameKey }) => [key, nameKey])])
  return [...new Set([...reached].flatMap((key) => shown.get(key) ?? []))]
}
