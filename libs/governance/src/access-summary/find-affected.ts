import {
  approvedBy,
  askersOf,
  boundEntities,
  exchangedIn,
  FORWARD_MAX,
  keysIn,
  makersOf,
  namesTold,
  newlyNamed,
  usesOf,
  wrappingsOf,
  type FactIndex,
  type WalkSettings,
} from '@catena/access-chain'
import {
  asksForContent,
  issuerScope,
  scopeOf,
  valueOf,
  type Activity,
  type Key,
  type SourceInstance,
} from '@catena/domain'
import { credentialOf } from '@catena/projections'
import type pg from 'pg'
import { lostIn } from './lost.js'
import {
  beganEarlier,
  greatestSkew,
  heardLess,
  heardUntil,
  reclockedPresenters,
  type Surroundings,
} from './surroundings.js'
import { touchedBy, type Touched } from './touched.js'

/** Keys followed at once. */
const KEYS_AT_ONCE = 200
/** Clocks of sources lie no further apart. */
const CLOCK_SLACK_MS = 3_600_000
/** Stamps of records tell their moment but for this. */
const STAMP_MAX_MS = 60_000

export interface Batch {
  readonly activities: readonly Activity[]
  readonly before: Surroundings
  readonly now: Surroundings
  readonly settings: WalkSettings
}

/** What is known with the batch, and what was known without it. */
export interface Knowledge {
  readonly index: FactIndex
  readonly earlier: FactIndex
}

/** Ids of the facts (retrievals) whose chain may have changed by a batch; 'all' where that cannot be narrowed. */
export async function findAffected(
  client: pg.ClientBase,
  { index, earlier }: Knowledge,
  batch: Batch,
): Promise<Set<string> | 'all'> {
  const { activities, settings } = batch
  const affected = new Set(activities.filter(asksForContent).map(({ factId }) => factId))
  const touched = touchedBy(activities)
  const approved = await approvedBy(index, activities)
  const made = await makersOf(index, [...touched.makers, ...approved, ...exchangedIn(activities)])
  const asking = await askersOf(index, settings, [...activities, ...made])
  const issued = keysIn(asking, ({ verb }) => verb === 'establishes')
  const named = [...(await newlyNamed(earlier, activities)), ...(await namesTold(index, activities))]
  // What had been wrapped was obtained by whoever opened it.
  const wrapped = wrappingsOf(made)
  const followed = await follow(index, [
    ...wrapped,
    ...touched.carriers,
    ...touched.people,
    ...named,
    ...approved,
    ...issued,
  ])
  if (followed === 'all') return 'all'
  for (const fact of [...followed, ...made, ...asking]) if (asksForContent(fact)) affected.add(fact.factId)
  for (const id of await stored(client, touched, batch)) affected.add(id)
  for (const id of await besideLost(client, batch)) affected.add(id)
  for (const id of await throughAccounts(client, [...activities, ...followed, ...asking])) affected.add(id)
  return affected
}

/**
 * Read through accounts of entities that these federated logins belong to: they say who is behind the accounts. Where it is contested who made a token, one
 * of its makers may be such an account.
 */
async function throughAccounts(client: pg.ClientBase, facts: readonly Activity[]): Promise<string[]> {
  const ids = boundEntities(facts).map(valueOf)
  if (ids.length === 0) return []
  const { rows } = await client.query<{ fact_id: string }>(
    `SELECT fact_id FROM governance.retrieval
     WHERE (NOT federated OR body #>> '{path,state}' = 'ambiguous') AND body #>> '{identity,entityId}' = ANY($1::text[])`,
    [ids],
  )
  return rows.map(({ fact_id }) => fact_id)
}

/** Placed by a window in which a record stands that was not interpreted: at that system itself, or at those that take its people and runs. */
async function besideLost(client: pg.ClientBase, { activities, before, now, settings }: Batch): Promise<string[]> {
  const found: string[] = []
  for (const { system, sources, from, to } of lostIn(activities, settings.sources)) {
    const slack = greatestSkew(before, now) + STAMP_MAX_MS
    const { rows } = await client.query<{ fact_id: string }>(
      `SELECT fact_id FROM governance.retrieval WHERE (federated AND (source = ANY($1) OR presenters && $1) AND at_us >= $3)
         OR (source = ANY($2) AND body #>> '{path,state}' IN ('inferred', 'ambiguous') AND at_us BETWEEN $3 AND $4)`,
      [
        presentersTo(system, settings.sources),
        sources,
        Math.round((from - slack) * 1000),
        Math.round((to + settings.sessionMaxMs + slack) * 1000),
      ],
    )
    found.push(...rows.map(({ fact_id }) => fact_id))
  }
  return found
}

/** In parts, so that no part is cut short. */
async function follow(index: FactIndex, keys: readonly Key[]): Promise<Activity[] | 'all'> {
  const distinct = [...new Set(keys)]
  const facts: Activity[] = []
  for (let at = 0; at < distinct.length; at += KEYS_AT_ONCE) {
    const found = await followPart(index, distinct.slice(at, at + KEYS_AT_ONCE))
    if (found === 'all') return 'all'
    facts.push(...found)
  }
  return facts
}

async function followPart(index: FactIndex, keys: readonly Key[]): Promise<readonly Activity[] | 'all'> {
  const { facts, truncated } = await usesOf(index, keys)
  if (!truncated && facts.length < FORWARD_MAX) return facts
  if (keys.length === 1) return 'all'
  const half = keys.length >> 1
  const [a, b] = [await followPart(index, keys.slice(0, half)), await followPart(index, keys.slice(half))]
  return a === 'all' || b === 'all' ? 'all' : [...a, ...b]
}

/** Sources at which logins come through sessions of this system. */
function presentersTo(system: string, sources: readonly SourceInstance[]): string[] {
  const isTo = ({ federations }: SourceInstance): boolean =>
    federations.some(({ issuer }) => issuerScope(issuer.kind, issuer.scope) === system)
  return sources.filter(isTo).map(({ id }) => id)
}

/** The path leads through a federated login at one of these sources ($1). */
const PRESENTED_AT = '(source = ANY($1) OR presenters && $1)'

/** What is found by what the rows say themselves. */
async function stored(
  client: pg.ClientBase,
  touched: Touched,
  { before, now, settings: { sources } }: Batch,
): Promise<string[]> {
  const found = new Set<string>()
  const add = async (text: string, values: readonly unknown[]): Promise<void> => {
    const { rows } = await client.query<{ fact_id: string }>(`SELECT fact_id FROM governance.retrieval WHERE ${text}`, [
      ...values,
    ])
    for (const { fact_id } of rows) found.add(fact_id)
  }
  for (const { target, at, isRestored } of touched.slots) {
    // What is back may have been gone for long; what was replaced before does not come back, unless what is told of it rests on having been brought back.
    const gone = isRestored ? `OR body #>> '{end,how}' IN ('deleted', 'destroyed') OR settled_us >= $3` : ''
    // What was unwrapped had been read when it was wrapped.
    await add(
      `credential = $1 AND (at_us <= $2 OR body ->> 'kind' = 'response-unwrapped') AND (end_us IS NULL OR end_us >= $3 ${gone})`,
      [
        credentialOf(target) ?? null,
        Math.round((at + CLOCK_SLACK_MS) * 1000),
        Math.round((at - CLOCK_SLACK_MS) * 1000),
      ],
    )
  }
  for (const key of touched.prefixes)
    await add(
      `system LIKE '%/' || $1 AND lease_path IS NOT NULL AND (starts_with(lease_path, $2) OR starts_with($2, lease_path))`,
      [scopeOf(key), valueOf(key)],
    )
  for (const { system, at } of touched.issuers)
    await add(`federated AND ${PRESENTED_AT} AND at_us >= $2`, [
      presentersTo(system, sources),
      Math.round((at - greatestSkew(before, now) - STAMP_MAX_MS) * 1000),
    ])
  for (const { system, until } of heardLess(before, now, sources))
    await add(`federated AND ${PRESENTED_AT} AND at_us >= $2`, [
      presentersTo(system, sources),
      Math.round((until - CLOCK_SLACK_MS) * 1000),
    ])
  const reclocked = reclockedPresenters(before, now)
  if (reclocked.length > 0) await add(`federated AND ${PRESENTED_AT}`, [reclocked])
  const silence = heardUntil(before, now, sources)
  if (beganEarlier(before, now)) await add('uncovered', [])
  else if (silence !== undefined)
    await add('uncovered AND at_us >= $1', [Math.round((silence - CLOCK_SLACK_MS) * 1000)])
  return [...found]
}
