import { isRefusal, type Decided, type Key } from '@catena/domain'
import { waitForView } from '@catena/projections'
import type { LaunchedCampaign } from '../campaign/state.js'
import { parseScope } from '../definition/scope.js'
import { selects } from '../definition/selects.js'
import { commandCampaign, writeFrozen } from '../desk/campaigns.js'
import { countItems } from '../desk/count-items.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems, type LoadedItem } from '../desk/items.js'
import type { ItemCommand } from '../item/commands.js'
import { asksOwner } from '../item/ownership.js'
import { OPEN } from '../item/state.js'
import { certify } from '../population/certificate.js'
import { itemId, subjectOf } from '../population/identity.js'
import { itemsOf } from '../population/select.js'
import { itemsOfCredentials, knownItems } from '../population/store.js'
import type { AccessRow } from '../ports/access-summary.js'
import { assign, People } from '../reviewers/assign.js'
import { commandsFor, isSameAccess } from './compare.js'
import { giveOn } from './give-on.js'
import { Knowledge } from './knowledge.js'
import { partiesNow } from './parties-now.js'
import { leaversIn, rerouteLeavers } from './reroute-leavers.js'

/** Credentials compared at once. */
const BATCH = 200

/**
 * Tells running campaigns what became known after their freeze: items drift, become moot, are taken over or impeached, and new accesses make a
 * supplement. Whoever dies in between compares again, and what was told is no news the second time. All look at one state of knowledge; those
 * that fail are returned with their error, and hold up no other.
 */
export async function watchCampaigns(desk: RecertificationDesk, states: readonly LaunchedCampaign[], by: Decided): Promise<ReadonlyMap<string, Error>> {
  const failures = new Map<string, Error>()
  const watched = await watchedTo(desk, states)
  const newest = states.length === 0 ? 0 : await desk.summary.newest()
  const behind = states.filter(({ id }) => (watched.get(id) ?? 0) < newest)
  if (behind.length === 0) return failures
  await desk.summary.pinned(async (summary, position) => {
    const pinned = { ...desk, summary }
    const known = new Knowledge(pinned, by, position)
    const leavers = await leaversIn(pinned, behind, position, by)
    const watch = async (state: LaunchedCampaign): Promise<void> => {
      await rerouteLeavers(pinned, state, leavers.get(state.id) ?? [], position, by)
      await watchOne(pinned, known, state, watched.get(state.id) ?? 0)
    }
    for (const state of behind) await watch(state).catch((error: unknown) => failures.set(state.id, error instanceof Error ? error : new Error(String(error))))
    await moveWatched(desk, behind.filter(({ id }) => !failures.has(id)).map(({ id }) => id), position)
  })
  return failures
} // prettier-ignore

interface Span {
  /** Cut that was compared last, and the newest. */
  readonly from: number
  readonly position: number
}

async function watchedTo({ pool }: Pick<RecertificationDesk, 'pool'>, states: readonly LaunchedCampaign[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ campaign: string; position: string }>('SELECT campaign, position FROM governance.review_watch WHERE campaign = ANY($1)', [states.map(({ id }) => id)])
  const watched = new Map(rows.map(({ campaign, position }) => [campaign, Number(position)]))
  return new Map(states.map(({ id, frozen }) => [id, Math.max(frozen.position, watched.get(id) ?? 0)]))
} // prettier-ignore

/** Up to which cut campaigns were compared. */
export async function moveWatched(
  { pool }: Pick<RecertificationDesk, 'pool'>,
  campaigns: readonly string[],
  position: number,
): Promise<void> {
  await pool.query(
    `INSERT INTO governance.review_watch SELECT unnest($1::text[]), $2
     ON CONFLICT (campaign) DO UPDATE SET position = greatest(governance.review_watch.position, excluded.position)`,
    [campaigns, position],
  )
}

async function watchOne(desk: RecertificationDesk, known: Knowledge, state: LaunchedCampaign, from: number): Promise<void> {
  const { position } = known
  const changed = position <= from ? [] : await known.changedSince(from)
  for (let at = 0; at < changed.length; at += BATCH) await compareAll(desk, known, state, changed.slice(at, at + BATCH), { from, position })
} // prettier-ignore

async function compareAll(desk: RecertificationDesk, known: Knowledge, state: LaunchedCampaign, credentials: readonly string[], span: Span): Promise<void> {
  const { by } = known
  // Of all of them at once: what is compared is among them.
  const now = isSupplemented(state) ? await known.view(credentials, span.position, by.at) : undefined
  const ids = await itemsOfCredentials(desk.pool, state.id, credentials)
  if (ids.length > 0) await compareItems(desk, known, state, ids, span)
  if (now !== undefined) await supplement(desk, state, [...now.values()].map(({ row }) => row), span, by)
} // prettier-ignore

/** What is asked about by name, or for a second time, stays with that. */
function isSupplemented({ status, iterationOf, only }: LaunchedCampaign): boolean {
  return (status === 'active' || status === 'paused') && iterationOf === undefined && only === undefined
}

async function compareItems(desk: RecertificationDesk, known: Knowledge, state: LaunchedCampaign, ids: readonly string[], span: Span): Promise<void> {
  const { by } = known
  const loaded = await loadItems(desk, ids)
  const own = [...new Set(loaded.map(({ item }) => item.access.credential.id))]
  const [now, before] = [await known.view(own, span.position, by.at), await known.view(own, span.from, by.at)]
  const [lateBefore, lateNow] = [await known.view(own, span.from, state.frozen.at), await known.view(own, span.position, state.frozen.at)]
  for (const one of loaded) {
    const { item } = one
    const compared = {
      before: before.get(item.subject),
      now: now.get(item.subject),
      late: { before: lateBefore.get(item.subject)?.row, now: lateNow.get(item.subject)?.row },
      others: [...now.values()].map(({ row }) => row).filter(({ credential }) => credential.id === item.access.credential.id),
      position: span.position,
    }
    const row = compared.now?.row ?? compared.others.find((other) => isSameAccess(item.access, other))
    const changed = await tell(desk, one, commandsFor(item, one.state, compared), by)
    // What drifted is asked about anew: whoever reviews it is looked at as of now.
    const stands = await tell(desk, changed, await partiesNow(desk, changed, row, span.position), by)
    await takeFromParties(desk, state, stands, span.position, by)
    await giveToOwner(desk, state, stands, compared.now?.owner, span.position, by)
  }
} // prettier-ignore

/** The item as it stands once it was told. */
async function tell(desk: RecertificationDesk, one: LoadedItem, commands: readonly ItemCommand[], by: Decided): Promise<LoadedItem> {
  for (const command of commands) await commandItems(desk, [one.item.id], () => command, by)
  const [stands = one] = commands.length > 0 ? await loadItems(desk, [one.item.id]) : []
  return stands
} // prettier-ignore

/** What is open does not wait for whoever became known as a party to the access. What is decided without them stands. */
async function takeFromParties(desk: RecertificationDesk, state: LaunchedCampaign, one: LoadedItem, position: number, by: Decided): Promise<void> {
  if ((state.status !== 'active' && state.status !== 'paused') || one.state.status === 'decided' || !OPEN.has(one.state.status)) return
  const parties = one.state.reviewers.filter((key) => one.state.excluded?.includes(key))
  if (parties.length === 0) return
  await giveOn(desk, state, one, `${parties.join(', ')} became known as a party to it`, new People(desk.directory, position), by)
} // prettier-ignore

/** Who answers for the credential now is on record with the item, and is asked where the stage asks the owner. */
async function giveToOwner(desk: RecertificationDesk, state: LaunchedCampaign, { item, state: stood }: LoadedItem, owner: Key | undefined, position: number, by: Decided): Promise<void> {
  if (state.status !== 'active' || !OPEN.has(stood.status) || owner === undefined || owner === (stood.owner ?? item.owner)) return
  await commandItems(desk, [item.id], () => ({ type: 'NoteOwner', owner, position }), by)
  const rules = state.definition.stages[stood.stage]?.reviewers ?? []
  if (stood.stage !== state.stage || !asksOwner(rules)) return
  const people = new People(desk.directory, position)
  const { reviewers } = await assign(rules, item.access, owner, people, by.at, stood)
  const known = await people.identities(reviewers)
  if (known.length > 0) await commandItems(desk, [item.id], () => ({ type: 'Assign', stage: stood.stage, reviewers: known, why: 'its owner is on record now' }), by)
} // prettier-ignore

/** New accesses that the scope selects; never silent. */
async function supplement(desk: RecertificationDesk, { id, definition }: LaunchedCampaign, rows: readonly AccessRow[], { position }: Span, by: Decided): Promise<void> {
  const scope = parseScope(definition.scope)
  const ids = new Map(rows.filter((row) => selects(scope, row, by.at) !== false).map((row) => [itemId(id, subjectOf(row)), row]))
  const asked = ids.size === 0 ? new Set() : await knownItems(desk.pool, [...ids.keys()])
  const news = [...ids].flatMap(([item, row]) => (asked.has(item) ? [] : [row]))
  if (news.length === 0) return
  const cut = { position, validAt: by.at, at: by.at }
  const { items } = await countItems(desk.pool, id)
  const fresh = []
  for await (const item of itemsOf(desk, news, definition, id, cut, { numberFrom: items })) fresh.push(item)
  if (fresh.length === 0) return
  const certificate = certify(position, by.at, await desk.summary.completeness(cut))
  const written = await writeFrozen(desk, id, definition, cut, certificate, listed(fresh))
  const handled = await commandCampaign(desk, id, { type: 'SupplementCampaign', frozen: written, why: `${fresh.length} accesses became known after the freeze` }, by)
  if (!isRefusal(handled)) await waitForView(desk.pool, 'campaigns', handled.position)
} // prettier-ignore

async function* listed<T>(list: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve()
  yield* list
}
