import type { ClockBounds } from '@catena/access-chain'
import type pg from 'pg'
import type { Uuid } from './identity.js'
import { factsThenSql, knownAtSql } from './known-at.js'
import { MAX_US, verbNumber } from './rows.js'

export type Reads = Pick<pg.ClientBase, 'query'>

/** Whose clocks are compared, and what counts: positions up to one, times up to one (µs, as the database takes it). */
export interface Compared {
  readonly presenter: string
  readonly issuer: string
  readonly position: number
  readonly validUs: string | number
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

/** What some tokens gave before, and give now. `use` of both under the start that counted then and counts now. */
export interface Change<T> {
  readonly before: T | undefined
  readonly now: T | undefined
}

/** Above what other statements may take: a pair may have millions of logins, of which a server that has just started holds nothing in memory. */
const SUM_ALL_MS = 10 * 60_000

/** Of all logins, in a transaction, for which the limit is raised. */
export async function sumClocks(reads: Reads, compared: Compared): Promise<ClockSums> {
  await reads.query(`SET LOCAL statement_timeout = ${SUM_ALL_MS}`)
  const start = await leastStart(reads, compared)
  return { start, use: await lastUses(reads, compared, start?.bound) }
}

async function leastStart(reads: Reads, compared: Compared): Promise<Bound | undefined> {
  const { rows } = await reads.query<StartRow>({ text: startsOf(), values: valuesOf(compared) })
  return startIn(rows[0])
}

/** `most`: uses that came later than this after the end contradict the starts, and do not count. */
async function lastUses(reads: Reads, compared: Compared, most: number | undefined): Promise<UseBound | undefined> {
  const { rows } = await reads.query<UseRow>({ text: usesOf(), values: [...valuesOf(compared), most ?? MAX_US] })
  return useIn(rows[0])
}

/** What the logins that made some tokens give, and what they gave before. */
export interface Changed {
  readonly compared: Compared
  /** Each once. */
  readonly tokens: readonly Uuid[]
  /** Position up to which was known before. */
  readonly before: number
}

export async function changedStarts(reads: Reads, { compared, tokens, before }: Changed): Promise<Change<Bound>> {
  const { rows } = await reads.query<StartRow & Told>({ ...CHANGED_STARTS, values: [...valuesOf(compared), tokens, before] })
  return changeIn(rows, startIn)
} // prettier-ignore

/** `most`: of both, as in `lastUses`. */
export async function changedUses(reads: Reads, { compared, tokens, before }: Changed, most: Change<number>): Promise<Change<UseBound>> {
  const limits = [most.now ?? MAX_US, tokens, before, most.before ?? MAX_US]
  const { rows } = await reads.query<UseRow & Told>({ ...CHANGED_USES, values: [...valuesOf(compared), ...limits] })
  return changeIn(rows, useIn)
} // prettier-ignore

interface Told {
  readonly is_now: boolean
}

function changeIn<Row extends Told, T>(rows: readonly Row[], of: (row: Row | undefined) => T | undefined): Change<T> {
  return { before: of(rows.find(({ is_now }) => !is_now)), now: of(rows.find(({ is_now }) => is_now)) }
}

type StartRow = Record<keyof Bound, string>

function startIn(row: StartRow | undefined): Bound | undefined {
  return row === undefined ? undefined : { bound: Number(row.bound), since: Number(row.since) }
}

function useIn(row: UseRow | undefined): UseBound | undefined {
  if (row?.bound == null) return undefined
  return { bound: Number(row.bound), since: Number(row.since), late: row.late, tokens: row.tokens }
}

interface UseRow {
  readonly bound: string | null
  readonly since: string | null
  readonly late: number
  readonly tokens: number
}

function valuesOf({ presenter, issuer, position, validUs }: Compared): unknown[] {
  return [presenter, issuer, position, validUs]
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

/** Parameters of a statement beside the pair ($1, $2) and the time ($4). `tokens`: only logins that made one of these. */
interface Parameters {
  readonly position: string
  readonly tokens?: string
}

const LOGIN = ['fact', 'occurred_us', 'minted', 'issued']
const countsOf = (position: string): string =>
  `source = $1 AND issuer = $2 AND minted IS NOT NULL AND coalesce(paired_position, 0) <= ${position} AND occurred_us <= $4`

/** As they were dated at the position. Tokens are looked up one by one, whatever the planner expects, by a plan that is kept. */
const loginsOf = ({ position, tokens }: Parameters): string => `
  login AS (${tokens === undefined ? factsThenSql(LOGIN, position, countsOf(position)) : ofTokens(position, tokens)})`

const ofTokens = (position: string, parameter: string): string => `
    SELECT ${LOGIN.join(', ')} FROM unnest((SELECT ${parameter}::uuid[])) AS told (token) CROSS JOIN LATERAL (
      ${factsThenSql([...LOGIN, 'source', 'issuer', 'paired_position'], position, 'issued = told.token AND minted IS NOT NULL')} OFFSET 0) AS made
    WHERE ${countsOf(position)}`

const NOW: Parameters = { position: '$3' }

/** Least of login minus start. */
const startsOf = (parameters = NOW): string => `
  WITH ${loginsOf(parameters)}
  SELECT login.occurred_us - start.at_us AS bound, login.occurred_us AS since FROM login
  JOIN LATERAL (
    SELECT min(k.at_us) AS at_us FROM access_key k
    WHERE k.key = login.minted AND k.verb = ${verbNumber('establishes')} AND ${knownAtSql('k', parameters.position)}
  ) start ON start.at_us IS NOT NULL
  ORDER BY 1, 2 LIMIT 1`

/** Of each token the last use minus end that does not contradict the starts (`most`). OFFSET 0: by the index, whatever the planner expects. */
const usesOf = (parameters = NOW, most = '$5'): string => `
  WITH RECURSIVE ${loginsOf(parameters)},
  ended AS (
    SELECT login.issued, login.occurred_us AS login_us, (SELECT min(k.at_us) FROM access_key k
      WHERE k.key = login.minted AND k.verb = ${verbNumber('ends')} AND ${knownAtSql('k', parameters.position)} AND k.at_us <= $4) AS at_us
    FROM login),
  token (issued, key, at_us, login_us) AS (
    SELECT issued, issued, at_us, login_us FROM ended WHERE at_us IS NOT NULL
    UNION
    SELECT token.issued, n.name_key, token.at_us, token.login_us FROM token CROSS JOIN LATERAL (
      SELECT name_key FROM access_name WHERE key = token.key AND first_position <= ${parameters.position} OFFSET 0) n)
  SELECT max(bound) AS bound, (array_agg(since ORDER BY bound DESC, since))[1] AS since,
    (count(*) FILTER (WHERE bound > 0))::int AS late, count(*)::int AS tokens FROM (
  SELECT DISTINCT ON (token.issued) u.at_us - token.at_us AS bound, greatest(u.at_us, token.at_us, token.login_us) AS since
  FROM token CROSS JOIN LATERAL (
    SELECT at_us FROM access_key WHERE key = token.key AND verb = ${verbNumber('presents')} AND ${knownAtSql('access_key', parameters.position)}
      AND at_us <= least($4::bigint, token.at_us + ${most}::bigint) OFFSET 0) u
  ORDER BY token.issued, 1 DESC, 2) last_use`

const toldBy = (now: string, before: string): string =>
  `SELECT true AS is_now, now.* FROM (${now}) AS now UNION ALL SELECT false, before.* FROM (${before}) AS before`

const CHANGED_STARTS = {
  name: 'clock-starts',
  text: toldBy(startsOf({ position: '$3', tokens: '$5' }), startsOf({ position: '$6', tokens: '$5' })),
}
const CHANGED_USES = {
  name: 'clock-uses',
  text: toldBy(usesOf({ position: '$3', tokens: '$6' }, '$5'), usesOf({ position: '$7', tokens: '$6' }, '$8')),
}
