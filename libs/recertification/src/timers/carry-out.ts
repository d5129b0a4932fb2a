import { isRefusal, type Decided, type Instant } from '@catena/domain'
import { subjectOf } from '../population/identity.js'
import type { RecertificationDesk } from '../desk/desk.js'
import { commandItems, loadItems, type LoadedItem } from '../desk/items.js'
import type { ItemCommand } from '../item/commands.js'
import type { ItemState, ItemStatus } from '../item/state.js'
import type { Definition } from '../definition/definition.js'
import type { SeenEnd } from '../ports/access-summary.js'
import { daysLater } from '../schedule/wall-clock.js'

/** Items handled in one transaction. */
const BATCH = 500
const ENDS = ['revoked', 'rotated', 'destroyed', 'deleted']

/** Items of a campaign by status, in their order. */
export async function idsOf(desk: Pick<RecertificationDesk, 'pool'>, campaign: string, statuses: readonly ItemStatus[]): Promise<string[]> {
  const { rows } = await desk.pool.query<{ item: string }>(
    `SELECT replace(item::text, '-', '') AS item FROM decisions.review_item WHERE campaign = $1 AND status = ANY($2) ORDER BY number`,
    [campaign, statuses],
  )
  return rows.map(({ item }) => item)
} // prettier-ignore

/** The same command for each; who no longer stands there is passed over. */
export async function forEach(desk: RecertificationDesk, ids: readonly string[], command: ItemCommand, by: Decided): Promise<void> {
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH)
    const answer = await commandItems(desk, batch, () => command, by)
    if (isRefusal(answer)) for (const id of batch) await commandItems(desk, [id], () => command, by)
  }
} // prettier-ignore

/** Orders what a revoke or modify asks for; closes what asks for nothing. An id of an order is made of the item and how often it came back. */
export async function orderRemediations(desk: RecertificationDesk, campaign: string, definition: Definition, by: Decided): Promise<void> {
  const { remediation, remediationDays, zone } = definition
  const dueAt = daysLater(by.at, remediationDays, zone)
  for (const id of await idsOf(desk, campaign, ['outcome set', 'regressed', 'apply failed'])) {
    await commandItems(desk, [id], ({ item, state, version }) => {
      const asksForMore = 'outcome' in state && (state.outcome.kind === 'revoke' || state.outcome.kind === 'modify')
      if (!asksForMore) return { type: 'Close', how: 'outcome' }
      if (remediation === 'report-only') return { type: 'Close', how: 'report only' }
      return { type: 'OrderRemediation', order: { id: `${id}/${version}`, mode: remediation, dueAt, credential: item.access.credential.id } }
    }, by)
  }
} // prettier-ignore

/**
 * Looks at the ledger, not at what anybody says: an end after the order and silence for the window verify; a success after the end, or
 * after somebody said it was done, is a regression.
 */
export async function verifyRemediations(desk: RecertificationDesk, campaign: string, definition: Definition, by: Decided): Promise<void> {
  const position = await desk.summary.newest()
  for (const id of await idsOf(desk, campaign, ['remediating', 'applied', 'verified', 'closed'])) {
    const [loaded] = await loadItems(desk, [id])
    if (loaded === undefined) continue
    const rows = await desk.summary.rowsOf([loaded.item.access.credential.id], { position, validAt: undefined })
    const row = rows.find((one) => subjectOf(one) === loaded.item.subject)
    const end = await endSeen(desk, loaded, row)
    const command = verdictOn(loaded.state, row, end, definition.silenceWindowDays, definition.zone, by.at)
    if (command !== undefined) await commandItems(desk, [id], () => command, by)
  }
} // prettier-ignore

type Row = Awaited<ReturnType<RecertificationDesk['summary']['rowsOf']>>[number] | undefined

/** An end after the order: of what was obtained, else of the right itself. */
export async function endSeen(desk: RecertificationDesk, { item, state }: Pick<LoadedItem, 'item' | 'state'>, row: Row): Promise<SeenEnd | undefined> {
  if (!('order' in state)) return undefined
  const { id: order, orderedAt } = state.order
  const { accessor, credential } = item.access
  return endOfObtained(row, orderedAt) ?? desk.rightEnds?.endOf({ order, orderedAt, credential: credential.id, accessor })
} // prettier-ignore

/** What was obtained after the order must itself have been ended by somebody: that something older was says nothing of it. */
export function endOfObtained(row: Row, orderedAt: Instant): SeenEnd | undefined {
  if (row === undefined) return undefined
  const { ended, lastEnd, lastUsedAt = 0, open } = row
  const proves = (end: SeenEnd | undefined): boolean => end !== undefined && end.at >= orderedAt && ENDS.includes(end.how)
  if (proves(ended)) return ended
  const isOfNewest = lastUsedAt <= orderedAt || (lastEnd?.obtainedAt ?? 0) >= lastUsedAt
  return open === 0 && isOfNewest && proves(lastEnd) ? lastEnd : undefined
} // prettier-ignore

/** The silence begins when the last of everything obtained has ended, however it ended. */
export function verdictOn(state: ItemState, row: Row, seen: SeenEnd | undefined, windowDays: number, zone: string, now: number): ItemCommand | undefined {
  if (!('order' in state)) return undefined
  const since = state.status === 'applied' ? state.appliedAt : state.order.orderedAt
  const isBack = row?.lastUsedAt !== undefined && row.lastUsedAt > Math.max(since, seen?.at ?? 0)
  if (isBack && state.status !== 'remediating') return { type: 'NoteRegressed', position: row.evidence.at(-1) ?? 0, at: row.lastUsedAt }
  if (state.status === 'verified') return { type: 'Close', how: 'verified' }
  if (state.status === 'closed' || isBack || seen === undefined) return undefined
  const silentUntil = daysLater(Math.max(seen.at, row?.lastEnd?.at ?? 0), windowDays, zone)
  return now >= silentUntil ? { type: 'NoteVerified', positions: seen.positions, silentUntil: now } : undefined
} // prettier-ignore
