import { refusal, type Decided, type Refusal } from '@catena/domain'
import type { ItemCode, ItemCommand } from './commands.js'
import type { ItemContext } from './context.js'
import type { ItemEvent } from './events.js'
import type { ItemState } from './state.js'

type Answer = readonly ItemEvent[] | Refusal<ItemCode>
export type RemediationCommand = Extract<
  ItemCommand,
  { readonly type: 'OrderRemediation' | 'NoteApplied' | 'NoteFailed' | 'NoteVerified' | 'NoteRegressed' | 'Close' }
>

/** From an outcome to its proof. Said to be done is `applied`; `verified` only the ledger makes it. */
export function remediate(state: ItemState, command: RemediationCommand, by: Decided, { item }: ItemContext): Answer {
  const { campaign } = item
  if (command.type === 'OrderRemediation') return order(state, command.order, by, campaign)
  if (command.type === 'Close') return close(state, command.how, campaign)
  if (!('order' in state)) return refusal('WRONG_STATUS', 'nothing was ordered for the item')
  const { id } = state.order
  switch (command.type) {
    case 'NoteApplied':
      return state.status === 'applied' ? [] : [{ type: 'RemediationApplied', data: { campaign, order: id, how: command.how } }]
    case 'NoteFailed':
      return [{ type: 'RemediationFailed', data: { campaign, order: id, why: command.why } }]
    case 'NoteVerified':
      return verify(state, command, campaign)
    case 'NoteRegressed':
      return state.status === 'regressed' ? [] : [{ type: 'AccessRegressed', data: { campaign, order: id, position: command.position, at: command.at } }]
  }
} // prettier-ignore

type Order = Extract<RemediationCommand, { readonly type: 'OrderRemediation' }>['order']

/** Ordering again what is ordered changes nothing; what failed or came back gets a new order. */
function order(state: ItemState, wanted: Order, { at }: Decided, campaign: string): Answer {
  if ('order' in state && state.order.id === wanted.id) return []
  if (!('outcome' in state)) return refusal('WRONG_STATUS', `the item is ${state.status}: it has no outcome`)
  if (state.outcome.kind !== 'revoke' && state.outcome.kind !== 'modify') return refusal('WRONG_STATUS', `${state.outcome.kind} asks for nothing to be done`)
  return [{ type: 'RemediationOrdered', data: { campaign, ...wanted, outcome: state.outcome, orderedAt: at } }]
} // prettier-ignore

type Verified = Extract<RemediationCommand, { readonly type: 'NoteVerified' }>

/** No statement of a person or a connector verifies anything: positions of the ledger do. */
function verify(state: ItemState, { positions, silentUntil }: Verified, campaign: string): Answer {
  if (state.status === 'verified') return []
  if (positions.length === 0) return refusal('WRONG_STATUS', 'no event of the ledger shows the end of the access')
  const order = 'order' in state ? state.order.id : ''
  return [{ type: 'RemediationVerified', data: { campaign, order, positions, silentUntil } }]
}

function close(state: ItemState, how: string, campaign: string): Answer {
  if (state.status === 'closed') return []
  if (state.status === 'outcome set' && (state.outcome.kind === 'revoke' || state.outcome.kind === 'modify') && how !== 'report only')
    return refusal('WRONG_STATUS', 'its remediation has not been ordered')
  return [{ type: 'ReviewItemClosed', data: { campaign, how } }]
} // prettier-ignore
