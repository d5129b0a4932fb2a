import type { FactIndex } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { cutAt, type Ledger } from '@catena/ledger'
import { transaction } from '@catena/platform'
import { interpretEvent, type AccessReader, type Interpretation, type KnownAsOf } from '@catena/projections'
import type pg from 'pg'
import { fillRows } from './fill-rows.js'
import { findAffected } from './find-affected.js'
import { markAll, markLost, markStale, markTargets } from './mark-stale.js'
import { credentialsOfSpoken } from './spoken-of.js'
import { NO_SURROUNDINGS, surroundingsOf, type Surroundings } from './surroundings.js'
import type { Walked } from './retrieval-row.js'
import type { OpenWalkers } from './stretch-walkers.js'
import { walkEvery } from './walk-every.js'
import { walkRetrievals } from './walk-retrievals.js'
import { writeRetrievals } from './write-retrievals.js'

export const SUMMARY_CHECKPOINT = 'access-summary'
/** Raised when rows would come out differently. */
export const SUMMARY_VERSION = 12
/** Entries of the ledger followed in one transaction. */
const EVENTS_MAX = 2_000
/** Chains walked at once. */
const WALKED_AT_ONCE = 400
/** Retrievals from which on they are walked in threads beside this one. */
const BESIDE_FROM = 20_000

export interface SummarySource {
  readonly reader: AccessReader
  readonly ledger: Pick<Ledger, 'read'>
  readonly interpretation: Interpretation
  /** Opens threads that walk what is made from nothing; where there are none it is walked here. */
  readonly openWalkers?: (() => OpenWalkers) | undefined
}

/** Another process moved the checkpoint. */
export class SummaryMoved extends Error {}

interface Stand {
  readonly version: string
  readonly position: number
  readonly surroundings: Surroundings
}

/**
 * Follows the access index: walks anew the retrievals whose chain may have changed, and moves the sums. Every row is what the walk says as of the
 * position that the checkpoint names. Returns that position, and whether there is more to follow now.
 */
export async function followIndex(
  client: pg.Client,
  source: SummarySource,
): Promise<{ position: number; more: boolean }> {
  const index = await indexStand(client)
  const own = await ownStand(client)
  if (own?.version !== index.version) return { position: await fillAnew(client, source, index), more: true }
  if (own.position >= index.position) return { position: own.position, more: false }
  const position = Math.min(own.position + EVENTS_MAX, index.position)
  const activities = await observedIn(source, own.position, position)
  // What nobody observed, such as decisions, changes no chain and nothing that chains rest on.
  if (activities.length === 0) await moveOn(client, own, { ...own, position })
  else await walkReached(client, source, own, { position, activities })
  return { position, more: position < index.position }
}

/**
 * As the clocks of the same reader see them: they are read and interpreted once for both, and decisions not at all, however many there are. Where a
 * record cannot be read any more, what the others tell.
 */
async function observedIn(
  { reader, ledger, interpretation }: SummarySource,
  after: number,
  through: number,
): Promise<readonly Activity[]> {
  const shared = await reader.observations(after, through)
  if (shared !== undefined) return shared
  const events = await ledger.read(after, through - after)
  return events.flatMap((event) => interpretEvent(event, interpretation) ?? [])
}

async function walkReached(
  client: pg.Client,
  source: SummarySource,
  own: Stand,
  { position, activities }: { readonly position: number; readonly activities: readonly Activity[] },
): Promise<void> {
  const asOf = await source.reader.asOf({ knownAt: cutAt(position) })
  const facts = source.reader.index(asOf)
  const { sources } = source.interpretation
  const now = await surroundingsOf(facts, sources)
  await transaction(client, async () => {
    await moveOn(client, own, { ...own, position, surroundings: now })
    const told = await asKnown(facts, activities)
    const known = { index: facts, earlier: source.reader.index({ ...asOf, position: own.position }) }
    const { settings } = source.reader
    const affected = await findAffected(client, known, { activities: told, before: own.surroundings, now, settings })
    if (affected === 'all') await walkAll(client, source, asOf)
    else await walkAgain(client, source, asOf, [...affected])
    const spokenOf = await credentialsOfSpoken(client, { facts, reader: source.reader, asOf }, activities)
    await markStale(client, { credentials: spokenOf }, position)
    await markTargets(client, activities, position)
    await markLost(client, sources, known, { activities, position })
  })
}

/** A record may say little of a fact that others told all of: a request whose answer came before it. So each is taken with all that is known of its fact. */
async function asKnown(facts: FactIndex, activities: readonly Activity[]): Promise<Activity[]> {
  const known = await facts.facts([...new Set(activities.map(({ factId }) => factId))])
  return [...activities, ...known.values()]
}

/** In one transaction: readers have the old rows until it commits. */
function fillAnew(
  client: pg.Client,
  source: SummarySource,
  index: { version: string; position: number },
): Promise<number> {
  return transaction(client, async () => {
    const asOf = await source.reader.asOf({ knownAt: cutAt(index.position) })
    const surroundings = await surroundingsOf(source.reader.index(asOf), source.interpretation.sources)
    await client.query(
      `INSERT INTO governance.checkpoint (name, version, position, surroundings) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET version = $2, position = $3, surroundings = $4`,
      [SUMMARY_CHECKPOINT, index.version, index.position, JSON.stringify(surroundings)],
    )
    await fillBeside(client, source, asOf)
    await markAll(client, index.position)
    return index.position
  })
}

/** Threads are begun only for what takes longer than to begin them. */
async function fillBeside(client: pg.Client, { reader, openWalkers }: SummarySource, asOf: KnownAsOf): Promise<void> {
  if (openWalkers === undefined || !(await reader.hasRetrievals(BESIDE_FROM))) return fillRows(client, reader, asOf)
  const walkers = openWalkers()
  try {
    await fillRows(client, reader, asOf, { walkers })
  } finally {
    await walkers.end()
  }
}

/** What changed reaches too far to be told. */
function walkAll(client: pg.Client, { reader }: SummarySource, asOf: KnownAsOf): Promise<void> {
  return walkEvery(reader, asOf, (walked) => writeWalked(client, walked, asOf))
}

async function walkAgain(
  client: pg.Client,
  source: SummarySource,
  asOf: KnownAsOf,
  ids: readonly string[],
): Promise<void> {
  for (let at = 0; at < ids.length; at += WALKED_AT_ONCE) {
    const facts = await source.reader.index(asOf).facts(ids.slice(at, at + WALKED_AT_ONCE))
    if (facts.size > 0) await writeWalked(client, await walkRetrievals(source.reader, asOf, [...facts.values()]), asOf)
  }
}

async function writeWalked(client: pg.Client, walked: readonly Walked[], { position }: KnownAsOf): Promise<void> {
  await markStale(client, await writeRetrievals(client, walked), position)
}

/** At which position the rows stand, and what they were made under: of one position always the same. */
export interface SummaryStand {
  readonly position: number
  /** Of these rows and of the index that they were made from. */
  readonly version: string
  readonly surroundings: Surroundings
}

/** Undefined where the rows were not made yet, or for another version of the index. Read in the transaction of the rows. */
export async function summaryStand(reads: Pick<pg.ClientBase, 'query'>): Promise<SummaryStand | undefined> {
  const { rows } = await reads.query<{
    version: string
    position: string
    surroundings: Surroundings
    index_version: string
    index_contents: string | null
  }>({
    name: 'summary-stand',
    text: `SELECT own.version, own.position, own.surroundings, index.version AS index_version, index.contents AS index_contents FROM governance.checkpoint own, projection index
     WHERE own.name = $1 AND index.name = 'access-index'`,
    values: [SUMMARY_CHECKPOINT],
  })
  const [row] = rows
  if (row === undefined || row.version !== versionOn({ version: row.index_version, contents: row.index_contents }))
    return undefined
  const { position, version, surroundings } = row
  return { position: Number(position), version, surroundings: { ...NO_SURROUNDINGS, ...surroundings } }
}

async function moveOn(client: pg.Client, from: Stand, to: Stand): Promise<void> {
  const { rowCount } = await client.query(
    'UPDATE governance.checkpoint SET position = $3, surroundings = $4 WHERE name = $1 AND position = $2 AND version = $5',
    [SUMMARY_CHECKPOINT, from.position, to.position, JSON.stringify(to.surroundings), from.version],
  )
  if (rowCount !== 1) throw new SummaryMoved('the access summary was moved by another process')
}

async function indexStand(client: pg.Client): Promise<{ version: string; position: number }> {
  const { rows } = await client.query<{ version: string; position: string; contents: string | null }>(
    `SELECT version, position, contents FROM projection WHERE name = 'access-index'`,
  )
  const [row] = rows
  return { version: versionOn(row ?? { version: '', contents: null }), position: Number(row?.position ?? 0) }
}

/** Of rows made from an index of that version and contents. */
function versionOn(index: { readonly version: string; readonly contents: string | null }): string {
  return [SUMMARY_VERSION, index.version, index.contents].filter((part) => part !== null).join(' ')
}

async function ownStand(client: pg.Client): Promise<Stand | undefined> {
  const { rows } = await client.query<{ version: string; position: string; surroundings: Surroundings }>(
    'SELECT version, position, surroundings FROM governance.checkpoint WHERE name = $1',
    [SUMMARY_CHECKPOINT],
  )
  const [row] = rows
  return row === undefined
    ? undefined
    : {
        version: row.version,
        position: Number(row.position),
        surroundings: { ...NO_SURROUNDINGS, ...row.surroundings },
      }
}
