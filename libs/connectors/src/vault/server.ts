import { makeKey, textAt, type Activity, type SourceInstance, type StoredRecord } from '@catena/domain'

/** A line of the server log: the only place that shows leases ending by themselves. */
export function interpretServer(stored: StoredRecord, source: SourceInstance): Activity {
  const leaseId = textAt(stored.payload, 'lease_id')
  const ended = leaseId !== undefined && stored.payload['@message'] === 'revoked lease'
  const key = makeKey('vault-lease', source.scope, leaseId ?? '')
  return {
    // The log repeats a line only by a copy of the same bytes; two ends of one lease are one fact.
    factId: ended ? `vault:${source.scope}:lease-end:${leaseId}` : `vault:${source.scope}:record:${stored.recordId}`,
    source: source.id,
    kind: ended ? 'lease-ended' : 'unclassified',
    type: stored.type,
    occurredAt: stored.occurredAt,
    resolutionMs: 0,
    outcome: ended ? 'succeeded' : 'unknown',
    groups: ended
      ? [{ role: 'lease', verb: 'ends', trust: 'verified', forms: [{ key, position: stored.position }] }]
      : [],
    attributes: ended ? tokenLease(leaseId) : {},
    conflicts: [],
    positions: [stored.position],
  }
}

/** A token's own lease is its login path and a salted hash that joins to nothing: only path and time lead to the token. */
function tokenLease(leaseId: string): { readonly tokenPath?: string } {
  const [, path] = /^(auth\/.+)\/h[0-9a-f]{64}(?:\.[\w-]+)?$/.exec(leaseId) ?? []
  return path === undefined ? {} : { tokenPath: path }
}
