import type { Decided, DecisionEvent, Decider } from '@catena/domain'
import type { NewDecision } from './decisions.js'
import type { LedgerEvent } from './port.js'
import { storableJson } from './storable.js'

/** An event of a stream of decisions as it stands in the ledger. */
export interface RecordedDecision<Event extends DecisionEvent = DecisionEvent> {
  readonly event: Event
  readonly by: Decided
  readonly position: number
  readonly stream: string
  /** Contiguous from 1 in its stream. */
  readonly version: number
  readonly schemaVersion: number
  readonly causation: string | undefined
}

type Schemas<Event extends DecisionEvent> = Pick<Decider<never, never, Event>, 'schemaVersions' | 'upcasters'>

export function encodeDecision<Event extends DecisionEvent>(
  { schemaVersions }: Schemas<Event>,
  event: Event,
  by: Decided,
  more: Pick<NewDecision, 'subjects' | 'causation'>,
): NewDecision {
  const versions: Readonly<Record<string, number | undefined>> = schemaVersions ?? {}
  return {
    type: event.type,
    schemaVersion: versions[event.type] ?? 1,
    occurredAt: by.at,
    actor: by.actor,
    payload: Buffer.from(JSON.stringify(event.data)),
    ...more,
  }
}

/** The decision in an event; undefined for a record, and for a decision whose content was erased. */
export function decodeDecision(event: LedgerEvent): RecordedDecision | undefined {
  if (event.streamVersion === undefined || event.payload === undefined) return undefined
  return {
    event: { type: event.type, data: dataIn(event.payload.toString('utf8')) },
    by: { actor: event.actor ?? '', at: event.occurredAt },
    position: event.position,
    stream: event.stream,
    version: event.streamVersion,
    schemaVersion: event.schemaVersion,
    causation: event.causation,
  }
}

/** How JSON writes NUL and halves of surrogate pairs. */
const UNSTORABLE_ESCAPE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i

/** The ledger keeps what was said; whoever folds it gets what a text column holds, so that one text stops no view. */
function dataIn(json: string): DecisionEvent['data'] {
  const data = JSON.parse(json) as DecisionEvent['data']
  return UNSTORABLE_ESCAPE.test(json) ? (JSON.parse(storableJson(data)) as DecisionEvent['data']) : data
}

/** The same decision with its data in today's shape. */
export function liftDecision<Event extends DecisionEvent>(
  { upcasters, schemaVersions }: Schemas<Event>,
  recorded: RecordedDecision,
): RecordedDecision<Event> {
  const { type } = recorded.event
  const versions: Readonly<Record<string, number | undefined>> = schemaVersions ?? {}
  const lifters: Readonly<
    Record<string, Readonly<Record<number, (data: DecisionEvent['data']) => DecisionEvent['data']>> | undefined>
  > = upcasters ?? {}
  let { data } = recorded.event
  for (let version = recorded.schemaVersion; version < (versions[type] ?? 1); version++)
    data = lifters[type]?.[version]?.(data) ?? data
  return { ...recorded, event: { type, data } as Event }
}
