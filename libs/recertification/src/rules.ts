import type { Decided, Decider, DecisionEvent, Refusal } from '@catena/domain'

/** The rules of one kind of stream, over events whose data are plain objects. */
export interface Rules<State, Command, Event extends { readonly type: string; readonly data: object }, Code extends string> {
  readonly initial: State
  decide(state: State, command: Command, by: Decided): readonly Event[] | Refusal<Code>
  evolve(state: State, event: Event, by: Decided): State
} // prettier-ignore

/** The same for the ledger. Data of our events are JSON by their types, which the compiler cannot see of interfaces and read-only lists. */
export function asDecider<State, Command, Event extends { readonly type: string; readonly data: object }, Code extends string>(
  rules: Rules<State, Command, Event, Code>,
): Decider<State, Command, Event & DecisionEvent, Code> {
  return rules as unknown as Decider<State, Command, Event & DecisionEvent, Code>
} // prettier-ignore
