import { text, type Activity, type SourceInstance, type StoredRecord } from '@catena/domain'
import { withoutUnstated } from '../observation.js'
import { callerAttributes, presentCaller } from './caller.js'
import type { Concern } from './event-names.js'
import { Groups } from './groups.js'
import { accessKey, iam } from './iam.js'
import { callOf, isAside } from './identify.js'
import { kms } from './kms.js'
import { readEvent, type CloudEvent } from './record.js'
import { machine, parameter, secret } from './secrets.js'
import { federate, issue, signIn } from './sessions.js'
import type { Context, Told } from './told.js'

/** CloudTrail stamps events in whole seconds. */
const RESOLUTION_MS = 1000

const READERS: Readonly<Record<Concern, (context: Context) => Told>> = {
  federate,
  issue,
  'sign-in': signIn,
  secret,
  parameter,
  machine,
  'access-key': accessKey,
  iam,
  kms,
  plain: () => ({}),
}

export function interpretEvent(record: StoredRecord, source: SourceInstance): Activity {
  const call = callOf(record.payload)
  const groups = new Groups(record.position)
  const event = readEvent(record)
  if (call === undefined) {
    const kind = isAside(record.payload) ? 'not-about-access' : 'unclassified'
    return activityOf(record, source, { kind, groups: [], attributes: {} })
  }
  const isSeen = isSeenOnTheWay(event)
  const kind = isSeen ? 'operation' : call.kind
  const context: Context = { event, name: call.name, kind, groups, source }
  presentCaller(context)
  const told = isSeen ? {} : READERS[call.concern](context)
  return activityOf(record, source, {
    kind: told.kind ?? kind,
    outcome: event.outcome,
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: groups.all,
    attributes: withoutUnstated({ ...callerAttributes(context), ...told.attributes }),
  })
}

/**
 * The owner of a VPC endpoint is told of each call that passed it, under ids of its own and without request or answer. The service logs the
 * call itself, but for those that the endpoint did not let through.
 */
function isSeenOnTheWay({ payload }: CloudEvent): boolean {
  return payload.eventType === 'AwsVpceEvent' && payload.errorCode !== 'VpceAccessDenied'
}

type Draft = Pick<Activity, 'kind' | 'groups' | 'attributes'> & Partial<Pick<Activity, 'outcome' | 'target'>>

function activityOf(record: StoredRecord, source: SourceInstance, draft: Draft): Activity {
  return {
    factId: factIdOf(record),
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    outcome: 'unknown',
    conflicts: [],
    positions: [record.position],
    ...draft,
  }
}

/** Two accounts log one call under ids of their own and one shared id; ids are unique over all of AWS. */
function factIdOf({ payload, recordId }: StoredRecord): string {
  return `aws-cloudtrail:${text(payload.sharedEventID) ?? text(payload.eventID) ?? `record:${recordId}`}`
}
