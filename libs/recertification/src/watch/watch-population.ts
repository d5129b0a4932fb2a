import { isRefusal, type Decided, type Key } from '@catena/domain'
import { waitForView } from '@catena/projections'
import type { LaunchedCampaign } from '../campaign/state.js'
import { commandCampaign, writeFrozen } from '../desk/campaigns.js'
import { countItems } from '../desk/count-items.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems, type LoadedItem } from '../desk/items.js'
import type { ItemCommand } from '../item/commands.js'
import { OPEN } from '../item/state.js'
import { certify } from '../population/certificate.js'
import { subjectOf } from '../population/identity.js'
import { partiesOf } from '../population/parties.js'
import { itemsOf } from '../population/select.js'
import { itemsOfCredentials, knownItems } from '../population/store.js'
import type { AccessRow } from '../ports/access-summary.js'
import { conflictsOf } from '../reviewers/independence.js'
import { commandsFor } from './compare.js'
import { rerouteLeavers } from './reroute-leavers.js'

/** Credentials compared at once. */
const BATCH = 200

/**
 * Tells a running campaign what became known after its freeze: items drift, become moot, are taken over or impeached, and new accesses make a
 * supplement. Whoever dies in between compares again, and what was told is no news the second time.
 */
export async function watchPopulation(desk: RecertificationDesk, state: LaunchedCampaign, by: Decided): Promise<void> {
  const from = await watchedTo(desk, state)
  if ((await desk.summary.newest()) <= from) return
  await desk.summary.pinned(async (summary, position) => {
    if (position <= from) return
    const pinned = { ...desk, summary }
    if (state.status === 'active') await rerouteLeavers(pinned, state, position, by)
    const changed = await summary.changedSince(from)
    for (let at = 0; at < changed.length; at += BATCH) await compareAll(pinned, state, changed.slice(at, at + BATCH), { from, position }, by)
    await desk.pool.query(
      `INSERT INTO governance.review_watch VALUES ($1, $2) ON CONFLICT (campaign) DO UPDATE SET position = greatest(governance.review_watch.position, excluded.position)`,
      [state.id, position],
    )
  })
} // prettier-ignore

interface Span {
  /** Cut that was compared last, and the newest. */
  readonly from: number
  readonly position: number
}

async function watchedTo({ pool }: Pick<RecertificationDesk, 'pool'>, { id, frozen }: LaunchedCampaign): Promise<number> {
  const { rows } = await pool.query<{ position: string }>('SELECT position FROM governance.review_watch WHERE campaign = $1', [id])
  return Math.max(frozen.position, Number(rows[0]?.position ?? 0))
} // prettier-ignore

async function compareAll(desk: RecertificationDesk, state: LaunchedCampaign, credentials: readonly string[], span: Span, by: Decided): Promise<void> {
  const { frozen } = state
  const [before, now] = [await view(desk, credentials, span.from, by.at), await view(desk, credentials, span.position, by.at)]
  const lateBefore = await view(desk, credentials, span.from, frozen.at)
  const lateNow = await view(desk, credentials, span.position, frozen.at)
  const ids = await itemsOfCredentials(desk.pool, state.id, credentials)
  for (const loaded of ids.length === 0 ? [] : await loadItems(desk, ids)) {
    const { item } = loaded
    const compared = {
      before: before.get(item.subject),
      now: now.get(item.subject),
      late: { before: lateBefore.get(item.subject)?.row, now: lateNow.get(item.subject)?.row },
      others: [...now.values()].map(({ row }) => row).filter(({ credential }) => credential.id === item.access.credential.id),
      position: span.position,
    }
    const told = [...commandsFor(item, loaded.state, compared), ...(await conflictsNow(desk, loaded, compared.now?.row, span.position))]
    for (const command of told) await commandItems(desk, [item.id], () => command, by)
  }
  if (state.status === 'active' || state.status === 'paused') await supplement(desk, state, [...now.values()].map(({ row }) => row), span, by)
} // prettier-ignore

type View = Map<string, { row: AccessRow; owner: Key | undefined }>

/** Accesses by their subject. */
async function view({ summary, owners }: RecertificationDesk, credentials: readonly string[], position: number, validAt: number): Promise<View> {
  const rows = await summary.rowsOf(credentials, { position, validAt })
  const slots = [...new Map(rows.map(({ credential }) => [credential.id, credential])).values()]
  const ownerOf = await owners.ownersOf(slots, position)
  return new Map(rows.map((row) => [subjectOf(row), { row, owner: ownerOf.get(row.credential.id) }]))
} // prettier-ignore

/** Who reviews, or has voted, and is a party to the access as it is known now. */
async function conflictsNow(desk: RecertificationDesk, { item, state }: LoadedItem, row: AccessRow | undefined, position: number): Promise<ItemCommand[]> {
  if (row === undefined || !OPEN.has(state.status)) return []
  const people = [...new Set([...state.reviewers, ...state.votes.map(({ reviewer }) => reviewer)])]
  const known = await desk.directory.identities(people, position)
  const identities = [...known.values()]
  const old = new Set(conflictsOf(identities, partiesOf(item.access)).map(({ person, as }) => `${person} ${as}`))
  const conflicts = conflictsOf(identities, partiesOf(row)).filter(({ person, as }) => !old.has(`${person} ${as}`))
  return conflicts.length === 0 ? [] : [{ type: 'NoteConflicts', conflicts }]
} // prettier-ignore

/** New accesses that the scope selects; never silent. */
async function supplement(desk: RecertificationDesk, state: LaunchedCampaign, rows: readonly AccessRow[], { position }: Span, by: Decided): Promise<void> {
  const { id, definition, iterationOf } = state
  if (iterationOf !== undefined) return
  const cut = { position, validAt: by.at, at: by.at }
  const { items } = await countItems(desk.pool, id)
  const wanted = async (found: readonly { readonly id: string }[]): Promise<Set<string>> => {
    const ids = found.map((item) => item.id)
    const known = await knownItems(desk.pool, id, ids)
    return new Set(ids.filter((item) => !known.has(item)))
  }
  const fresh = []
  for await (const item of itemsOf(desk, rows, definition, id, cut, { numberFrom: items, wanted })) fresh.push(item)
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
