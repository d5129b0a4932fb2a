import type { ClockBounds } from '@catena/access-chain'
import type pg from 'pg'
import type { Uuid } from './identity.js'
import { MAX_US, verbNumber } from './rows.js'

export type Reads = Pick<pg.ClientBase, 'query'>

/** Whose clocks are compared, and what counts: positions up to one, times up to one (µs, as the database takes it). */
export interface Compared {
  readonly presenter: string
  readonly issuer: string
  readonly position: number
  readonly validUs: string | number
  /** Only logins that made one of these tokens. */
  readonly tokens?: readonly Uuid[] | undefined
}

/** A bound, and the latest moment of what gives it; of equal bounds the earliest such moment. µs. */
export interface Bound {
  readonly bound: number
  readonly since: number
}

/** `late`: tokens of which the last use came after the end. */
export interface UseBound extends Bound {
  readonly late: number
  readonly tokens: number
}

export interface ClockSums {
  readonly start: Bound | undefined
  readonly use: UseBound | undefined
}

/** Above what other statements may take: a pair may have millions of logins, of which a server that has just started holds nothing in memory. */
const SUM_ALL_MS = 10 * 60_000

/** Of all logins, in a transaction, for which the limit is raised. */
export async function sumClocks(reads: Reads, compared: Omit<Compared, 'tokens'>): Promise<ClockSums> {
  await reads.query(`SET LOCAL statement_timeout = ${SUM_ALL_MS}`)
  const start = await leastStart(reads, compared)
  return { start, use: await lastUses(reads, compared, start?.bound) }
}

export async function leastStart(reads: Reads, compared: Compared): Promise<Bound | undefined> {
  const statement = compared.tokens === undefined ? { text: startsOf() } : STARTS_OF_TOKENS
  const { rows } = await reads.query<Record<keyof Bound, string>>({ ...statement, values: valuesOf(compared) })
  const [row] = rows
  return row === undefined ? undefined : { bound: Number(row.bound), since: Number(row.since) }
}

/** `most`: uses that came later than this after the end contradict the starts, and do not count. */
export async function lastUses(reads: Reads, compared: Compared, most?: number): Promise<UseBound | undefined> {
  const statement = compared.tokens === undefined ? { text: usesOf() } : USES_OF_TOKENS
  const values = valuesOf(compared)
  const all = [...values.slice(0, 4), most ?? MAX_US, ...values.slice(4)]
  const { rows } = await reads.query<UseRow>({ ...statement, values: all })
  const [row] = rows
  if (row?.bound == null) return undefined
  return { bound: Number(row.bound), since: Number(row.since), late: row.late, tokens: row.tokens }
}

interface UseRow {
  readonly bound: string | null
  readonly since: string | null
  readonly late: number
  readonly tokens: number
}

function valuesOf({ presenter, issuer, position, validUs, tokens }: Compared): unknown[] {
  return [presenter, issuer, position, validUs, ...(tokens === undefined ? [] : [tokens])]
}

export function boundsOf({ start, use }: ClockSums): ClockBounds {
  const settledAt = settledOf(start, use)
  return {
    ...(settledAt === undefined ? {} : { settledAt }),
    leastStart: start === undefined ? undefined : start.bound / 1000,
    lastUse: use === undefined ? undefined : { greatest: use.bound / 1000, late: use.late, tokens: use.tokens },
  }
}

/** More knowledge of earlier times only widens bounds. Uses after the end count by their share, which may have been another at any time. */
function settledOf(start: Bound | undefined, use: Bound | undefined): number | undefined {
  const isByShare = (use?.bound ?? 0) > 0 && (start?.bound ?? 0) >= 0
  if (isByShare) return undefined
  const moments = [start, use].flatMap((bound) => (bound === undefined ? [] : [bound.since / 1000]))
  return Math.max(-MAX_MS, ...moments)
}

/** Later than any record, and its opposite earlier; JSON knows no infinity. */
const MAX_MS = 9e12

const COUNTS = 'source = $1 AND issuer = $2 AND minted IS NOT NULL AND first_position <= $3 AND occurred_us <= $4'

/** `tokens`: the number of the parameter that holds them, each once; they are looked up one by one, whatever the planner expects, by a plan that is kept. */
const loginsOf = (tokens?: number): string => `
  login AS (
    SELECT fact, occurred_us, minted, issued FROM ${tokens === undefined ? 'access_fact' : ofTokens(tokens)} WHERE ${COUNTS})`

const ofTokens = (parameter: number): string => `
    unnest((SELECT $${parameter}::uuid[])) AS told (token) CROSS JOIN LATERAL (
      SELECT fact, occurred_us, minted, issued, source, issuer, first_position FROM access_fact
      WHERE issued = told.token AND minted IS NOT NULL OFFSET 0) AS made`

/** Least of login minus start. */
const startsOf = (tokens?: number): string => `
  WITH ${loginsOf(tokens)}
  SELECT login.occurred_us - start.at_us AS bound, login.occurred_us AS since FROM login
  JOIN LATERAL (
    SELECT min(k.at_us) AS at_us FROM access_key k
    WHERE k.key = login.minted AND k.verb = ${verbNumber('establishes')} AND k.first_position <= $3
  ) start ON start.at_us IS NOT NULL
  ORDER BY 1, 2 LIMIT 1`

/** Of each token the last use minus end that does not contradict the starts ($5). OFFSET 0: by the index, whatever the planner expects. */
const usesOf = (tokens?: number): string => `
  WITH RECURSIVE ${loginsOf(tokens)},
  ended AS (
    SELECT login.issued, login.occurred_us AS login_us, (SELECT min(k.at_us) FROM access_key k
      WHERE k.key = login.minted AND k.verb = ${verbNumber('ends')} AND k.first_position <= $3 AND k.at_us <= $4) AS at_us
    FROM login),
  token (issued, key, at_us, login_us) AS (
    SELECT issued, issued, at_us, login_us FROM ended WHERE at_us IS NOT NULL
    UNION
    SELECT token.issued, n.name_key, token.at_us, token.login_us FROM token CROSS JOIN LATERAL (
      SELECT name_key FROM access_name WHERE key = token.key AND first_position <= $3 OFFSET 0) n)
  SELECT max(bound) AS bound, (array_agg(since ORDER BY bound DESC, since))[1] AS since,
    (count(*) FILTER (WHERE bound > 0))::int AS late, count(*)::int AS tokens FROM (
  SELECT DISTINCT ON (token.issued) u.at_us - token.at_us AS bound, greatest(u.at_us, token.at_us, token.login_us) AS since
  FROM token CROSS JOIN LATERAL (
    SELECT at_us FROM access_key WHERE key = token.key AND verb = ${verbNumber('presents')} AND first_position <= $3
      AND at_us <= least($4::bigint, token.at_us + $5::bigint) OFFSET 0) u
  ORDER BY token.issued, 1 DESC, 2) last_use`

const STARTS_OF_TOKENS = { name: 'clock-starts', text: startsOf(5) }
const USES_OF_TOKENS = { name: 'clock-uses', text: usesOf(6) }
