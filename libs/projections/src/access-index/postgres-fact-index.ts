import { isValid, type AsOf, type ClockBounds, type Coverage, type FactIndex, type Lookup } from '@catena/access-chain'
import { mergeAll, type Activity, type Key, type Verb } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import type pg from 'pg'
import { dashed, uuidOf, type Uuid } from './identity.js'
import { readTogether, type Answer, type FactRow, type Question } from './lookups.js'
import { namesOf } from './names.js'
import { Together } from './together.js'
import { interpretEvent, type Interpretation } from './project.js'
import { MAX_US, micros, verbNumber } from './rows.js'

/** The access index as of one state of knowledge. Facts that were observed again after the cut are read from the ledger as they stood. */
export class PostgresFactIndex implements FactIndex {
  /** Facts that were read before, by their row's id: at one cut they stay what they are. */
  private readonly known = new Map<string, Activity>()
  private readonly together = new Together<Question, Answer>((asked) =>
    readTogether(this.pool, this.asOf.position, asked),
  )

  constructor(
    private readonly pool: pg.Pool,
    private readonly ledger: Pick<Ledger, 'readAt'>,
    private readonly interpretation: Interpretation,
    readonly asOf: AsOf,
    private readonly once: OnceCache = new OnceCache(),
  ) {}

  equated(keys: readonly Key[]): Promise<Map<Key, readonly Key[]>> {
    return namesOf(keys, async (uuids) => {
      const [answer] = await this.together.ask([{ named: uuids }])
      return answer?.names ?? []
    })
  }

  async factsBy(lookups: readonly Lookup[], verb: Verb): Promise<Map<Key, readonly Activity[]>> {
    const answers = await this.together.ask(lookups.map((lookup) => ({ lookup, verb })))
    const found = new Map<Key, Activity[]>(lookups.map(({ key }) => [key, []]))
    const rows = answers.flatMap((answer) => answer.facts)
    if (rows.length === 0) return found
    const facts = await this.asKnown(rows)
    lookups.forEach(({ key, sources }, number) => {
      for (const row of answers[number]?.facts ?? []) {
        const fact = facts.get(row.fact)
        if (fact !== undefined && (sources?.includes(fact.source) ?? true)) found.get(key)?.push(fact)
      }
    })
    for (const list of found.values()) list.sort(byTime)
    return found
  }

  async facts(factIds: readonly string[]): Promise<Map<string, Activity>> {
    const uuids = factIds.map((id) => dashed(uuidOf(id)))
    const read = await this.factsByUuid(uuids.filter((uuid) => !this.known.has(uuid)))
    const known = uuids.map((uuid) => this.known.get(uuid)).filter((fact) => fact !== undefined)
    return new Map([
      ...read,
      ...known.filter((fact) => isValid(fact, this.asOf)).map((fact) => [fact.factId, fact] as const),
    ])
  }

  /** By fact id. */
  async factsByUuid(facts: readonly Uuid[]): Promise<Map<string, Activity>> {
    if (facts.length === 0) return new Map()
    const { rows } = await this.pool.query<FactRow>({
      name: 'access-facts',
      text: `SELECT fact, convert_from(body, 'UTF8') AS body, last_position FROM access_fact WHERE fact = ANY($1::uuid[]) AND first_position <= $2`,
      values: [facts, this.asOf.position],
    })
    const known = await this.asKnown(rows)
    return new Map([...known.values()].map((fact) => [fact.factId, fact]))
  }

  /** Facts by their row's id, as they stood at the cut; those that are not valid yet are left out. */
  async asKnown(rows: readonly FactRow[]): Promise<Map<string, Activity>> {
    const later = new Map<string, Activity>()
    for (const { fact, body, last_position } of rows) {
      if (this.known.has(fact) || later.has(fact)) continue
      const kept = Number(last_position) <= this.asOf.position ? this.known : later
      kept.set(fact, JSON.parse(body) as Activity)
    }
    for (const [id, fact] of await this.reread(later)) this.known.set(id, fact)
    const known = new Map<string, Activity>()
    for (const { fact: id } of rows) {
      const fact = this.known.get(id)
      if (fact !== undefined && isValid(fact, this.asOf)) known.set(id, fact)
    }
    return known
  }

  private async reread(later: ReadonlyMap<string, Activity>): Promise<[string, Activity][]> {
    if (later.size === 0) return []
    const positions = [...later.values()]
      .flatMap((fact) => fact.positions)
      .filter((position) => position <= this.asOf.position)
    const events = await this.ledger.readAt([...new Set(positions)])
    const observations = new Map(events.map((event) => [event.position, interpretEvent(event, this.interpretation)]))
    return [...later].flatMap(([id, fact]): [string, Activity][] => {
      const own = fact.positions
        .map((position) => observations.get(position))
        .filter((observation) => observation !== undefined)
      return own.length === 0 ? [] : [[id, mergeAll(own)]]
    })
  }

  clockBounds(presenter: string, issuer: string): Promise<ClockBounds> {
    return this.once.get(this.idOf('bounds', presenter, issuer), () => this.queryBounds(presenter, issuer))
  }

  private idOf(...parts: readonly string[]): string {
    return [...parts, this.asOf.position, this.asOf.validAt ?? ''].join(' ')
  }

  private async queryBounds(presenter: string, issuer: string): Promise<ClockBounds> {
    const validUs = this.asOf.validAt === undefined ? MAX_US : micros(this.asOf.validAt)
    const values = [presenter, issuer, this.asOf.position, validUs]
    const starts = await this.pool.query<BoundRow>(STARTS, values)
    const start = starts.rows[0]
    const high = start?.bound ?? null
    const uses = await this.pool.query<BoundRow & { late: number; tokens: number }>(USES, [...values, high ?? MAX_US])
    const [use] = uses.rows
    const { late, tokens } = use ?? { late: 0, tokens: 0 }
    const greatest = use?.bound ?? null
    const settledAt = settledOf(start, use)
    return {
      ...(settledAt === undefined ? {} : { settledAt }),
      leastStart: high === null ? undefined : Number(high) / 1000,
      lastUse: greatest === null ? undefined : { greatest: Number(greatest) / 1000, late, tokens },
    }
  }

  coverage(source: string): Promise<Coverage | undefined> {
    return this.once.get(this.idOf('coverage', source), () => this.queryCoverage(source))
  }

  private async queryCoverage(source: string): Promise<Coverage | undefined> {
    const validUs = this.asOf.validAt === undefined ? MAX_US : micros(this.asOf.validAt)
    const { rows } = await this.pool.query<{ from_us: string | null; to_us: string | null }>({
      name: 'access-coverage',
      text: `SELECT min(occurred_us) AS from_us, max(occurred_us) AS to_us FROM access_fact
        WHERE source = $1 AND first_position <= $2 AND NOT snapshot AND occurred_us <= $3`,
      values: [source, this.asOf.position, validUs],
    })
    const [row] = rows
    if (row?.from_us == null || row.to_us === null) return undefined
    return { from: Number(row.from_us) / 1000, to: Number(row.to_us) / 1000 }
  }
}

/** Sums over all of one state of knowledge never change, so they are computed once. */
export class OnceCache {
  private readonly known = new Map<string, Promise<unknown>>()

  get<T>(id: string, compute: () => Promise<T>): Promise<T> {
    const known = this.known.get(id) as Promise<T> | undefined
    if (known !== undefined) return known
    if (this.known.size >= 1000) this.known.clear()
    const computed = compute()
    this.known.set(id, computed)
    computed.catch(() => this.known.delete(id))
    return computed
  }
}

/** A bound, and the latest moment of what gives it. */
interface BoundRow {
  readonly bound: string | null
  readonly since: string | null
}

/** More knowledge of earlier times only widens bounds. Uses after the end count by their share, which may have been another at any time. */
function settledOf(start: BoundRow | undefined, use: BoundRow | undefined): number | undefined {
  const isByShare = Number(use?.bound ?? 0) > 0 && Number(start?.bound ?? 0) >= 0
  if (isByShare) return undefined
  const moments = [start, use].flatMap((row) => (row?.since == null ? [] : [Number(row.since) / 1000]))
  return Math.max(-MAX_MS, ...moments)
}

/** Later than any record, and its opposite earlier; JSON knows no infinity. */
const MAX_MS = 9e12

const LOGINS = `
  login AS (
    SELECT fact, occurred_us, minted, issued FROM access_fact
    WHERE source = $1 AND issuer = $2 AND minted IS NOT NULL AND first_position <= $3 AND occurred_us <= $4)`

/** Least of login minus start. */
const STARTS = `
  WITH ${LOGINS}
  SELECT login.occurred_us - start.at_us AS bound, login.occurred_us AS since FROM login
  JOIN LATERAL (
    SELECT min(k.at_us) AS at_us FROM access_key k
    WHERE k.key = login.minted AND k.verb = ${verbNumber('establishes')} AND k.first_position <= $3
  ) start ON start.at_us IS NOT NULL
  ORDER BY 1, 2 LIMIT 1`

/** Of each token the last use minus end that does not contradict the starts ($5). */
const USES = `
  WITH RECURSIVE ${LOGINS},
  ended AS (
    SELECT login.issued, login.occurred_us AS login_us, (SELECT min(k.at_us) FROM access_key k
      WHERE k.key = login.minted AND k.verb = ${verbNumber('ends')} AND k.first_position <= $3 AND k.at_us <= $4) AS at_us
    FROM login),
  token (issued, key, at_us, login_us) AS (
    SELECT issued, issued, at_us, login_us FROM ended WHERE at_us IS NOT NULL
    UNION
    SELECT token.issued, n.name_key, token.at_us, token.login_us FROM token JOIN access_name n ON n.key = token.key AND n.first_position <= $3)
  SELECT max(bound) AS bound, (array_agg(since ORDER BY bound DESC, since))[1] AS since,
    (count(*) FILTER (WHERE bound > 0))::int AS late, count(*)::int AS tokens FROM (
  SELECT DISTINCT ON (token.issued) u.at_us - token.at_us AS bound, greatest(u.at_us, token.at_us, token.login_us) AS since FROM token
  JOIN access_key u ON u.key = token.key AND u.verb = ${verbNumber('presents')} AND u.first_position <= $3 AND u.at_us <= $4
  WHERE u.at_us - token.at_us <= $5::bigint
  ORDER BY token.issued, 1 DESC, 2) last_use`

function byTime(a: Activity, b: Activity): number {
  return a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1)
}
