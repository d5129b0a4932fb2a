import type { FrozenItem } from '../population/frozen-item.js'
import { itemId, keysOf, subjectOf } from '../population/identity.js'
import type { AccessRow } from '../ports/access-summary.js'
import type { ItemCommand } from '../item/commands.js'
import { OPEN, type ItemState } from '../item/state.js'
import { changesBetween, goneSince, lateBetween, type Seen } from './changes.js'

/** One access at the cut that was compared last and at the newest; `late` rows speak of the time before the freeze. */
export interface Comparison {
  readonly before: Seen | undefined
  readonly now: Seen | undefined
  readonly late: { readonly before: AccessRow | undefined; readonly now: AccessRow | undefined }
  /** All accesses to the credential at the newest cut. */
  readonly others: readonly AccessRow[]
  readonly position: number
}

/** What an item has to be told: what came late drifts an open item and impeaches a closed decision, which stays. */
export function commandsFor(item: FrozenItem, state: ItemState, compared: Comparison): ItemCommand[] {
  const { before, now, late, others, position } = compared
  if (now === undefined) return before === undefined ? [] : vanished(item, state, others, position)
  if (before === undefined) return []
  const gone = goneSince(before.row, now.row)
  if (gone !== undefined) return [{ type: 'NoteGone', why: `the credential was ${gone.how}`, position: gone.positions.at(-1) ?? position }]
  const { material, cosmetic } = changesBetween(before, now)
  const lately = late.before === undefined || late.now === undefined ? [] : lateBetween(late.before, late.now)
  const pressing = OPEN.has(state.status) ? [...lately, ...material] : material
  return [
    ...(lately.length > 0 && !OPEN.has(state.status) && 'outcome' in state ? [{ type: 'Impeach' as const, why: lately.join('; '), position }] : []),
    ...(pressing.length > 0 ? [{ type: 'NoteChange' as const, changes: pressing, isMaterial: true, position }] : []),
    ...(cosmetic.length > 0 ? [{ type: 'NoteChange' as const, changes: cosmetic, isMaterial: false, position }] : []),
  ]
} // prettier-ignore

/**
 * The access is no longer told of: its accessor is known under another name now. The item of that name takes over an open one; what was
 * decided keeps its decision, with the name of the other on record.
 */
function vanished(item: FrozenItem, state: ItemState, others: readonly AccessRow[], position: number): ItemCommand[] {
  const heir = others.find((row) => isSameAccess(item.access, row))
  if (heir === undefined) return [{ type: 'NoteChange', changes: ['the access is not told of any more'], isMaterial: true, position }]
  const by = itemId(item.campaign, subjectOf(heir))
  if (state.status === 'pending' || state.status === 'assigned' || state.status === 'escalated' || state.status === 'drifted')
    return state.votes.length === 0 ? [{ type: 'Supersede', by, why: 'its accessor is known by another name now' }] : drift(by, position)
  return 'outcome' in state && state.status !== 'decided' ? [{ type: 'Impeach', why: `its accessor is known by another name now: see item ${by}`, position }] : drift(by, position)
} // prettier-ignore

function drift(by: string, position: number): ItemCommand[] {
  return [{ type: 'NoteChange', changes: [`its accessor is known by another name now: see item ${by}`], isMaterial: true, position }] // prettier-ignore
}

/** The newest retrieval is the same, or one of the names. */
export function isSameAccess(before: AccessRow, now: AccessRow): boolean {
  const names = new Set(keysOf(before.accessor))
  const [newest] = before.evidence.slice(-1)
  return keysOf(now.accessor).some((key) => names.has(key)) || (newest !== undefined && now.evidence.includes(newest))
}
