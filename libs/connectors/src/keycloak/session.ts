import type {
  Activity,
  ActivityKind,
  Attributes,
  KeyGroup,
  Outcome,
  SourceInstance,
  StoredRecord,
} from '@catena/domain'
import { factIdOf } from './fact-id.js'
import { activityOf, groupOf } from './facts.js'
import type { UserEvent } from './user-event.js'

/** Types that come through a session that exists. */
const THROUGH_SESSION: Readonly<Record<string, ActivityKind>> = {
  CODE_TO_TOKEN: 'code-exchanged',
  OAUTH2_DEVICE_CODE_TO_TOKEN: 'code-exchanged',
  AUTHREQID_TO_TOKEN: 'code-exchanged',
  REFRESH_TOKEN: 'session-refreshed',
  TOKEN_EXCHANGE: 'token-created',
  OAUTH2_EXTENSION_GRANT: 'token-created',
  JWT_BEARER: 'token-created',
  PERMISSION_TOKEN: 'token-created',
  CLIENT_REGISTER: 'configuration-changed',
  CLIENT_UPDATE: 'configuration-changed',
  CLIENT_DELETE: 'configuration-changed',
}

/** A session that the administrator opened in a person's name: who holds it is not the person it is bound to. */
const IMPERSONATE = 'IMPERSONATE'
const AUTHENTICATING = new Set(['LOGIN', 'CLIENT_LOGIN', IMPERSONATE])

/** Signed out by its holder, or removed by the server once it had expired (newer than Keycloak 26.4). */
const ENDS_SESSION = new Set(['LOGOUT', 'USER_SESSION_DELETED'])

export function interpretSessionEvent(event: UserEvent, record: StoredRecord, source: SourceInstance): Activity {
  return activityOf(record, source, {
    factId: factIdOf(event, record),
    kind: kindOf(event.type),
    outcome: outcomeOf(event),
    groups: event.isError ? claims(event, record) : links(event, record),
    attributes: { ...sessionAttributes(event), ...strengthOf(event) },
  })
}

function kindOf(type: string): ActivityKind {
  if (AUTHENTICATING.has(type)) return 'login'
  if (ENDS_SESSION.has(type)) return 'logout'
  return THROUGH_SESSION[type] ?? 'operation'
}

/** Refusing to authenticate or to issue is a denial, any other error a failure. */
export function outcomeOf(event: UserEvent): Outcome {
  if (!event.isError) return 'succeeded'
  return AUTHENTICATING.has(event.type) || /TOKEN/.test(event.type) ? 'denied' : 'failed'
}

function links(event: UserEvent, { position }: StoredRecord): KeyGroup[] {
  const { realm, sessionId, userId } = event
  if (ENDS_SESSION.has(event.type))
    return groupOf({ role: 'session', verb: 'ends' }, 'idp-session', realm, sessionId, position)
  if (!AUTHENTICATING.has(event.type)) {
    return [
      ...groupOf({ role: 'session', verb: 'presents' }, 'idp-session', realm, sessionId, position),
      ...groupOf({ role: 'person', verb: 'presents' }, 'person', realm, userId, position),
    ]
  }
  const by = event.detail('impersonator') === undefined && event.type !== IMPERSONATE ? 'login' : 'handover'
  const name = event.detail('username')?.toLowerCase()
  return [
    ...groupOf({ role: 'session', verb: 'establishes', by }, 'idp-session', realm, sessionId, position),
    ...groupOf({ role: 'person', verb: 'binds' }, 'person', realm, userId, position),
    ...groupOf({ role: 'person-name', verb: 'binds' }, 'person-name', realm, name, position),
  ]
}

/** Nobody authenticated: whom the request named is a hint. */
function claims(event: UserEvent, { position }: StoredRecord): KeyGroup[] {
  const { realm, sessionId, userId } = event
  const claimed = { verb: 'presents', trust: 'claimed' } as const
  return [
    ...groupOf({ role: 'claimed-person', ...claimed }, 'person', realm, userId, position),
    ...groupOf({ role: 'claimed-session', ...claimed }, 'idp-session', realm, sessionId, position),
  ]
}

export function sessionAttributes(event: UserEvent): Attributes {
  return {
    realm: event.realm,
    clientId: event.clientId,
    address: event.address,
    userId: event.userId,
    username: event.detail('username'),
    error: event.error,
    impersonator: event.detail('impersonator'),
  }
}

/** How the holder authenticated, where recorded; `principalKind` marks a client's service account. */
function strengthOf(event: UserEvent): Attributes {
  return {
    authMethod: event.detail('auth_method'),
    clientAuthMethod: event.detail('client_auth_method'),
    grantType: event.detail('grant_type'),
    acr: event.detail('acr'),
    amr: event.detail('amr'),
    identityProvider: event.detail('identity_provider'),
    principalKind: event.type === 'CLIENT_LOGIN' ? 'workload' : undefined,
  }
}
