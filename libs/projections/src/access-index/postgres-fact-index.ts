import { isValid, type AsOf, type ClockBounds, type Coverage, type FactIndex, type Lookup } from '@catena/access-chain'
import { mergeAll, type Activity, type Key, type Verb } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import { inSnapshot } from '@catena/platform'
import type pg from 'pg'
import type { CarriedBounds } from './carried-bounds.js'
import { boundsOf, sumClocks } from './clock-sums.js'
import { readCoverages } from './coverages.js'
import { dashed, uuidOf, type Uuid } from './identity.js'
import type { KeyFilter } from './key-filter.js'
import type { Ahead } from './look-ahead.js'
import type { AskedLookup } from './lookup-columns.js'
import { readTogether, type Answer, type FactRow, type Named, type Question } from './lookups.js'
import { namesOf } from './names.js'
import { Together } from './together.js'
import { interpretEvent, type Interpretation } from './project.js'
import { MAX_US, micros, verbNumber } from './rows.js'

/** The access index as of one state of knowledge. Facts that were observed again after the cut are read from the ledger as they stood. */
export class PostgresFactIndex implements FactIndex {
  /** Facts that were read before, by their row's id: at one cut they stay what they are. */
  private readonly known = new Map<string, Activity>()
  private readonly uuids = new Map<Key, Uuid>()
  private ahead: Ahead | undefined
  private readonly together = new Together<Question, Answer>((asked) =>
    readTogether(this.pool, this.asOf.position, asked),
  )
  private readonly covered = new Together<string, Coverage | undefined>((sources) =>
    readCoverages(this.pool, this.asOf, sources),
  )

  constructor(
    private readonly pool: pg.Pool,
    private readonly ledger: Pick<Ledger, 'readAt'>,
    private readonly interpretation: Interpretation,
    readonly asOf: AsOf,
    private readonly kept: KeptSums = { once: new OnceCache() },
  ) {}

  equated(keys: readonly Key[]): Promise<Map<Key, readonly Key[]>> {
    return namesOf(keys, async (named) => {
      const known = named.map((one) => this.ahead?.namesOf(one))
      const [answer] = await this.together.ask(questionOf(named.filter((_, number) => known[number] === undefined)))
      return [...known.flatMap((names) => names ?? []), ...(answer?.names ?? [])]
    })
  }

  /** Takes answers that came with a page, so that nobody asks for them. */
  takeAhead(ahead: Ahead): void {
    this.ahead = ahead
  }

  told(lookup: Lookup, verb: Verb): readonly Activity[] | undefined {
    const asked = { lookup, verb, key: this.uuidOf(lookup.key) }
    if (!this.mayFind(asked)) return NONE
    const facts = this.ahead?.factsOf(asked)?.map((row) => this.parsed(row))
    if (facts?.every((fact) => fact !== undefined) !== true) return undefined
    return facts.filter((fact) => isAsked(lookup, fact) && isValid(fact, this.asOf)).sort(byTime)
  }

  async factsBy(lookups: readonly Lookup[], verb: Verb): Promise<Map<Key, readonly Activity[]>> {
    const found = new Map<Key, Activity[]>(lookups.map(({ key }) => [key, []]))
    const wanted: AskedLookup[] = []
    for (const lookup of lookups) {
      const told = this.told(lookup, verb)
      if (told === undefined) wanted.push({ lookup, verb, key: this.uuidOf(lookup.key) })
      else found.get(lookup.key)?.push(...told)
    }
    if (wanted.length === 0) return found
    const answers = await this.together.ask(wanted)
    const facts = await this.asKnown(answers.flatMap((answer) => answer.facts))
    wanted.forEach(({ lookup }, number) => {
      for (const row of answers[number]?.facts ?? NONE) {
        const fact = facts.get(row.fact)
        if (fact !== undefined && isAsked(lookup, fact)) found.get(lookup.key)?.push(fact)
      }
    })
    for (const list of found.values()) list.sort(byTime)
    return found
  }

  /** Hashed once, however often it is asked for. */
  private uuidOf(key: Key): Uuid {
    const known = this.uuids.get(key) ?? uuidOf(key)
    this.uuids.set(key, known)
    return known
  }

  private mayFind({ verb, key }: AskedLookup): boolean {
    const { keys } = this.kept
    return keys?.mayCarry(this.asOf.position, key, verbNumber(verb)) ?? true
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
    for (const row of rows)
      if (this.parsed(row) === undefined && !later.has(row.fact)) later.set(row.fact, JSON.parse(row.body) as Activity)
    for (const [id, fact] of await this.reread(later)) this.known.set(id, fact)
    const known = new Map<string, Activity>()
    for (const { fact: id } of rows) {
      const fact = this.known.get(id)
      if (fact !== undefined && isValid(fact, this.asOf)) known.set(id, fact)
    }
    return known
  }

  /** Undefined: it was observed again after the cut, and has to be read as it stood. */
  private parsed({ fact, body, last_position }: FactRow): Activity | undefined {
    const known = this.known.get(fact)
    if (known !== undefined || Number(last_position) > this.asOf.position) return known
    const parsed = JSON.parse(body) as Activity
    this.known.set(fact, parsed)
    return parsed
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
    return this.kept.once.get(this.idOf('bounds', presenter, issuer), () => this.queryBounds(presenter, issuer))
  }

  private idOf(...parts: readonly string[]): string {
    return [...parts, this.asOf.position, this.asOf.validAt ?? ''].join(' ')
  }

  private async queryBounds(presenter: string, issuer: string): Promise<ClockBounds> {
    const { position, validAt } = this.asOf
    const { bounds: carried, once } = this.kept
    const pair = { presenter, issuer }
    if (carried !== undefined) {
      const sums = await once.get(['sums', presenter, issuer, position].join(' '), () => carried.at(pair, position))
      const bounds = boundsOf(sums)
      // What gives them had happened by then, so they were the same.
      if (validAt === undefined || (bounds.settledAt ?? Infinity) <= validAt) return bounds
    }
    const validUs = validAt === undefined ? MAX_US : micros(validAt)
    return boundsOf(await inSnapshot(this.pool, (reads) => sumClocks(reads, { ...pair, position, validUs })))
  }

  coverage(source: string): Promise<Coverage | undefined> {
    return this.kept.once.get(this.idOf('coverage', source), async () => (await this.covered.ask([source]))[0])
  }
}

/** What outlives one state of knowledge; without `bounds` clocks are summed up for each, without `keys` everything is asked. */
export interface KeptSums {
  readonly once: OnceCache
  readonly bounds?: CarriedBounds
  readonly keys?: KeyFilter
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

  /** What was summed up over an index that was built anew since may be otherwise. */
  clear(): void {
    this.known.clear()
  }
}

const NONE: readonly never[] = []

function questionOf(named: readonly Named[]): Question[] {
  return named.length === 0 ? [] : [{ named }]
}

function isAsked({ sources }: Lookup, { source }: Activity): boolean {
  return sources?.includes(source) ?? true
}

function byTime(a: Activity, b: Activity): number {
  return a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1)
}
