import { at, isObject, list, text, type Json, type JsonObject, type Mask } from '@catena/domain'
import { allow, redactBy, type RuleLiteral } from '../redaction.js'
import { identifyOkta } from './identify.js'

const ENTITY: RuleLiteral = { id: 'keep', type: 'keep', alternateId: 'keep', displayName: 'keep' }

/** Nobody was found under this name, so it may be anything that was typed into the field: a password, too. */
const NOBODY: RuleLiteral = { id: 'keep', type: 'keep' }

const CLIENT: RuleLiteral = {
  id: 'keep',
  ipAddress: 'keep',
  device: 'keep',
  zone: 'keep',
  userAgent: { os: 'keep', browser: 'keep' },
  geographicalContext: 'drop',
}

const AUTHENTICATION: RuleLiteral = {
  externalSessionId: 'keep',
  rootSessionId: 'keep',
  authenticationProvider: 'keep',
  authenticationStep: 'keep',
  credentialProvider: 'keep',
  credentialType: 'keep',
}

const DEBUG_DATA: RuleLiteral = {
  requestId: 'keep',
  authnRequestId: 'keep',
  dtHash: 'keep',
  factor: 'keep',
  factorIntent: 'keep',
  grantType: 'keep',
  requestedScopes: 'keep',
  grantedScopes: 'keep',
  privilegeGranted: 'keep',
  privilegeRevoked: 'keep',
}

const ENVELOPE: RuleLiteral = {
  uuid: 'keep',
  published: 'keep',
  eventType: 'keep',
  legacyEventType: 'keep',
  severity: 'keep',
  version: 'keep',
}

const REQUEST: RuleLiteral = { ipChain: { ip: 'keep', version: 'keep', source: 'keep', geographicalContext: 'drop' } }
const TRANSACTION: RuleLiteral = { id: 'keep', type: 'keep', detail: { requestApiTokenId: 'keep' } }

/** Targets that are entities of the directory. Others may be codes and tokens, whose ids are masked. */
const ENTITY_TYPES = new Set(
  'User AppInstance AppUser UserGroup Token PublicClientApp PolicyEntity PolicyRule SystemPrincipal'.split(' '),
)
/** The same of events of Privileged Access: what it keeps, and where. */
const PRIVILEGED_TYPES = new Set([
  'User',
  'Secret',
  'Secret Path',
  'Service Account',
  'Server Account',
  'Server',
  'Project',
])
const ENTITY_TARGET = allow({
  ...ENTITY,
  detailEntry: { methodTypeUsed: 'keep', signOnModeType: 'keep' },
  changeDetails: 'drop',
})
const OTHER_TARGET = allow({ type: 'keep', detailEntry: { methodTypeUsed: 'keep' }, changeDetails: 'drop' })

const NO_EVENT = allow({})

/** Decisions of access certifications; Okta does not publish under which name they stand in `debugData`. */
export const DECISIONS = new Set(['APPROVE', 'REVOKE', 'DELEGATE', 'NORESPONSE'])

export function redactOkta(record: JsonObject, mask: Mask): JsonObject {
  const { type, known } = identifyOkta(record)
  if (type === 'unknown') return redactBy(NO_EVENT, record, mask)
  if (!known) return redactBy(allow(envelopeOf(record)), record, mask)
  const redacted = redactBy(allow({ ...contentOf(record), ...envelopeOf(record), target: 'drop' }), record, mask)
  const types = type.startsWith('pam.') ? PRIVILEGED_TYPES : ENTITY_TYPES
  if (record.target !== undefined)
    redacted.target = list(record.target).map((target) => redactTarget(target, types, mask))
  return redacted
}

/** What every event has, whatever its type: when, who, from where, through which session. */
function envelopeOf(record: JsonObject): RuleLiteral {
  return {
    ...ENVELOPE,
    actor: isNobody(record.actor) ? NOBODY : ENTITY,
    client: CLIENT,
    authenticationContext: AUTHENTICATION,
    request: REQUEST,
    securityContext: { asNumber: 'keep', isProxy: 'keep' },
    transaction: TRANSACTION,
  }
}

function contentOf(record: JsonObject): RuleLiteral {
  return {
    debugContext: { debugData: { ...DEBUG_DATA, ...decisionRules(at(record, 'debugContext.debugData')) } },
    outcome: { result: 'keep', reason: isCode(at(record, 'outcome.reason')) ? 'keep' : 'mask' },
  }
}

function redactTarget(target: Json, types: ReadonlySet<string>, mask: Mask): Json {
  if (!isObject(target)) return redactBy(NO_EVENT, { value: target }, mask)
  return redactBy(types.has(text(target.type) ?? '') ? ENTITY_TARGET : OTHER_TARGET, target, mask)
}

function isNobody(actor: Json | undefined): boolean {
  const id = isObject(actor) ? text(actor.id) : undefined
  return id === undefined || id === 'unknown'
}

function decisionRules(debugData: Json | undefined): RuleLiteral {
  const members = isObject(debugData) ? Object.entries(debugData) : []
  const decisions = members.filter(([, value]) => typeof value === 'string' && DECISIONS.has(value))
  return Object.fromEntries(decisions.map(([name]) => [name, 'keep']))
}

/** A reason is a code (`INVALID_CREDENTIALS`) or a sentence. */
function isCode(reason: Json | undefined): boolean {
  return typeof reason === 'string' && /^[A-Z][A-Z_]{2,60}$/.test(reason)
}
