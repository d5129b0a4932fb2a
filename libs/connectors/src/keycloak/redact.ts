import { text, type JsonObject, type Mask } from '@catena/domain'
import { allow, embedded, redactBy, type RuleLiteral } from '../redaction.js'
import { datedUser, identifyKeycloak, loggedEvent, streamOf } from './identify.js'

/** What the listener and the store write of every event, whatever its type. */
const ENVELOPE: RuleLiteral = {
  id: 'keep',
  type: 'keep',
  time: 'keep',
  realmId: 'keep',
  realmName: 'keep',
  clientId: 'keep',
  userId: 'keep',
  sessionId: 'keep',
  ipAddress: 'keep',
  error: 'keep',
  operationType: 'keep',
  resourceType: 'keep',
}

/** Details that join or explain. Ids of tokens are masked (equal ids stay equal), so are redirect URIs and free text. */
const DETAILS: RuleLiteral = {
  username: 'keep',
  email: 'keep',
  previous_email: 'keep',
  updated_email: 'keep',
  first_name: 'keep',
  last_name: 'keep',
  updated_first_name: 'keep',
  updated_last_name: 'keep',
  code_id: 'keep',
  auth_method: 'keep',
  auth_type: 'keep',
  acr: 'keep',
  amr: 'keep',
  credential_type: 'keep',
  client_auth_method: 'keep',
  grant_type: 'keep',
  response_type: 'keep',
  response_mode: 'keep',
  refresh_token_type: 'keep',
  scope: 'keep',
  consent: 'keep',
  identity_provider: 'keep',
  identity_provider_identity: 'keep',
  register_method: 'keep',
  impersonator: 'keep',
  impersonator_realm: 'keep',
  revoked_client: 'keep',
}

/** One entity of the admin API: a user, group, role or client. Attributes may hold anything and are left out. */
const ENTITY: RuleLiteral = {
  id: 'keep',
  username: 'keep',
  email: 'keep',
  emailVerified: 'keep',
  firstName: 'keep',
  lastName: 'keep',
  enabled: 'keep',
  createdTimestamp: 'keep',
  name: 'keep',
  path: 'keep',
  clientId: 'keep',
  containerId: 'keep',
  type: 'keep',
  value: 'drop',
  token: 'drop',
  secret: 'drop',
  credentials: 'drop',
  attributes: 'drop',
  access: 'drop',
}

/** Sessions and tokens of a realm that are older are void, s. */
const REALM: RuleLiteral = { notBefore: 'number' }

const ADMIN: RuleLiteral = { resourcePath: 'keep', representation: embedded({ ...ENTITY, ...REALM }) }
const ADMIN_DETAILS: RuleLiteral = { username: 'keep', email: 'keep' }
const AUTH_DETAILS: RuleLiteral = { realmId: 'keep', clientId: 'keep', userId: 'keep', ipAddress: 'keep' }

const LINE: RuleLiteral = {
  timestamp: 'keep',
  level: 'keep',
  loggerName: 'keep',
  hostName: 'keep',
  sequence: 'keep',
  processId: 'keep',
}

const USER_EVENT = allow({ ...ENVELOPE, details: DETAILS })
/** Nobody was found under this name, so it may be anything that was typed into the field: a password, too. */
const NOBODYS_EVENT = allow({ ...ENVELOPE, details: { ...DETAILS, username: 'mask' } })
const ADMIN_EVENT = allow({ ...ENVELOPE, ...ADMIN, details: ADMIN_DETAILS, authDetails: AUTH_DETAILS })
const UNKNOWN_EVENT = allow({ ...ENVELOPE, authDetails: AUTH_DETAILS })
const DIRECTORY = allow(ENTITY)
const DATED_DIRECTORY = allow({ at: 'keep', user: ENTITY })
const LOGGED_USER_EVENT = allow({ ...LINE, event: { ...DETAILS, ...ENVELOPE } })
const LOGGED_NOBODYS_EVENT = allow({ ...LINE, event: { ...DETAILS, ...ENVELOPE, username: 'mask' } })
const LOGGED_ADMIN_EVENT = allow({ ...LINE, event: { ...ADMIN_DETAILS, ...ADMIN, ...ENVELOPE } })
const LOGGED_UNKNOWN_EVENT = allow({ ...LINE, event: ENVELOPE })
const LOG_LINE = allow(LINE)
const OTHER = allow({})

export function redactKeycloak(record: JsonObject, mask: Mask): JsonObject {
  return redactBy(ruleFor(record), record, mask)
}

function ruleFor(record: JsonObject): ReturnType<typeof allow> {
  const { known, type } = identifyKeycloak(record)
  switch (streamOf(record)) {
    case 'directory':
      return datedUser(record) === undefined ? DIRECTORY : DATED_DIRECTORY
    case 'events':
      if (!known) return UNKNOWN_EVENT
      return isNobodys(record, type) ? NOBODYS_EVENT : USER_EVENT
    case 'admin-events':
      return known ? ADMIN_EVENT : UNKNOWN_EVENT
    case 'log':
      return ruleForLine(loggedEvent(record), known, type)
    case 'other':
      return OTHER
  }
}

function ruleForLine(event: JsonObject | undefined, known: boolean, type: string): ReturnType<typeof allow> {
  if (event === undefined) return LOG_LINE
  if (!known) return LOGGED_UNKNOWN_EVENT
  if (event.operationType !== undefined) return LOGGED_ADMIN_EVENT
  return isNobodys(event, type) ? LOGGED_NOBODYS_EVENT : LOGGED_USER_EVENT
}

function isNobodys(event: JsonObject, type: string): boolean {
  const userId = text(event.userId)
  return type.endsWith('_ERROR') && (userId === undefined || userId === 'null')
}
