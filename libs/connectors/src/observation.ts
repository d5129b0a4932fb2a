import type { Attributes, Json, Key, KeyGroup } from '@catena/domain'

export type GroupDraft = Omit<KeyGroup, 'forms' | 'trust'> & Partial<Pick<KeyGroup, 'trust'>>

/** The group of one thing by one name; none where the record does not state it. Verified, unless the draft says otherwise. */
export function keyGroup(draft: GroupDraft, key: Key | undefined, position: number): KeyGroup[] {
  return key === undefined ? [] : [{ trust: 'verified', ...draft, forms: [{ key, position }] }]
}

/** In the order that `merge` keeps, so that merging an activity with itself changes nothing. */
export function inMergeOrder(groups: readonly KeyGroup[]): KeyGroup[] {
  return [...groups].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

function orderOf({ role, verb, trust }: KeyGroup): string {
  return `${role}\u0000${verb}\u0000${trust}`
}

/** Attributes without those that the record does not state. */
export function withoutUnstated(attributes: Attributes): Attributes {
  const known: Record<string, Json> = {}
  for (const name in attributes) {
    const value = attributes[name]
    if (value !== undefined) known[name] = value
  }
  return known
}
