import type { StoredRecord } from '@catena/domain'
import type { UserEvent } from './user-event.js'

/** Types whose `token_id` names a token that this very event issued, so that no second event can carry it. */
const ISSUING = new Set([
  'LOGIN',
  'CLIENT_LOGIN',
  'CODE_TO_TOKEN',
  'REFRESH_TOKEN',
  'OAUTH2_DEVICE_CODE_TO_TOKEN',
  'AUTHREQID_TO_TOKEN',
  'TOKEN_EXCHANGE',
])

/**
 * Equal for the stored event and its log line where both carry the id of the token issued.
 * Elsewhere nothing tells the two apart from a repetition: one session may sign in to one client many times,
 * and the stamps of the two forms differ by as much as the server is slow. Each form then is a fact of its own.
 */
export function factIdOf(event: UserEvent, record: StoredRecord): string {
  const issued = ISSUING.has(event.type) && !event.isError ? event.detail('token_id') : undefined
  const session = event.sessionId ?? event.detail('code_id')
  const type = event.isError ? `${event.type}_ERROR` : event.type
  const parts = [event.realm, type, event.userId, session, event.clientId, issued ?? event.id ?? record.recordId]
  return `keycloak:${parts.map((part) => part ?? '-').join(':')}`
}
