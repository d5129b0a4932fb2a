import {
  issuerScope,
  makeKey,
  type Activity,
  type Attributes,
  type Json,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'

/** Milliseconds between two stamps that Keycloak can tell apart: events carry whole ones. */
export const RESOLUTION_MS = 1

export type GroupDraft = Omit<KeyGroup, 'forms' | 'trust'> & Partial<Pick<KeyGroup, 'trust'>>

/** The group of one standing or minted value of a realm; none where the record does not state the value. */
export function groupOf(
  draft: GroupDraft,
  namespace: Namespace,
  realm: string,
  value: string | undefined,
  position: number,
): KeyGroup[] {
  if (value === undefined) return []
  const key = makeKey(namespace, issuerScope('keycloak', realm), value)
  return [{ trust: 'verified', ...draft, forms: [{ key, position }] }]
}

type ActivityDraft = Pick<Activity, 'factId' | 'kind' | 'outcome'> &
  Partial<Pick<Activity, 'occurredAt' | 'target'>> & { groups?: KeyGroup[]; attributes?: Attributes }

/** Completes a draft in the order that `merge` keeps, so that merging an activity with itself changes nothing. */
export function activityOf(record: StoredRecord, source: SourceInstance, draft: ActivityDraft): Activity {
  const attributes: Record<string, Json> = {}
  for (const [name, value] of Object.entries(draft.attributes ?? {})) if (value !== undefined) attributes[name] = value
  return {
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    ...draft,
    groups: [...(draft.groups ?? [])].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
    attributes,
    conflicts: [],
    positions: [record.position],
  }
}

function orderOf(group: KeyGroup): string {
  return `${group.role}\u0000${group.verb}\u0000${group.trust}`
}
