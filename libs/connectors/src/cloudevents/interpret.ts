import { issuerScope, text, type Activity, type Outcome, type SourceInstance, type StoredRecord } from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { objectOr } from '../parsing.js'
import { agent } from './agents.js'
import { approval } from './approvals.js'
import { call } from './calls.js'
import type { Concern } from './event-types.js'
import { exposure } from './exposure.js'
import { profiledType } from './identify.js'
import { lifecycle } from './lifecycle.js'
import { secret } from './secrets.js'
import { session } from './sessions.js'
import type { Context, Told } from './told.js'

const READERS: Readonly<Record<Concern, (context: Context) => Told>> = {
  agent,
  session,
  call,
  secret,
  approval,
  lifecycle,
  exposure,
}

export function interpretEvent(record: StoredRecord, source: SourceInstance): Activity {
  const type = profiledType(record.payload)
  const common = {
    factId: factIdOf(record, source),
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: 1,
    conflicts: [],
    positions: [record.position],
  }
  if (type === undefined) return { ...common, kind: 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  const system = issuerScope(source.kind, source.scope)
  const groups = new KeyGroups(system, record.position)
  const data = objectOr(record.payload.data)
  const name = record.type.replace(/^catena\./, '').replace(/\.v\d+$/, '')
  const outcome = outcomeOf(type.concern, name, text(data.outcome))
  const told = READERS[type.concern]({ name, data, groups, source, system, outcome })
  return {
    ...common,
    kind: told.kind ?? type.kind,
    outcome,
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: groups.all,
    attributes: withoutUnstated({ traceparent: text(record.payload.traceparent), ...told.attributes }),
  }
}

/** CloudEvents: producer and id together name an event. */
function factIdOf({ payload, recordId }: StoredRecord, { scope }: SourceInstance): string {
  const [producer, id] = [text(payload.source), text(payload.id)]
  return `cloudevents:${scope}:${producer === undefined || id === undefined ? `record:${recordId}` : `${producer}#${id}`}`
}

const OUTCOMES: Readonly<Record<string, Outcome>> = { succeeded: 'succeeded', denied: 'denied', failed: 'failed' }

const ASKED = new Set(['session.started', 'tool.called'])

/** Something that was asked for may have been refused, so its event must say how it went; other events tell of what has happened. */
function outcomeOf(concern: Concern, name: string, stated: string | undefined): Outcome {
  if (stated !== undefined) return Object.hasOwn(OUTCOMES, stated) ? (OUTCOMES[stated] ?? 'unknown') : 'unknown'
  return ASKED.has(name) || concern === 'secret' ? 'unknown' : 'succeeded'
}
