import type { Decided, Key } from '@catena/domain'
import type { CampaignState } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { loadItems } from '../desk/items.js'
import { hasLeft } from '../ports/people.js'
import { People } from '../reviewers/assign.js'
import { giveOn } from './give-on.js'

type Active = Extract<CampaignState, { readonly status: 'active' }>

/** By campaign who may have open work in it and has left; of all at once. */
export async function leaversIn(desk: RecertificationDesk, states: readonly CampaignState[], position: number, by: Decided): Promise<ReadonlyMap<string, readonly Key[]>> {
  const reviewers = await reviewersOf(desk, states.filter((state) => state.status === 'active'))
  const known = await desk.directory.identities([...new Set([...reviewers.values()].flatMap((keys) => [...keys]))], position)
  const leavers = [...known.values()].filter((person) => hasLeft(person, by.at)).map(({ key }) => key)
  return new Map([...reviewers].map(([campaign, own]) => [campaign, leavers.filter((leaver) => own.has(leaver))]))
} // prettier-ignore

/** Open work of whoever has left stays with who else may review it, or goes on. */
export async function rerouteLeavers(desk: RecertificationDesk, state: CampaignState, leavers: readonly Key[], position: number, by: Decided): Promise<void> {
  if (state.status === 'active') for (const leaver of leavers) await reroute(desk, state, leaver, position, by)
} // prettier-ignore

async function reroute(desk: RecertificationDesk, state: Active, leaver: Key, position: number, by: Decided): Promise<void> {
  const people = new People(desk.directory, position)
  for (const id of await openItemsOf(desk, state.id, leaver)) {
    const [loaded] = await loadItems(desk, [id])
    if (loaded !== undefined) await giveOn(desk, state, loaded, `${leaver} has left`, people, by)
  }
} // prettier-ignore

/** Who was assigned when a population was frozen never changes: each is read once in the life of a process. */
const frozenReviewers = new WeakMap<object, Map<string, readonly Key[]>>()

/** Everybody who may have open work, by campaign. */
async function reviewersOf({ pool }: Pick<RecertificationDesk, 'pool'>, states: readonly Active[]): Promise<Map<string, Set<Key>>> {
  const known = frozenReviewers.get(pool) ?? new Map<string, readonly Key[]>()
  frozenReviewers.set(pool, known)
  const populations = states.flatMap(({ frozen, supplements }) => [frozen, ...supplements].map(({ population }) => population))
  for (const population of populations) if (!known.has(population)) known.set(population, await assignedIn(pool, population))
  const { rows } = await pool.query<{ campaign: string; reviewer: Key }>(
    `SELECT DISTINCT campaign, unnest(reviewers) AS reviewer FROM decisions.review_item WHERE campaign = ANY($1) AND status IN ('assigned', 'escalated', 'drifted')`,
    [states.map(({ id }) => id)],
  )
  const found = new Map(states.map(({ id, frozen, supplements }) => [id, new Set([frozen, ...supplements].flatMap(({ population }) => known.get(population) ?? []))]))
  for (const { campaign, reviewer } of rows) found.get(campaign)?.add(reviewer)
  return found
} // prettier-ignore

async function assignedIn(pool: RecertificationDesk['pool'], population: string): Promise<Key[]> {
  const { rows } = await pool.query<{ reviewer: Key }>('SELECT DISTINCT reviewer FROM review_assignment WHERE population = $1', [population]) // prettier-ignore
  return rows.map(({ reviewer }) => reviewer)
}

async function openItemsOf({ pool }: Pick<RecertificationDesk, 'pool'>, campaign: string, reviewer: Key): Promise<string[]> {
  const { rows } = await pool.query<{ item: string }>(
    `SELECT replace(a.item::text, '-', '') AS item FROM decisions.campaign_population n JOIN review_assignment a USING (population)
     WHERE n.campaign = $1 AND a.reviewer = $2 AND NOT EXISTS (SELECT FROM decisions.review_item i WHERE i.item = a.item)
     UNION SELECT replace(item::text, '-', '') FROM decisions.review_item
     WHERE campaign = $1 AND $2 = ANY(reviewers) AND status IN ('assigned', 'escalated', 'drifted')`,
    [campaign, reviewer],
  )
  return rows.map(({ item }) => item)
} // prettier-ignore
