import {
  boundEntities,
  FORWARD_MAX,
  keysIn,
  makersOf,
  mergeLookups,
  usesOf,
  type FactIndex,
} from '@catena/access-chain'
import { scopeOf, valueOf, type Activity, type Key, type SourceInstance } from '@catena/domain'
import { credentialOf, isRetrieval } from '@catena/projections'
import type pg from 'pg'
import { beganEarlier, heardUntil, reclockedPresenters, type Surroundings } from './surroundings.js'
import { touchedBy, type Touched } from './touched.js'

/** Keys followed at once. */
const KEYS_AT_ONCE = 200
/** Before a session began, a login by its name cannot be its own; clocks aside. */
const CLOCK_SLACK_MS = 3_600_000
/** Later logins by a standing name than this are no candidates of a session any more: the longest life of a run attempt. */
const LIFE_MAX_MS = 36 * 24 * 3_600_000

export interface Batch {
  readonly activities: readonly Activity[]
  readonly before: Surroundings
  readonly now: Surroundings
  readonly sources: readonly SourceInstance[]
}

/** Ids of the facts (retrievals) whose chain may have changed by a batch; 'all' where that cannot be narrowed. */
export async function findAffected(
  client: pg.ClientBase,
  index: FactIndex,
  batch: Batch,
): Promise<Set<string> | 'all'> {
  const { activities } = batch
  const affected = new Set(activities.filter(isRetrieval).map(({ factId }) => factId))
  const touched = touchedBy(activities)
  const logins = await loginsBound(index, touched)
  const followed = await follow(index, [...touched.carriers, ...touched.people, ...logins])
  if (followed === 'all') return 'all'
  for (const fact of [...followed, ...(await makersOf(index, touched.makers))])
    if (isRetrieval(fact)) affected.add(fact.factId)
  for (const id of await stored(client, touched, batch)) affected.add(id)
  for (const id of await throughAccounts(client, [...activities, ...followed])) affected.add(id)
  return affected
}

/** Read through accounts of entities that these federated logins belong to: they say who is behind the accounts. */
async function throughAccounts(client: pg.ClientBase, facts: readonly Activity[]): Promise<string[]> {
  const ids = boundEntities(facts).map(valueOf)
  if (ids.length === 0) return []
  const { rows } = await client.query<{ fact_id: string }>(
    `SELECT fact_id FROM governance.retrieval WHERE NOT federated AND body #>> '{identity,entityId}' = ANY($1::text[])`,
    [ids],
  )
  return rows.map(({ fact_id }) => fact_id)
}

/** Tokens of logins that presented a standing name, any that a directory gives it, after a session or run was bound to it. */
async function loginsBound(index: FactIndex, { bound }: Touched): Promise<Key[]> {
  if (bound.length === 0) return []
  const names = await namesOf(index, [...new Set(bound.map(({ key }) => key))])
  const lookups = bound.flatMap(({ key, at }) => {
    const span = { from: at - CLOCK_SLACK_MS, to: at + LIFE_MAX_MS }
    return (names.get(key) ?? []).map((name) => ({ key: name, span }))
  })
  const logins = await index.factsBy(mergeLookups(lookups), 'presents')
  return keysIn([...logins.values()].flat(), ({ verb }) => verb === 'establishes')
}

async function namesOf(index: FactIndex, keys: readonly Key[]): Promise<Map<Key, readonly Key[]>> {
  const described = await index.factsBy(keys.map((key) => ({ key })), 'describes') // prettier-ignore
  const told = new Map(keys.map((key) => [key, [key, ...keysIn(described.get(key) ?? [], ({ verb }) => verb === 'describes')]]))
  const equated = await index.equated([...new Set([...told.values()].flat())])
  return new Map([...told].map(([key, names]) => [key, [...new Set(names.flatMap((name) => equated.get(name) ?? [name]))]]))
} // prettier-ignore

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

/** What is found by what the rows say themselves. */
async function stored(client: pg.ClientBase, touched: Touched, { before, now, sources }: Batch): Promise<string[]> {
  const found = new Set<string>()
  const add = async (text: string, values: readonly unknown[]): Promise<void> => {
    const { rows } = await client.query<{ fact_id: string }>(`SELECT fact_id FROM governance.retrieval WHERE ${text}`, [
      ...values,
    ])
    for (const { fact_id } of rows) found.add(fact_id)
  }
  for (const { target, at } of touched.slots)
    await add('credential = $1 AND at_us <= $2 AND (end_us IS NULL OR end_us >= $2 - 7200000000)', [
      credentialOf(target) ?? null,
      Math.round((at + CLOCK_SLACK_MS) * 1000),
    ])
  for (const key of touched.prefixes)
    await add(
      `system LIKE '%/' || $1 AND lease_path IS NOT NULL AND (starts_with(lease_path, $2) OR starts_with($2, lease_path))`,
      [scopeOf(key), valueOf(key)],
    )
  const reclocked = reclockedPresenters(before, now)
  if (reclocked.length > 0) await add('federated AND source = ANY($1)', [reclocked])
  const silence = heardUntil(before, now, sources)
  if (beganEarlier(before, now)) await add('uncovered', [])
  else if (silence !== undefined)
    await add('uncovered AND at_us >= $1', [Math.round((silence - CLOCK_SLACK_MS) * 1000)])
  return [...found]
}
