import {
  issuerScope,
  makeKey,
  type Activity,
  type Attributes,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { inMergeOrder, keyGroup, withoutUnstated, type GroupDraft } from '../observation.js'

/** Milliseconds between two stamps that Keycloak can tell apart: events carry whole ones. */
export const RESOLUTION_MS = 1

/** The group of one standing or minted value of a realm; none where the record does not state the value. */
export function groupOf(
  draft: GroupDraft,
  namespace: Namespace,
  realm: string,
  value: string | undefined,
  position: number,
): KeyGroup[] {
  const key = value === undefined ? undefined : makeKey(namespace, issuerScope('keycloak', realm), value)
  return keyGroup(draft, key, position)
}

type ActivityDraft = Pick<Activity, 'factId' | 'kind' | 'outcome'> &
  Partial<Pick<Activity, 'occurredAt' | 'target'>> & { groups?: KeyGroup[]; attributes?: Attributes }

/** Completes a draft. */
export function activityOf(record: StoredRecord, source: SourceInstance, draft: ActivityDraft): Activity {
  return {
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    ...draft,
    groups: inMergeOrder(draft.groups ?? []),
    attributes: withoutUnstated(draft.attributes ?? {}),
    conflicts: [],
    positions: [record.position],
  }
}
