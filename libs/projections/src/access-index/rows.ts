import { effectiveTime, isFederated, mintedClaim } from '@catena/access-chain'
import {
  equatedBy,
  equates,
  isMinted,
  merge,
  namespaceOf,
  type Activity,
  type Key,
  type KeyForm,
  type KeyGroup,
  type Verb,
} from '@catena/domain'
import { addNamed, type CredentialNames } from './credential-names.js'
import { credentialOf, namedCredentialOf, sourceNumber, uuidOf, type Uuid } from './identity.js'

export interface FactRow {
  readonly fact: Uuid
  readonly activity: Activity
}
export interface KeyRow {
  readonly key: Uuid
  readonly verb: number
  readonly fact: Uuid
  readonly source: number
  readonly federated: boolean
  readonly atUs: number
  readonly firstPosition: number
  /** Position from which on another row says it; undefined: it still is so. */
  readonly untilPosition: number | undefined
}
export interface NameRow {
  readonly key: Uuid
  readonly name: Key
  readonly nameKey: Uuid
  readonly firstPosition: number
}
export interface SeenRow {
  readonly firstUs: number
  readonly lastUs: number
  readonly firstPosition: number
}
export interface StandingRow extends SeenRow {
  readonly name: Key
}
export type CredentialRow = SeenRow & CredentialNames

/** What one batch adds. Every map merges by least, greatest or union, so neither order nor repetition of batches can matter. */
export interface Rows {
  readonly facts: Map<Uuid, FactRow>
  /** By key, verb and fact, what records of the fact said of it, one after the other. */
  readonly keys: Map<string, readonly KeyRow[]>
  readonly names: Map<string, NameRow>
  readonly standing: Map<Uuid, StandingRow>
  readonly credentials: Map<Uuid, CredentialRow>
}

export const VERBS: readonly Verb[] = ['establishes', 'binds', 'presents', 'ends', 'describes', 'relates']

export function verbNumber(verb: Verb): number {
  return VERBS.indexOf(verb)
}

/** An observation with the row it belongs to. */
export interface Observed {
  readonly fact: Uuid
  readonly observation: Activity
}

/** Observations of a batch with the rows they belong to; both halves of a request share one look-up of its id. */
export function observe(observations: Iterable<Activity>): Observed[] {
  const uuids = new Map<string, Uuid>()
  const observed: Observed[] = []
  for (const observation of observations) {
    const fact = uuids.get(observation.factId) ?? uuidOf(observation.factId)
    uuids.set(observation.factId, fact)
    observed.push({ fact, observation })
  }
  return observed
}

/** Facts of a batch, merged, before what is known of them already. */
export function foldFacts(observed: readonly Observed[]): Map<Uuid, FactRow> {
  const facts = new Map<Uuid, FactRow>()
  for (const { fact, observation } of observed) {
    const known = facts.get(fact)
    facts.set(fact, { fact, activity: known === undefined ? observation : merge(known.activity, observation) })
  }
  return facts
}

/** Rows of the index; `facts` are merged with what the index held before. */
export function rowsOf(observed: readonly Observed[], facts: Map<Uuid, FactRow>, seenNames: SeenNames): Rows {
  const rows: Rows = { facts, keys: new Map(), names: new Map(), standing: new Map(), credentials: new Map() }
  const keys = new Map<Key, Uuid>()
  for (const one of observed) {
    addKeys(rows, one, keys)
    addCredential(rows, one.observation)
  }
  for (const { activity } of facts.values()) {
    for (const group of activity.groups) addNames(rows, group, seenNames)
  }
  return rows
}

function addKeys(rows: Rows, { fact, observation }: Observed, keys: Map<Key, Uuid>): void {
  for (const group of observation.groups) {
    // One name leads to all others; indexing the first alone keeps a row per fact and observer.
    const name = group.forms[0]?.key
    if (name === undefined || group.trust !== 'verified') continue
    const key = keys.get(name) ?? uuidOf(name)
    keys.set(name, key)
    addKey(rows, key, fact, group.verb, observation)
    if (isListed(group.verb, name)) addStanding(rows, name, key, observation)
  }
}

/** Groups are known by the changes of their members. */
function isListed(verb: Verb, name: Key): boolean {
  return !isMinted(name) && (LISTED.has(verb) || namespaceOf(name) === 'group')
}

const LISTED: ReadonlySet<Verb> = new Set(['binds', 'describes', 'relates'])

function addKey(rows: Rows, key: Uuid, fact: Uuid, verb: Verb, observation: Activity): void {
  const row: KeyRow = {
    key,
    verb: verbNumber(verb),
    fact,
    source: sourceNumber(observation.source),
    federated: isFederated(observation),
    atUs: micros(effectiveTime(observation, verb)),
    firstPosition: observation.positions[0] ?? 0,
    untilPosition: undefined,
  }
  const id = keyId(row)
  const known = rows.keys.get(id)
  rows.keys.set(id, known === undefined ? [row] : inTurn([...known, row]))
}

/** A key, a verb and a fact, whoever observes it. */
export function keyId({ key, verb, fact }: KeyRow): string {
  return `${key}${verb}${fact}`
}

/** What was known by each position: of rows of one key, verb and fact, in any order and however often, those that say something new. */
export function inTurn(rows: readonly KeyRow[]): KeyRow[] {
  const known: KeyRow[] = []
  for (const row of [...rows].sort((a, b) => a.firstPosition - b.firstPosition)) {
    const last = known.at(-1)
    const next = last === undefined ? row : leastKey(last, row)
    if (last !== undefined && isSaid(last, next)) continue
    if (last !== undefined) known.pop()
    if (last !== undefined && last.firstPosition < row.firstPosition)
      known.push({ ...last, untilPosition: row.firstPosition })
    known.push({ ...next, firstPosition: row.firstPosition, untilPosition: undefined })
  }
  return known
}

function leastKey(a: KeyRow, b: KeyRow): KeyRow {
  return {
    ...a,
    source: Math.min(a.source, b.source),
    federated: a.federated || b.federated,
    atUs: Math.min(a.atUs, b.atUs),
  }
}

function isSaid(a: KeyRow, b: KeyRow): boolean {
  return a.source === b.source && a.federated === b.federated && a.atUs === b.atUs
}

function addStanding(rows: Rows, name: Key, key: Uuid, observation: Activity): void {
  rows.standing.set(key, { name, ...widen(rows.standing.get(key), observation) })
}

/** By observation and not by merged fact: a fact's time may still become smaller, and a greatest time could not follow it. */
function addCredential(rows: Rows, observation: Activity): void {
  const target = observation.target
  const credential = target === undefined ? undefined : credentialOf(target)
  if (credential === undefined) return
  const known = rows.credentials.get(credential)
  const row = { activity: observation, namedPosition: observation.positions[0] ?? 0 }
  rows.credentials.set(credential, { ...addNamed(known, row), ...widen(known, observation) })
}

function widen(known: SeenRow | undefined, activity: Activity): SeenRow {
  const at = micros(activity.occurredAt)
  const position = activity.positions[0] ?? 0
  return {
    firstUs: Math.min(known?.firstUs ?? at, at),
    lastUs: Math.max(known?.lastUs ?? at, at),
    firstPosition: Math.min(known?.firstPosition ?? position, position),
  }
}

/** Remembers groups whose names were written before; names are written again only where a position may be smaller. */
export class SeenNames {
  private readonly seen = new Map<string, readonly number[]>()

  constructor(private readonly max: number) {}

  /** True where all the names were seen together, each at an earlier or equal position: then no pair of them can be earlier. */
  has(group: KeyGroup): boolean {
    const id = group.forms.map((form) => form.key).join('\n')
    const known = this.seen.get(id)
    if (known?.every((position, index) => position <= (group.forms[index]?.position ?? 0))) return true
    if (this.seen.size >= this.max) this.seen.clear()
    this.seen.set(
      id,
      group.forms.map((form) => form.position),
    )
    return false
  }
}

function addNames(rows: Rows, group: KeyGroup, seenNames: SeenNames): void {
  if (!equates(group) || seenNames.has(group)) return
  for (const [a, b] of equatedBy(group)) {
    addName(rows, a, b)
    addName(rows, b, a)
  }
}

function addName(rows: Rows, a: KeyForm, b: KeyForm): void {
  const row = {
    key: uuidOf(a.key),
    name: b.key,
    nameKey: uuidOf(b.key),
    firstPosition: Math.max(a.position, b.position),
  }
  const id = row.key + row.nameKey
  const known = rows.names.get(id)
  if (known === undefined || row.firstPosition < known.firstPosition) rows.names.set(id, row)
}

/** Before and after every time that a record may tell, µs. */
export const MIN_US = '-9000000000000000'
export const MAX_US = '9000000000000000'

export function micros(instant: number): number {
  return Math.round(instant * 1000)
}

export interface Pairing {
  readonly issuer: string
  readonly minted: Uuid
  readonly issued: Uuid
  /** Of the record by which both keys were known. */
  readonly position: number
}

/** Columns that only federated logins have: they pair two sources' clocks. */
export function pairingOf(activity: Activity): Pairing | undefined {
  const issuer = activity.attributes.issuer
  if (activity.kind !== 'login' || typeof issuer !== 'string') return undefined
  const claim = mintedClaim(activity)
  const minted = formsOf(activity).find(({ key }) => key === claim)
  // The token of a login whose answer was wrapped was made at that login all the same.
  const made = ['issued', 'wrapped'].map((role) => activity.groups.find((group) => group.role === role))
  const issued = made.find((group) => group !== undefined)?.forms[0]
  if (minted === undefined || issued === undefined) return undefined
  const position = Math.max(minted.position, issued.position)
  return { issuer, minted: uuidOf(minted.key), issued: uuidOf(issued.key), position }
}

function formsOf({ groups }: Activity): readonly KeyForm[] {
  return groups.flatMap(({ forms }) => forms)
}

export function credentialColumns(activity: Activity): { credential: Uuid | undefined; named: Uuid | undefined } {
  const target = activity.target
  if (target === undefined) return { credential: undefined, named: undefined }
  return { credential: credentialOf(target), named: namedCredentialOf(target) }
}
