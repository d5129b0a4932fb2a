import { isObject, text, type ActivityKind, type Outcome } from '@catena/domain'
import type { AuditRecord } from './record.js'

/** Errors as redaction leaves them: what they say about the outcome, and nothing that they quote. */
const FAULTS = new Set(['other error', 'invalid lease'])

export function outcomeOf(record: AuditRecord, kind: ActivityKind): Outcome {
  const error = text(record.payload.error)
  if (error !== undefined) return FAULTS.has(error) ? 'failed' : 'denied'
  if (isObject(record.auth.policy_results) && record.auth.policy_results.allowed === false) return 'denied'
  if (!record.isResponse) return 'unknown'
  const isWrapped = record.wrapInfo !== undefined
  // A refused JWT login has no error: only the token is missing from its answer.
  if (kind === 'login') return record.issued === undefined && !isWrapped ? 'denied' : 'succeeded'
  if (record.answer?.http_status_code === 404 || record.answer?.error !== undefined) return 'failed'
  const readNothing = kind === 'secret-read' && record.operation === 'read' && record.answer === undefined
  return readNothing && !isWrapped ? 'failed' : 'succeeded'
}

/** On a live token's denial `auth` is complete; only a revoked, expired or spent token leaves none. */
export function isDead({ payload, auth, request }: AuditRecord): boolean {
  const isRefused = payload.error === 'invalid token' || payload.error === 'invalid wrapping token'
  // A live caller who names a dead token in the body is told the same, and a login brings no token.
  const isKnown = [auth.accessor, auth.display_name, auth.entity_id].some((name) => text(name) !== undefined)
  return isRefused && !isKnown && text(request.client_token) !== undefined
}
