import { isRefusal, type Decider, type DecisionEvent, type Refusal } from '@catena/domain'
import { handleCommand, type CommandOf, type Handled } from '@catena/ledger'
import { waitForView } from '@catena/projections'
import type { DecisionDesk } from './decision-desk.js'

/** Decides, and waits until the view of that name shows the outcome in lists. */
export async function decideAndShow<State, Command, Event extends DecisionEvent, Code extends string>(
  { streams, pool }: DecisionDesk,
  view: string,
  decider: Decider<State, Command, Event, Code>,
  request: CommandOf<Command>,
): Promise<Handled<State, Event> | Refusal<Code>> {
  const handled = await handleCommand(streams, decider, request)
  if (!isRefusal(handled)) await waitForView(pool, view, handled.position)
  return handled
}
