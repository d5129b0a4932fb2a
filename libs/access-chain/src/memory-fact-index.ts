import {
  equatedBy,
  mergeAll,
  tellingsOf,
  type Activity,
  type Instant,
  type Key,
  type KeyGroup,
  type Verb,
} from '@catena/domain'
import { keyOf } from './evidence.js'
import { effectiveTime, endOf, isFederated, startOf } from './lives.js'
import { LOST_TOGETHER_MS, type AsOf, type ClockBounds, type Coverage, type FactIndex, type Lookup, type Span } from './fact-index.js' // prettier-ignore

/** Observations in memory; `at` gives the index as of one state of knowledge. */
export class MemoryFacts {
  private readonly observations = new Map<string, Activity[]>()

  /** Adds one observation (an activity of one record); repetition and order do not matter. */
  add(activity: Activity): void {
    const known = this.observations.get(activity.factId)
    if (known === undefined) this.observations.set(activity.factId, [activity])
    else known.push(activity)
  }

  at(asOf: AsOf): MemoryFactIndex {
    const facts: Activity[] = []
    const heard: Heard[] = []
    for (const observations of this.observations.values()) {
      const known = observations.filter((observation) =>
        observation.positions.every((position) => position <= asOf.position),
      )
      if (known.length === 0) continue
      const fact = mergeAll(known)
      if (isValid(fact, asOf)) facts.push(fact)
      heard.push(...heardOf(fact).filter(({ at }) => at <= (asOf.validAt ?? Infinity)))
    }
    return new MemoryFactIndex(facts, asOf, heard)
  }
}

interface Heard {
  readonly source: string
  readonly at: Instant
}

/** Of each source that recorded a fact, by its first record of it. */
function heardOf(fact: Activity): Heard[] {
  if (fact.attributes.snapshot === true) return []
  const told = tellingsOf(fact)
  const firsts = told.filter(({ source }, number) => told.findIndex((one) => one.source === source) === number)
  return firsts.map(({ source, occurredAt, heardAt = occurredAt }) => ({ source, at: heardAt }))
}

/** A directory snapshot tells of the time before it was taken, so it counts at any time. */
export function isValid(fact: Activity, asOf: AsOf): boolean {
  return asOf.validAt === undefined || fact.attributes.snapshot === true || fact.occurredAt <= asOf.validAt
}

export class MemoryFactIndex implements FactIndex {
  private readonly byId = new Map<string, Activity>()
  private readonly byKey = new Map<string, Activity[]>()
  private readonly names = new Map<Key, Set<Key>>()

  constructor(
    facts: readonly Activity[],
    readonly asOf: AsOf,
    /** What shows by then that a source lived, whenever it is dated. */
    private readonly heard: readonly Heard[] = facts.flatMap(heardOf),
  ) {
    for (const fact of [...facts].sort(byTime)) {
      this.byId.set(fact.factId, fact)
      for (const group of fact.groups) this.index(fact, group)
    }
  }

  get all(): readonly Activity[] {
    return [...this.byId.values()]
  }

  private index(fact: Activity, group: KeyGroup): void {
    if (group.trust !== 'verified') return
    for (const { key } of group.forms) {
      const slot = `${group.verb} ${key}`
      const facts = this.byKey.get(slot)
      if (facts === undefined) this.byKey.set(slot, [fact])
      else if (facts.at(-1) !== fact) facts.push(fact)
    }
    for (const [a, b] of equatedBy(group)) this.equate([a.key, b.key])
  }

  private equate(keys: readonly Key[]): void {
    const joined = new Set<Key>(keys)
    for (const key of keys) for (const other of this.names.get(key) ?? []) joined.add(other)
    for (const key of joined) this.names.set(key, joined)
  }

  equated(keys: readonly Key[]): Promise<Map<Key, readonly Key[]>> {
    return Promise.resolve(new Map(keys.map((key) => [key, [...(this.names.get(key) ?? [key])].sort()])))
  }

  factsBy(lookups: readonly Lookup[], verb: Verb): Promise<Map<Key, readonly Activity[]>> {
    return Promise.resolve(
      new Map(
        lookups.map(({ key, span, sources, federated, first }) => {
          const found = (this.byKey.get(`${verb} ${key}`) ?? [])
            .filter(isWithin(verb, span))
            .filter((fact) => sources?.includes(fact.source) ?? true)
            .filter((fact) => federated !== true || isFederated(fact))
          return [key, first === undefined ? found : earliest(found, verb, first)]
        }),
      ),
    )
  }

  facts(factIds: readonly string[]): Promise<Map<string, Activity>> {
    const found = factIds.map((id) => this.byId.get(id)).filter((fact) => fact !== undefined)
    return Promise.resolve(new Map(found.map((fact) => [fact.factId, fact])))
  }

  async clockBounds(presenter: string, issuer: string): Promise<ClockBounds> {
    const starts: number[] = []
    const ended: [Activity, number][] = []
    for (const login of this.byId.values()) {
      if (login.source !== presenter || login.attributes.issuer !== issuer) continue
      // A request that repeats its identity may come long after whatever it came from began.
      const key = login.kind === 'login' ? mintedClaim(login) : undefined
      if (key === undefined || madeBy(login) === undefined) continue
      const start = startOf(this.byKey.get(`establishes ${key}`) ?? [])
      if (start !== undefined) starts.push(login.occurredAt - start)
      const end = endOf(this.byKey.get(`ends ${key}`) ?? [])
      if (end !== undefined) ended.push([login, end])
    }
    const leastStart = starts.length === 0 ? undefined : least(starts)
    const lastUses = new Map<Key | undefined, number>()
    for (const [login, end] of ended) {
      const token = madeBy(login)
      const differences = (await this.usesOf(token)).map((use) => use.occurredAt - end)
      const last = greatest(differences.filter((use) => use <= (leastStart ?? Infinity)))
      if (last > -Infinity) lastUses.set(token, Math.max(last, lastUses.get(token) ?? -Infinity))
    }
    const uses = [...lastUses.values()]
    const late = uses.filter((use) => use > 0).length
    const lastUse = { greatest: greatest(uses), late, tokens: uses.length }
    return { leastStart, lastUse: uses.length === 0 ? undefined : lastUse }
  }

  private async usesOf(token: Key | undefined): Promise<Activity[]> {
    if (token === undefined) return []
    const names = (await this.equated([token])).get(token) ?? []
    return [...new Set(names.flatMap((name) => this.byKey.get(`presents ${name}`) ?? []))]
  }

  coverage(source: string): Promise<Coverage | undefined> {
    const times = this.heard.filter((one) => one.source === source).map(({ at }) => at)
    if (times.length === 0) return Promise.resolve(undefined)
    const lost = this.lostOf(source)
    return Promise.resolve({ from: least(times), to: greatest(times), ...(lost.length === 0 ? {} : { lost }) })
  }

  private lostOf(source: string): Span[] {
    const failed = [...this.byId.values()].filter((fact) => fact.source === source && fact.kind === 'not-interpreted')
    const hours = new Map<number, Span>()
    for (const { occurredAt: at } of failed) {
      const hour = Math.trunc(at / LOST_TOGETHER_MS)
      const { from, to } = hours.get(hour) ?? { from: at, to: at }
      hours.set(hour, { from: Math.min(from, at), to: Math.max(to, at) })
    }
    return [...hours.values()]
  }
}

/** The token of a login; where its answer was wrapped, it was made at that login all the same. */
function madeBy(login: Activity): Key | undefined {
  return keyOf(login, 'issued') ?? keyOf(login, 'wrapped')
}

/** The minted key of the issuer that a federated login presented: the narrowest. */
export function mintedClaim(login: Activity): Key | undefined {
  return keyOf(login, 'federated-session') ?? keyOf(login, 'federated-attempt') ?? keyOf(login, 'federated-run')
}

function earliest(facts: readonly Activity[], verb: Verb, count: number): Activity[] {
  const sorted = [...facts].sort((a, b) => effectiveTime(a, verb) - effectiveTime(b, verb))
  return sorted.slice(0, count).sort(byTime)
}

function isWithin(verb: Verb, span: Span | undefined): (fact: Activity) => boolean {
  return (fact) =>
    span === undefined || (effectiveTime(fact, verb) >= span.from && effectiveTime(fact, verb) <= span.to)
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity)
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity)
}

function byTime(a: Activity, b: Activity): number {
  return a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1)
}
