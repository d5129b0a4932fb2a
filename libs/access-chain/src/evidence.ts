import {
  namespaceOf,
  type Activity,
  type Instant,
  type Key,
  type KeyGroup,
  type SourceInstance,
  type Verb,
} from '@catena/domain'
import { ByVerb } from './by-verb.js'
import type { AsOf, Coverage, FactIndex, Lookup, Span } from './fact-index.js'
import { mergeLookups } from './merge-lookups.js'
import { skewOf, UNBOUNDED, type Skew } from './skew.js'
import { unite } from './unite.js'

/** What the operator declares, and how far rules reach. */
export interface WalkSettings {
  readonly sources: readonly SourceInstance[]
  /** Beyond this difference of clocks, links by windows are at most ambiguous. */
  readonly skewMaxMs: number
  /** Longest life of an identity provider's session where no federation declares one. */
  readonly sessionMaxMs: number
  /** Longest life of a CI run attempt of which no end is seen (GitHub: 35 days). */
  readonly attemptMaxMs: number
  /** A token older than this no longer proves who holds it; undefined: no bound. */
  readonly custodyMaxMs?: number
}

const HOUR_MS = 3_600_000
export const WALK_DEFAULTS = { skewMaxMs: 5_000, sessionMaxMs: 10 * HOUR_MS, attemptMaxMs: 35 * 24 * HOUR_MS }

/**
 * Facts that the chains of one page may need, loaded set by set and then asked synchronously.
 * A key is known here by all its names: asking for one asks for all.
 */
export class Evidence {
  private readonly names = new Map<Key, readonly Key[]>()
  /** Keys whose names were asked for, so that whoever asks meanwhile waits for the same answer. */
  private readonly naming = new Map<Key, Promise<void>>()
  private readonly loaded = new ByVerb<readonly Activity[]>()
  /** What was asked of all names of a key together, until more is loaded. */
  private readonly united = new ByVerb<readonly Activity[]>()
  private readonly complete = new ByVerb<Promise<void>>()
  private readonly skews = new Map<string, Skew>()
  private readonly coverages = new Map<string, Coverage | undefined>()
  readonly asOf: AsOf
  private latest: Instant = -Infinity
  /** What was worked out of all that is loaded, by what it is of, until more is loaded. */
  private readonly worked = new Map<string, Noted<unknown>>()

  constructor(
    private readonly index: FactIndex,
    readonly settings: WalkSettings,
  ) {
    this.asOf = index.asOf
  }

  async loadNames(keys: readonly Key[]): Promise<void> {
    const unknown = [...new Set(keys)].filter((key) => !this.names.has(key))
    if (unknown.length === 0) return
    const wanted = unknown.filter((key) => !this.naming.has(key))
    if (wanted.length > 0) {
      const loading = this.askNames(wanted)
      for (const key of wanted) this.naming.set(key, loading)
    }
    await Promise.all([...new Set(unknown.flatMap((key) => this.naming.get(key) ?? []))])
  }

  private async askNames(keys: readonly Key[]): Promise<void> {
    const equated = await this.index.equated(keys)
    this.forget()
    for (const [key, names] of equated) for (const name of [key, ...names]) this.names.set(name, names)
  }

  /** Loads facts by key and verb; a key of which all was asked before is not asked again. */
  load(verb: Verb, lookups: readonly Lookup[]): Promise<unknown> {
    // Of most facts there is nothing to ask of most kinds, so that this is called far more often than it asks.
    return lookups.length === 0 ? NOTHING : this.loadMerged(verb, mergeLookups(lookups))
  }

  private loadMerged(verb: Verb, lookups: readonly Lookup[]): Promise<unknown> {
    const wanted: Lookup[] = []
    const waitFor = new Set<Promise<void>>()
    for (const lookup of lookups) {
      const known = this.complete.get(verb, lookup.key)
      if (known === undefined) {
        const told = this.index.told?.(lookup, verb)
        if (told === undefined) wanted.push(lookup)
        else this.take(verb, lookup, told)
      } else if (known !== NOTHING) waitFor.add(known)
    }
    if (wanted.length > 0) {
      const loading = this.loadFacts(verb, wanted)
      for (const lookup of wanted) if (isWhole(lookup)) this.complete.set(verb, lookup.key, loading)
      waitFor.add(loading)
    }
    return waitFor.size === 0 ? NOTHING : Promise.all(waitFor)
  }

  private take(verb: Verb, lookup: Lookup, facts: readonly Activity[]): void {
    if (isWhole(lookup)) this.complete.set(verb, lookup.key, NOTHING)
    if (facts.length === 0) return
    this.forget()
    this.add(verb, lookup.key, facts)
  }

  private async loadFacts(verb: Verb, lookups: readonly Lookup[]): Promise<void> {
    const found = await this.index.factsBy(lookups, verb)
    this.forget()
    for (const [key, facts] of found) this.add(verb, key, facts)
  }

  private add(verb: Verb, key: Key, facts: readonly Activity[]): void {
    this.loaded.set(verb, key, unite(this.loaded.get(verb, key) ?? [], facts))
  }

  async loadAllNames(verb: Verb, keys: readonly Key[]): Promise<void> {
    if (keys.length === 0) return
    await this.loadShown(verb, keys)
    await this.loadKnownNames(verb, keys)
  }

  /** The names of these keys, and facts by those that are known already: records mostly show all names of a thing, so that is mostly all. */
  async loadShown(verb: Verb, keys: readonly Key[]): Promise<void> {
    await Promise.all([this.loadNames(keys), this.loadKnownNames(verb, keys)])
  }

  /** Facts by the names of these keys, as far as they were loaded before. */
  loadKnownNames(verb: Verb, keys: readonly Key[]): Promise<unknown> {
    return this.load(verb, keys.flatMap((key) => this.namesOf(key)).map(byKey))
  }

  async loadSkew(presenter: string, issuer: string): Promise<void> {
    const pair = `${presenter} ${issuer}`
    if (this.skews.has(pair)) return
    this.skews.set(pair, skewOf(await this.index.clockBounds(presenter, issuer)))
    this.worked.clear()
  }

  /** Of every source that records the system. */
  async loadCoverage(system: string): Promise<void> {
    const unknown = this.sourcesOf(system).filter(({ id }) => !this.coverages.has(id))
    if (unknown.length === 0) return
    await Promise.all(unknown.map(async ({ id }) => this.coverages.set(id, await this.index.coverage(id))))
    this.worked.clear()
  }

  private forget(): void {
    this.united.clear()
    this.worked.clear()
  }

  namesOf(key: Key): readonly Key[] {
    return this.names.get(key) ?? [key]
  }

  /** One name for all names of a thing. */
  canonical(key: Key): Key {
    return this.namesOf(key)[0] ?? key
  }

  factsBy(key: Key, verb: Verb): readonly Activity[] {
    const known = this.united.get(verb, key) ?? this.uniteNames(key, verb)
    if (verb !== 'ends' || namespaceOf(key) !== 'credential') this.note(known)
    return known
  }

  /** What comes of it is another as of a time before this fact. */
  restsOn(fact: Activity): void {
    this.note([fact])
  }

  /**
   * What comes of the facts, and the latest moment of those that were asked for. As of any later time it would come out the same, but for clocks, coverage
   * and changes of the slot, which are not noted. Directory snapshots count at any time.
   */
  noting<T>(work: () => T): Noted<T> {
    this.latest = -Infinity
    return { made: work(), latest: this.latest }
  }

  /** Many chains ask the same of one session or login: it is worked out once, and each of them has asked for its facts. `id`: of what, and which. */
  once<T>(id: string, work: () => T): T {
    const { latest } = this
    const noted = (this.worked.get(id) as Noted<T> | undefined) ?? this.noting(work)
    this.worked.set(id, noted)
    this.latest = Math.max(latest, noted.latest)
    return noted.made
  }

  private note(facts: readonly Activity[]): void {
    const last = facts.findLast(({ attributes }) => attributes.snapshot !== true)
    if (last !== undefined && last.occurredAt > this.latest) this.latest = last.occurredAt
  }

  private uniteNames(key: Key, verb: Verb): readonly Activity[] {
    let found: readonly Activity[] = []
    for (const name of this.namesOf(key)) found = unite(found, this.loaded.get(verb, name) ?? [])
    this.united.set(verb, key, found)
    return found
  }

  skew(presenter: string, issuer: string): Skew {
    return this.skews.get(`${presenter} ${issuer}`) ?? UNBOUNDED
  }

  skewOf(login: Activity): Skew {
    return this.skew(login.source, issuerOf(login))
  }

  /** A moment of the clock that wrote the login, on the clock of its issuer. */
  timeAtIssuer(login: Activity, at: Instant): Instant {
    return at - this.skewOf(login).best
  }

  /** From when to when any of a system's sources was heard of; undefined: none was. */
  coverage(system: string): Coverage | undefined {
    const known = this.sourcesOf(system).flatMap(({ id }) => this.coverageOf(id) ?? [])
    const [first, ...others] = known
    if (first === undefined) return undefined
    return others.reduce((a, b) => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) }), first)
  }

  /** Of one source, by its id. */
  coverageOf(source: string): Coverage | undefined {
    return this.coverages.get(source)
  }

  /** Are records of a system lost in a span: declared, or not interpreted? Known once its coverage is loaded. */
  hasGap(system: string, { from, to }: Span): boolean {
    const gaps = this.sourcesOf(system).flatMap((source) => [
      ...source.gaps,
      ...(this.coverageOf(source.id)?.lost ?? []),
    ])
    return gaps.some((gap) => gap.from <= to && from <= gap.to)
  }

  /** `<kind>/<scope>` of a configured source. */
  systemOf(id: string): string {
    const source = this.sourceOf(id)
    return source === undefined ? '' : `${source.kind}/${source.scope}`
  }

  sourceOf(id: string): SourceInstance | undefined {
    return this.settings.sources.find((source) => source.id === id)
  }

  /** The configured sources that record a system. */
  sourcesOf(system: string): readonly SourceInstance[] {
    return this.settings.sources.filter((source) => `${source.kind}/${source.scope}` === system)
  }
}

/** What came of some facts, and the latest moment of these. */
interface Noted<T> {
  readonly made: T
  readonly latest: Instant
}

/** All of the key and verb is asked for. */
function isWhole({ span, sources, federated, first }: Lookup): boolean {
  return span === undefined && sources === undefined && federated !== true && first === undefined
}

/** Who made what a key names, among what is loaded. */
export function makersIn(evidence: Evidence): (key: Key) => readonly Activity[] {
  return (key) => evidence.factsBy(key, 'establishes')
}

export function byKey(key: Key): Lookup {
  return { key }
}

const NOTHING = Promise.resolve()

/** The system whose sessions or runs a federated login presents. */
export function issuerOf(login: Activity): string {
  return typeof login.attributes.issuer === 'string' ? login.attributes.issuer : ''
}

/** What the caller merely claims is no key of the walk. */
export function groupOf(fact: Activity, role: string): KeyGroup | undefined {
  return fact.groups.find((group) => group.role === role && group.trust === 'verified')
}

/** One key of the group in that role; its other names are equated. */
export function keyOf(fact: Activity, role: string): Key | undefined {
  return groupOf(fact, role)?.forms[0]?.key
}

export function keysOf(fact: Activity, role: string): Key[] {
  return groupOf(fact, role)?.forms.map((form) => form.key) ?? []
}
