import type { Json } from './json.js'
import type { Instant } from './time.js'

/** What came of a command. The type's literal equals the event's name: a past fact that reads alone, `GrantRevoked`. */
export interface DecisionEvent {
  readonly type: string
  readonly data: Readonly<Record<string, Json | undefined>>
}

/** Who decided, and when. Comes in with the command: deciders have neither clock nor session. */
export interface Decided {
  /** Id of the caller: a person, a machine, or `timer:<name>`. */
  readonly actor: string
  readonly at: Instant
  /** Where the decision stands in the ledger; not known yet while it is made. */
  readonly position?: number
}

/** A rule said no: an answer, not a fault. The message says what to do instead. */
export interface Refusal<Code extends string = string> {
  readonly refused: Code
  readonly message: string
}

export function refusal<Code extends string>(refused: Code, message: string): Refusal<Code> {
  return { refused, message }
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refused' in answer
}

/**
 * The rules of one kind of stream; pure. `evolve` never refuses: what is in the stream has happened.
 * An empty list of events says that the command changes nothing, which is how a repeated command is idempotent.
 */
export interface Decider<State, Command, Event extends DecisionEvent, Code extends string = string> {
  readonly initial: State
  decide(state: State, command: Command, by: Decided): readonly Event[] | Refusal<Code>
  evolve(state: State, event: Event, by: Decided): State
  /** Version of each event's data; 1 where it names none. Raised with an upcaster when the data changes its shape. */
  readonly schemaVersions?: Readonly<Partial<Record<Event['type'], number>>>
  /** Lifts the data of an event from the given version to the next; what is stored never changes. */
  readonly upcasters?: Readonly<Partial<Record<Event['type'], Readonly<Record<number, EventUpcaster>>>>>
}

export type EventUpcaster = (data: DecisionEvent['data']) => DecisionEvent['data']

/** State of a stream of events. */
export function fold<State, Event extends DecisionEvent>(
  decider: Pick<Decider<State, never, Event>, 'initial' | 'evolve'>,
  history: readonly { readonly event: Event; readonly by: Decided }[],
): State {
  return history.reduce((state, { event, by }) => decider.evolve(state, event, by), decider.initial)
}
