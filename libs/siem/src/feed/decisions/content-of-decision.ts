import type { VerdictChanged } from '@catena/governance'
import type { RecordedDecision } from '@catena/ledger'
import type { FeedActor, FeedContent, FeedDraft } from '../event.js'
import { feedId } from '../feed-id.js'
import { severityOf } from '../kinds.js'
import type { DecisionReading, Told } from './reading.js'
import { DECISION_READINGS } from './readings.js'

type AnyReading = DecisionReading<RecordedDecision['event']['data']>

/** Written by a version of Catena that this one does not know: told by its name, stream and actor alone, never left out. */
const UNKNOWN: AnyReading = { kind: 'outcome-recorded' }

/** One draft per event of a stream of decisions, and per control where an event tells of several. */
export function draftsOfDecision(decision: Omit<RecordedDecision, 'schemaVersion'>): FeedDraft[] {
  const { type, data } = decision.event
  if (type !== 'VerdictChanged' || !Array.isArray(data['changes'])) return [draftOf(decision)]
  const { credential, changes } = data as Partial<VerdictChanged['data']>
  return (changes ?? []).map((change) => {
    const event = { type, data: { credential, ...change } }
    return draftOf({ ...decision, event }, `/${change.control}`)
  })
}

/** `part`: which part of the event it tells; empty: all of it. */
function draftOf({ event, by, stream, version, position }: Omit<RecordedDecision, 'schemaVersion'>, part = ''): FeedDraft {
  const reading = Object.hasOwn(DECISION_READINGS, event.type) ? (DECISION_READINGS as unknown as Record<string, AnyReading>)[event.type] ?? UNKNOWN : UNKNOWN
  const kind = typeof reading.kind === 'function' ? reading.kind(event.data) : reading.kind
  const severity = typeof reading.severity === 'function' ? reading.severity(event.data) : reading.severity
  const outcome = typeof reading.outcome === 'function' ? reading.outcome(event.data) : reading.outcome
  const told = { entity: { type: 'stream', id: stream }, ...reading.tell?.(event.data) }
  const content: FeedContent = {
    kind,
    severity: severity ?? severityOf(kind),
    occurredAt: by.at,
    outcome: outcome ?? 'succeeded',
    source: 'catena',
    reference: `${stream}/${version}`,
    type: event.type,
    summary: summaryOf(event.type, told, by.actor),
    actor: actorOf(by.actor),
    ...told,
  }
  // By its moment too: after a restore from an older copy another decision gets the version of one that is gone.
  return { id: feedId(`decision:${stream}/${version}${part} ${by.at}`), content, positions: [position] }
} // prettier-ignore

/** Programs act under `machine:` and `timer:`; everybody else is a person's account with Catena. */
function actorOf(actor: string): FeedActor {
  const kind = /^(machine|timer):/.test(actor) ? 'workload' : 'account'
  return { state: 'proven', kind, id: actor, name: actor }
}

/** `Verdict changed: credential:… (control x, verdict uncontrolled), by timer:controls` */
function summaryOf(type: string, { entity, details }: Told, actor: string): string {
  const about = entity?.name ?? entity?.id ?? ''
  const more = Object.entries(details ?? {}).map(([name, value]) => `${name} ${value}`)
  return `${spaced(type)}: ${about}${more.length === 0 ? '' : ` (${more.join(', ')})`}, by ${actor}`
}

/** `ReviewItemDecided` → `Review item decided`. */
function spaced(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}
