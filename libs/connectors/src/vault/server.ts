import { makeKey, textAt, type Activity, type KeyGroup, type SourceInstance, type StoredRecord } from '@catena/domain'

/** A line of the server log: the only place that shows leases ending by themselves. */
export function interpretServer(stored: StoredRecord, source: SourceInstance): Activity {
  const leaseId = textAt(stored.payload, 'lease_id')
  const ended = leaseId !== undefined && stored.payload['@message'] === 'revoked lease'
  return {
    // One lease ends once: two lines that say so are one fact.
    factId: ended ? `vault:${source.scope}:lease-end:${leaseId}` : `vault:${source.scope}:record:${stored.recordId}`,
    source: source.id,
    kind: ended ? 'lease-ended' : 'unclassified',
    type: stored.type,
    occurredAt: stored.occurredAt,
    resolutionMs: 0,
    outcome: ended ? 'succeeded' : 'unknown',
    groups: ended ? groupsOf(leaseId, source.scope, stored.position) : [],
    attributes: ended ? { leaseId } : {},
    conflicts: [],
    positions: [stored.position],
  }
}

/** A token's own lease is the path that made it and a salted hash that joins to nothing: only path and time lead to the token. */
const TOKEN_LEASE = /^(auth\/.+)\/h[0-9a-f]{64}(?:\.[\w-]+)?$/

function groupsOf(leaseId: string, scope: string, position: number): KeyGroup[] {
  const [, tokenPath] = TOKEN_LEASE.exec(leaseId) ?? []
  const group = (role: string, key: KeyGroup['forms'][number]['key']): KeyGroup => ({
    role,
    verb: 'ends',
    trust: 'verified',
    forms: [{ key, position }],
  })
  if (tokenPath === undefined) return [group('lease', makeKey('vault-lease', scope, leaseId))]
  return [group('token-path', makeKey('vault-token-path', scope, tokenPath))]
}
