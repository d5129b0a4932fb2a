import { formatInstant, type Instant } from '@catena/domain'
import type { FeedContent, FeedEvent } from '../../feed/event.js'
import { severityName } from '../../feed/kinds.js'
import type { Format } from '../format.js'
import { CLASS_PARTS } from './class-parts.js'
import { OCSF_CLASS_NAMES, OCSF_CLASSES } from './classes.js'
import type { Json } from './objects.js'

const OCSF_VERSION = '1.8.0'
/** Profiles whose fields are used: `*_dt`, and confidence. */
const PROFILES = ['datetime', 'security_control']
const STATUS = {
  succeeded: [1, 'Success'],
  denied: [2, 'Failure'],
  failed: [2, 'Failure'],
  unknown: [0, 'Unknown'],
} as const
const FINDING_STATUS = { open: [1, 'New'], updated: [2, 'In Progress'], closed: [4, 'Resolved'] } as const
/** How far a reader may rest on the named user: OCSF has no word for ambiguous and missing. */
const CONFIDENCE = { proven: [3, 'High'], inferred: [2, 'Medium'], ambiguous: [1, 'Low'], missing: [0, 'Unknown'] } as const // prettier-ignore
const NOT_ASKED = [undefined, undefined] as const

/** https://schema.ocsf.io/1.8.0. What OCSF has no field for stands under `unmapped.catena`, the whole chain among it. */
export const OCSF: Format = {
  name: 'ocsf',
  version: OCSF_VERSION,
  contentType: 'application/json',
  render: (event, sentAt) => JSON.stringify(toOcsf(event, sentAt)),
}

/** Members that are undefined are not written. */
export function toOcsf(event: FeedEvent, sentAt: Instant): Json {
  const { content } = event
  const { classUid, activityId, activityName } = OCSF_CLASSES[content.kind]
  const [statusId, status] = statusOf(content, classUid)
  const [confidenceId, confidence] = content.actor === undefined ? NOT_ASKED : CONFIDENCE[content.actor.state]
  return {
    metadata: metadataOf(event, sentAt),
    class_uid: classUid,
    class_name: OCSF_CLASS_NAMES[classUid],
    category_uid: Math.floor(classUid / 1000),
    activity_id: activityId,
    activity_name: activityName,
    type_uid: classUid * 100 + activityId,
    severity_id: content.severity,
    severity: severityName(content.severity),
    status_id: statusId,
    status,
    confidence_id: confidenceId,
    confidence,
    time: Math.floor(content.occurredAt),
    time_dt: formatInstant(content.occurredAt),
    message: content.summary,
    ...CLASS_PARTS[classUid](event),
    unmapped: { catena: restOf(event) },
  }
}

function metadataOf({ id, sequence, recordedAt, content }: FeedEvent, sentAt: Instant): Json {
  return {
    version: OCSF_VERSION,
    profiles: PROFILES,
    product: { name: 'Catena', vendor_name: 'Catena' },
    uid: id,
    sequence,
    event_code: content.kind,
    original_event_uid: content.reference,
    log_provider: content.source,
    logged_time: Math.floor(recordedAt),
    transmit_time: Math.floor(sentAt),
    is_truncated: content.dropped === undefined ? undefined : true,
  }
}

function statusOf({ outcome, kind }: FeedContent, classUid: number): readonly [number, string] {
  if (classUid >= 3000) return STATUS[outcome]
  if (kind === 'finding-updated') return FINDING_STATUS.updated
  return kind === 'finding-closed' ? FINDING_STATUS.closed : FINDING_STATUS.open
}

function restOf({ revision, hash, content }: FeedEvent): Json {
  const { kind, source, type, outcome, actor, credentialCandidates, subject, entity, chain, details, dropped } = content
  return {
    kind,
    revision,
    hash,
    source,
    type,
    outcome,
    actor,
    credentialCandidates,
    subject,
    entity,
    chain,
    details,
    dropped,
  }
}
