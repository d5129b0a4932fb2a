import { mintedClaim } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { inSnapshot } from '@catena/platform'
import type pg from 'pg'
import { ANEW, carryStart, carryUse } from './carried-sums.js'
import {
  changedStarts,
  changedUses,
  sumClocks,
  type Changed,
  type ClockSums,
  type Compared,
  type Reads,
} from './clock-sums.js'
import { uuidOf, type Uuid } from './identity.js'
import type { Mention } from './mentions.js'
import { MAX_US } from './rows.js'
import { Together } from './together.js'

/** Of what positions after the first up to and with the second tell; undefined where one of them cannot be read, or more are records than are looked through. */
export type Mentions = (after: number, through: number) => Promise<readonly Mention[] | undefined>

export type Pair = Pick<Compared, 'presenter' | 'issuer'>

interface Asked {
  readonly pair: Pair
  readonly position: number
}

interface Carried {
  readonly position: number
  readonly generation: string
  readonly sums: ClockSums
}

interface Served {
  readonly position: number
  /** Other tables after each rebuild. */
  readonly generation: string
}

/** What was recorded between two positions, as all pairs have to know it. */
interface Changes {
  /** A record joined a login that had counted: what its rows told before is gone. */
  readonly isRewritten: boolean
  readonly tokens: readonly Login[]
  /** Of these, those told of by records that joined a fact which was known before. */
  readonly joined: readonly Login[]
}

/** A pair's login, by the token that it made. */
interface Login extends Pair {
  readonly issued: Uuid
}

/** Pairs summed up at once, which may take minutes: whoever asks for anything else meanwhile needs a connection too. */
const SUMMED_AT_ONCE = 3

/** Sums of clocks, carried from one state of knowledge to the next by what was recorded between them. The first one sums up all. */
export class CarriedBounds {
  private readonly carried = new Map<string, Carried>()
  private readonly turns = new Map<string, Promise<unknown>>()
  private readonly carrying = new Together<Asked, ClockSums | undefined>((asked) => this.carryAll(asked))
  private readonly lanes = new Map<number, Promise<unknown>>()
  private lanesTaken = 0
  /** Looked for last; most pairs are carried over the same records. */
  private changes: { readonly id: string; readonly found: Promise<Changes | undefined> } | undefined

  constructor(
    private readonly pool: pg.Pool,
    private readonly mentions: Mentions,
  ) {}

  /** As of all times. One after the other for a pair, so that two do not sum up all at once. */
  at(pair: Pair, position: number): Promise<ClockSums> {
    const id = idOf(pair)
    const before = (this.turns.get(id) ?? Promise.resolve()).catch(() => undefined)
    const isPast = position < (this.carried.get(id)?.position ?? 0)
    if (isPast) return inSnapshot(this.pool, (reads) => sumClocks(reads, { ...pair, position, validUs: MAX_US }))
    const turn = before.then(() => this.next({ pair, position }))
    this.turns.set(id, turn)
    return turn
  }

  private async next(asked: Asked): Promise<ClockSums> {
    const [carried] = this.carried.has(idOf(asked.pair)) ? await this.carrying.ask([asked]) : []
    return carried ?? this.anew(asked)
  }

  /** That may take long: each pair for itself. */
  private anew({ pair, position }: Asked): Promise<ClockSums> {
    return this.inLane(() =>
      inSnapshot(this.pool, async (reads) => {
        const served = await readServed(reads)
        const sums = await sumClocks(reads, { ...pair, position, validUs: MAX_US })
        this.keep(pair, { position, generation: served.generation, sums }, served)
        return sums
      }),
    )
  }

  private inLane<T>(work: () => Promise<T>): Promise<T> {
    const lane = this.lanesTaken++ % SUMMED_AT_ONCE
    const turn = (this.lanes.get(lane) ?? Promise.resolve()).then(work)
    this.lanes.set(lane, turn.catch(() => undefined)) // prettier-ignore
    return turn
  }

  /** Of all pairs that are asked for at once, in one snapshot. */
  private carryAll(asked: readonly Asked[]): Promise<readonly (ClockSums | undefined)[]> {
    return inSnapshot(this.pool, async (reads) => {
      const served = await readServed(reads)
      const sums: (ClockSums | undefined)[] = []
      for (const one of asked) sums.push(await this.carry(reads, served, one))
      return sums
    })
  }

  /** Undefined: what changed does not tell. Rows show all that is served, so all that was recorded since counts as changed. */
  private async carry(reads: Reads, served: Served, { pair, position }: Asked): Promise<ClockSums | undefined> {
    const known = this.carried.get(idOf(pair))
    if (!canCarry(known, served, position)) return undefined
    const changes = await this.changesSince(reads, known.position, served)
    if (changes === undefined || changes.isRewritten || tokensOf(pair, changes.joined).length > 0) return undefined
    const tokens = tokensOf(pair, changes.tokens)
    const changed = { compared: { ...pair, position, validUs: MAX_US }, tokens, before: known.position }
    const sums = tokens.length === 0 ? known.sums : await carrySums(reads, changed, known.sums)
    if (sums !== undefined) this.keep(pair, { position, generation: served.generation, sums }, served)
    return sums
  }

  private keep(pair: Pair, sums: Carried, served: Served): void {
    const known = this.carried.get(idOf(pair))
    const isNewer = known?.generation !== sums.generation || known.position <= sums.position
    if (isNewer && sums.position <= served.position) this.carried.set(idOf(pair), sums)
  }

  /** Once for all pairs. Rows of one generation and position are the same in each snapshot. */
  private changesSince(reads: Reads, position: number, served: Served): Promise<Changes | undefined> {
    const id = [served.generation, position, served.position].join(' ')
    if (this.changes?.id === id) return this.changes.found
    const changes = { id, found: this.look(reads, position, served.position) }
    this.changes = changes
    changes.found.catch(() => (this.changes = this.changes === changes ? undefined : this.changes))
    return changes.found
  }

  private async look(reads: Reads, after: number, through: number): Promise<Changes | undefined> {
    const mentions = await this.mentions(after, through)
    if (mentions === undefined) return undefined
    const { rows } = await reads.query<{ body: string }>({
      ...KNOWN,
      values: [factsOf(mentions), after],
    })
    const known = rows.map(({ body }) => JSON.parse(body) as Activity)
    const facts = new Set(known.map(({ factId }) => factId))
    return {
      isRewritten: known.some((fact) => mintedClaim(fact) !== undefined),
      tokens: await changedTokens(reads, mentions),
      joined: await changedTokens(reads, mentions.filter(({ factId }) => facts.has(factId))), // prettier-ignore
    }
  }
}

function tokensOf({ presenter, issuer }: Pair, logins: readonly Login[]): Uuid[] {
  return logins.flatMap((login) => (login.presenter === presenter && login.issuer === issuer ? [login.issued] : []))
}

async function carrySums(reads: Reads, changed: Changed, known: ClockSums): Promise<ClockSums | undefined> {
  const start = carryStart(known.start, await changedStarts(reads, changed))
  if (start === ANEW) return undefined
  const uses = await changedUses(reads, changed, { before: known.start?.bound, now: start?.bound })
  const use = carryUse(known, start, uses)
  return use === ANEW ? undefined : { start, use }
}

function canCarry(known: Carried | undefined, served: Served, position: number): known is Carried {
  if (known === undefined || known.generation !== served.generation) return false
  return known.position <= position && position <= served.position
}

/** Tokens of logins that these tell of: as logins, by what they presented, or by any name of what they made. */
async function changedTokens(reads: Reads, mentions: readonly Mention[]): Promise<Login[]> {
  if (mentions.length === 0) return []
  const names = new Set(mentions.flatMap(({ keys }) => keys))
  const { rows } = await reads.query<Login>({ ...CHANGED, values: [factsOf(mentions), [...names].map(uuidOf)] })
  return rows
}

function factsOf(mentions: readonly Mention[]): Uuid[] {
  return [...new Set(mentions.map(({ factId }) => factId))].map(uuidOf)
}

/** Facts that were known by a position. */
const KNOWN = {
  name: 'clock-known',
  text: `SELECT known.body FROM unnest((SELECT $1::uuid[])) AS mentioned (fact) CROSS JOIN LATERAL (
    SELECT convert_from(body, 'UTF8') AS body FROM access_fact WHERE fact = mentioned.fact AND first_position <= $2 OFFSET 0) AS known`,
}

/** Every step is a look-up by an index, whatever the planner expects, by a plan that is kept: OFFSET 0, and (SELECT …) around what is asked. */
const CHANGED = {
  name: 'clock-changed',
  text: `
  WITH RECURSIVE named (key) AS (
    SELECT unnest((SELECT $2::uuid[]))
    UNION
    SELECT n.name_key FROM named CROSS JOIN LATERAL (SELECT name_key FROM access_name WHERE key = named.key OFFSET 0) n)
  SELECT DISTINCT login.source AS presenter, login.issuer, login.issued FROM (
    SELECT f.* FROM unnest((SELECT $1::uuid[])) AS told (fact) CROSS JOIN LATERAL (
      SELECT source, issuer, issued FROM access_fact WHERE fact = told.fact AND minted IS NOT NULL OFFSET 0) f
    UNION ALL
    SELECT f.* FROM unnest((SELECT $2::uuid[])) AS told (key) CROSS JOIN LATERAL (
      SELECT source, issuer, issued FROM access_fact WHERE minted = told.key OFFSET 0) f
    UNION ALL
    SELECT f.* FROM named CROSS JOIN LATERAL (
      SELECT source, issuer, issued FROM access_fact WHERE issued = named.key AND minted IS NOT NULL OFFSET 0) f
  ) AS login`,
}

async function readServed(reads: Reads): Promise<Served> {
  const { rows } = await reads.query<{ position: string; generation: string }>(
    `SELECT position, 'access_fact'::regclass::oid::text AS generation FROM projection WHERE name = 'access-index'`,
  )
  return { position: Number(rows[0]?.position ?? 0), generation: rows[0]?.generation ?? '' }
}

function idOf({ presenter, issuer }: Pair): string {
  return `${presenter} ${issuer}`
}
