import type { Decided, Key } from '@catena/domain'
import type { CampaignState } from '../campaign/state.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems, type LoadedItem } from '../desk/items.js'
import { isExcluded, partiesKnown } from '../item/parties.js'
import { hasLeft } from '../ports/people.js'
import { assign, People } from '../reviewers/assign.js'
import { conflictsOf } from '../reviewers/independence.js'

type Active = Extract<CampaignState, { readonly status: 'active' }>

/** Open work of whoever has left stays with who else may review it, else goes on to the next that the stage's rules find; the deadline stays. Nobody eligible: the item is blocked. */
export async function rerouteLeavers(desk: RecertificationDesk, states: readonly CampaignState[], position: number, by: Decided): Promise<void> {
  const active = states.filter((state) => state.status === 'active')
  const reviewers = await reviewersOf(desk, active)
  const known = await desk.directory.identities([...new Set([...reviewers.values()].flatMap((keys) => [...keys]))], position)
  const leavers = [...known.values()].filter((person) => hasLeft(person, by.at)).map(({ key }) => key)
  for (const state of active) for (const leaver of leavers) if (reviewers.get(state.id)?.has(leaver) === true) await reroute(desk, state, leaver, position, by)
} // prettier-ignore

async function reroute(desk: RecertificationDesk, state: Active, leaver: Key, position: number, by: Decided): Promise<void> {
  const people = new People(desk.directory, position)
  const rules = state.definition.stages[state.stage]?.reviewers ?? []
  for (const id of await openItemsOf(desk, state.id, leaver)) {
    const [loaded] = await loadItems(desk, [id])
    if (loaded?.state.stage !== state.stage) continue
    const { item } = loaded
    const staying = await fitOf(loaded, loaded.state.reviewers.filter((key) => key !== leaver), people, by)
    const { reviewers } = staying.length > 0 ? { reviewers: staying } : await assign(rules, item.access, loaded.state.owner ?? item.owner, people, by.at, loaded.state)
    const next = await people.identities(reviewers)
    await commandItems(desk, [id], () => ({ type: 'Assign', stage: state.stage, reviewers: next, why: `${leaver} has left` }), by)
  }
} // prettier-ignore

/** Who of them has not left, and is no party to the access as it was frozen or as it became known since. */
async function fitOf({ item, state }: LoadedItem, keys: readonly Key[], people: People, { at }: Decided): Promise<Key[]> {
  const parties = partiesKnown(item, state)
  const known = await people.identities(keys)
  return known.filter((one) => !hasLeft(one, at) && conflictsOf([one], parties).length === 0 && !isExcluded(state, one)).map(({ key }) => key)
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
