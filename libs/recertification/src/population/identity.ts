import { hash } from 'node:crypto'
import { canonicalJson, type Key } from '@catena/domain'
import type { AccessRow, Accessor } from '../ports/access-summary.js'

/** What an access is, whatever campaign looks at it: accessor × credential × grant. 32 hex digits. */
export function subjectOf(row: Pick<AccessRow, 'credential' | 'accessor' | 'grant'>): string {
  return hash('sha256', canonicalJson([row.credential.id, accessorText(row.accessor), row.grant?.id ?? null]), 'hex').slice(0, 32)
} // prettier-ignore

/** Id of the review item of an access in a campaign; opaque. */
export function itemId(campaign: string, subject: string): string {
  return hash('sha256', `${campaign}\u0000${subject}`, 'hex').slice(0, 32)
}

/** What the names of all streams of items begin with. */
export const ITEM_STREAMS = 'review-item:'

/** Stream of the decisions about an item. */
export function itemStream(id: string): string {
  return `${ITEM_STREAMS}${id}`
}

export function accessorText(accessor: Accessor): string {
  switch (accessor.kind) {
    case 'person':
    case 'workload':
      return `${accessor.kind} ${accessor.key}`
    case 'shared':
      return `shared ${accessor.name}`
    case 'ambiguous':
      return `ambiguous ${accessor.candidates.map(({ key }) => key).sort().join(' ')}` // prettier-ignore
    case 'unknown':
      return `unknown ${accessor.reason}`
  }
}

/** Names an accessor of a credential, whatever the grant. */
export function knownName(credential: string, accessor: Accessor): string {
  return `${credential} ${accessorText(accessor)}`
}

const NOBODY = 'nobody known'

/** For people to read. */
export function accessorName(accessor: Accessor): string {
  switch (accessor.kind) {
    case 'person':
    case 'workload':
    case 'shared':
      return accessor.name
    case 'ambiguous':
      return `one of ${accessor.candidates.map(({ name }) => name).sort().join(', ')}` // prettier-ignore
    case 'unknown':
      // What is frozen begins with the name that the summary gives to nobody.
      return accessor.reason.startsWith(NOBODY) ? accessor.reason : `${NOBODY} (${accessor.reason})`
  }
}

/** What tells those of one name apart: the key of each whom it may be; none where nobody is known. */
export function accessorKeys(accessor: Accessor): Key[] {
  if (accessor.kind === 'ambiguous') return accessor.candidates.map(({ key }) => key).sort()
  return 'key' in accessor ? [accessor.key] : []
}

/** All names of whoever it may be; none where nobody is known. */
export function keysOf(accessor: Accessor): Key[] {
  switch (accessor.kind) {
    case 'person':
    case 'workload':
      return [accessor.key, ...accessor.aliases]
    case 'ambiguous':
      return accessor.candidates.flatMap(({ key, aliases }) => [key, ...aliases])
    case 'shared':
    case 'unknown':
      return []
  }
}
