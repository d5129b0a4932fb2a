import {
  makeKey,
  textAt,
  type Activity,
  type ActivityKind,
  type KeyGroup,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { isHousekeeping, REVOKED, UNAUDITED } from './server-messages.js'

/** A line of the server log: the only place that shows leases ending by themselves. */
export function interpretServer(stored: StoredRecord, source: SourceInstance): Activity {
  const leaseId = textAt(stored.payload, 'lease_id')
  const message = textAt(stored.payload, '@message')
  const ended = leaseId !== undefined && message === REVOKED
  const kind = ended ? 'lease-ended' : kindOf(stored.type, message)
  return {
    // One lease ends once: two lines that say so are one fact.
    factId: ended ? `vault:${source.scope}:lease-end:${leaseId}` : `vault:${source.scope}:record:${stored.recordId}`,
    source: source.id,
    kind,
    type: stored.type,
    occurredAt: stored.occurredAt,
    resolutionMs: 0,
    outcome: ended || kind === 'operation' ? 'succeeded' : 'unknown',
    groups: ended ? groupsOf(leaseId, source.scope, stored.position) : [],
    attributes: {
      ...(ended ? { leaseId } : {}),
      ...(kind === 'operation' && message !== undefined ? { message } : {}),
    },
    conflicts: [],
    positions: [stored.position],
  }
}

function kindOf(type: string, message: string | undefined): ActivityKind {
  if (type === 'server.core' && message !== undefined && UNAUDITED.has(message)) return 'operation'
  return isHousekeeping(type, message) ? 'not-about-access' : 'unclassified'
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
