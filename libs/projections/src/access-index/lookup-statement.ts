import { knownAtSql } from './known-at.js'
import { columnsOf, type Part } from './lookup-columns.js'
import { MAX_US, MIN_US } from './rows.js'

export interface LookupStatement {
  readonly name: string
  readonly text: string
}

const statements = new Map<string, LookupStatement>()

/**
 * Facts of look-ups and names of keys, known up to the position ($1), by one statement, of the parts that are asked for: one that nobody asks for costs
 * as much to set up as several look-ups. Every step is a look-up by an index, whatever the planner believes about the tables: OFFSET 0 keeps it from
 * turning them round. So one plan is as good as another, and to make one costs more than to run it: `(SELECT $1)` hides from the planner how many are
 * asked, which keeps it to one plan for all.
 */
export function lookupStatement(parts: ReadonlySet<Part>): LookupStatement {
  const name = ['access-lookups', ...parts].join('-')
  const known = statements.get(name)
  if (known !== undefined) return known
  const made = { name, text: textOf(parts) }
  statements.set(name, made)
  return made
}

const POSITION = '(SELECT $1::bigint)'

function textOf(parts: ReadonlySet<Part>): string {
  const { length } = columnsOf(parts)
  if (!parts.has('named')) return `WITH ${foundSql(parts)} ${FACTS}`
  const named = namedSql(length + 2)
  return parts.has('facts') ? `WITH ${foundSql(parts)}, ${named} ${FACTS} UNION ALL ${NAMES}` : `WITH ${named} ${NAMES}`
}

/** Facts with the numbers of the look-ups that find them; one that several find is read once. */
function foundSql(parts: ReadonlySet<Part>): string {
  const columns = columnsOf(parts)
  const arrays = columns.map(({ type }, index) => `(SELECT $${index + 2}::${type}[])`)
  return `found AS (
    SELECT carried.fact, string_agg(wanted.number::text, ',') AS numbers
    FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS wanted (${columns.map(({ name }) => name).join(', ')}, number)
    CROSS JOIN LATERAL (${branchesOf(parts).join(' UNION ALL ')}) AS carried
    GROUP BY carried.fact)`
}

/** One for each way to look up. */
function branchesOf(parts: ReadonlySet<Part>): string[] {
  const conditionsOf = { sources: 'wanted.sources IS NULL', federated: 'NOT wanted.federated', first: 'wanted.first IS NULL' }
  const without = (...named: (keyof typeof conditionsOf)[]): string[] =>
    named.filter((part) => parts.has(part)).map((part) => conditionsOf[part])
  const within = parts.has('span')
    ? [`k.at_us BETWEEN coalesce(wanted.from_us, ${MIN_US}) AND coalesce(wanted.to_us, ${MAX_US})`]
    : []
  const select = (...more: string[]): string =>
    `SELECT k.fact FROM access_key k WHERE ${[...more, 'k.key = wanted.key', 'k.verb = wanted.verb', ...within, knownAtSql('k', POSITION)].join(' AND ')}`
  const ways = { sources: ofSources(select, without('federated')), federated: ofFederated(select, parts), first: ofFirst(select) }
  const special = (['sources', 'federated', 'first'] as const).filter((part) => parts.has(part))
  return [`(${select(...without('sources', 'federated', 'first'))} OFFSET 0)`, ...special.map((part) => ways[part])]
} // prettier-ignore

type Select = (...conditions: string[]) => string

/** One by one: for a list of them the planner goes by the key alone and reads every row of a key that thousands of others presented. */
function ofSources(select: Select, conditions: readonly string[]): string {
  return `(SELECT of_source.fact FROM (SELECT DISTINCT unnest(wanted.sources::int[])) AS of (source)
    CROSS JOIN LATERAL (${select(...conditions, 'k.source = of.source')} OFFSET 0) AS of_source)`
}

function ofFederated(select: Select, parts: ReadonlySet<Part>): string {
  const sources = '(wanted.sources IS NULL OR k.source = ANY(wanted.sources::int[]))'
  return `(${select('wanted.federated', 'k.federated', ...(parts.has('sources') ? [sources] : []))} OFFSET 0)`
}

/** A limit alone: nothing asks for the first of some sources, or of federated logins. */
function ofFirst(select: Select): string {
  return `(${select('wanted.first IS NOT NULL')} ORDER BY k.at_us LIMIT wanted.first)`
}

const FACTS = `
  SELECT found.fact AS id, found.numbers AS other, f.body AS text, f.last_position FROM found CROSS JOIN LATERAL (
    SELECT convert_from(body, 'UTF8') AS body, last_position FROM access_fact WHERE fact = found.fact OFFSET 0) AS f`

/** Names are stored both ways round; of two keys that are both asked for, one row tells of both. */
const namedSql = (parameter: number): string => `
  named AS MATERIALIZED (SELECT key FROM unnest((SELECT $${parameter}::uuid[])) AS named (key)),
  near AS MATERIALIZED (
    SELECT named.key, shown.name_key, shown.name FROM named CROSS JOIN LATERAL (
      SELECT name_key, name FROM access_name WHERE key = named.key AND first_position <= ${POSITION} OFFSET 0) AS shown)`

/** With the names of names. */
const NAMES = `
  SELECT key AS id, name_key::text AS other, name AS text, NULL::bigint AS last_position FROM near
  WHERE key < name_key OR name_key NOT IN (SELECT key FROM named)
  UNION ALL
  SELECT further.key, shown.name_key::text, shown.name, NULL
  FROM (SELECT name_key FROM near EXCEPT SELECT key FROM named) AS further (key)
  CROSS JOIN LATERAL (SELECT name_key, name FROM access_name WHERE key = further.key AND first_position <= ${POSITION} OFFSET 0) AS shown`
