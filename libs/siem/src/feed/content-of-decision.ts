import type { RecordedDecision } from '@catena/ledger'
import type { Instant, Json } from '@catena/domain'
import type { FeedContent, FeedDraft } from './event.js'
import { feedId } from './feed-id.js'
import { severityOf, type FeedKind, type Severity } from './kinds.js'

/** What a type of decision event becomes. Only what is named here leaves; whatever else the data holds stays inside. */
export interface DecisionReading {
  readonly kind: FeedKind | ((data: Data) => FeedKind)
  readonly severity?: (data: Data) => Severity
  /** What is told beside kind, actor and time. */
  readonly tell?: (
    data: Data,
  ) => Pick<FeedContent, 'subject' | 'group' | 'entity' | 'credential' | 'details' | 'related'>
}

export type Data = RecordedDecision['event']['data']

/** One draft per event of a stream of decisions. A type without a reading is told by its name, stream and actor alone, never left out. */
export function draftOfDecision(
  { event, by, stream, version, position }: Omit<RecordedDecision, 'schemaVersion'>,
  readings: Readonly<Record<string, DecisionReading>>,
): FeedDraft {
  const reading = readings[event.type]
  const kind = kindOf(reading, event.data)
  const content: FeedContent = {
    kind,
    severity: reading?.severity?.(event.data) ?? severityOf(kind),
    occurredAt: by.at,
    outcome: 'succeeded',
    source: 'catena',
    reference: `${stream}/${version}`,
    type: event.type,
    summary: `${spaced(event.type)} in ${stream}, by ${by.actor}`,
    actor: { state: 'proven', kind: 'account', id: by.actor, name: by.actor },
    ...reading?.tell?.(event.data),
  }
  return { id: feedId(`decision:${stream}/${version}`), content, positions: [position] }
}

function kindOf(reading: DecisionReading | undefined, data: Data): FeedKind {
  if (reading === undefined) return 'outcome-recorded'
  return typeof reading.kind === 'function' ? reading.kind(data) : reading.kind
}

/** `ReviewItemDecided` → `Review item decided`. */
function spaced(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

export function textOf(data: Data, name: string): string | undefined {
  const value: Json | undefined = data[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A draft of what Catena itself saw, with an id that is the same however often it is seen. */
export function draftOfObservation(of: {
  readonly id: string
  readonly kind: FeedKind
  readonly at: Instant
  readonly source: string
  readonly summary: string
  readonly entity: NonNullable<FeedContent['entity']>
  readonly details?: Readonly<Record<string, string>>
}): FeedDraft {
  return {
    id: feedId(of.id),
    content: {
      kind: of.kind,
      severity: severityOf(of.kind),
      occurredAt: of.at,
      outcome: 'unknown',
      source: of.source,
      reference: of.id,
      type: of.kind,
      summary: of.summary,
      entity: of.entity,
      ...(of.details === undefined ? {} : { details: of.details }),
    },
    positions: [],
  }
}
