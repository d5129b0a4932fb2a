import { isObject, list, text, type Json, type JsonObject, type Mask } from '@catena/domain'
import { allow, redactBy, type Rule, type RuleLiteral } from '../redaction.js'
import { credentialsIn } from './credentials.js'
import { identifyEntra } from './identify.js'
import { bodyOf, errorCodeOf, idAt, streamOf } from './record.js'
import {
  AUDIT,
  GRAPH,
  isDetail,
  isNaming,
  keep,
  NAMED_PROPERTY,
  only,
  OTHER_PROPERTY,
  RISK,
  SIGN_IN,
  SIGN_IN_OF_NOBODY,
  TARGET,
  UNKNOWN,
  WRAPPER,
} from './rules.js'

/** With the envelope of diagnostic settings, and as the API gives it. */
interface Pair {
  readonly wrapped: Rule
  readonly bare: Rule
}

function pair(body: RuleLiteral): Pair {
  return { wrapped: allow(only({ ...WRAPPER, properties: only(body) })), bare: allow(only(body)) }
}

const OF_SIGN_IN = pair(SIGN_IN)
const OF_NOBODY = pair(SIGN_IN_OF_NOBODY)
const OF_AUDIT = pair(AUDIT)
const OF_GRAPH = pair(GRAPH)
const OF_RISK = pair(RISK)
const OF_UNKNOWN = allow(UNKNOWN)
const OF_TARGET = allow(only(TARGET))
const OF_NAMED = allow(NAMED_PROPERTY)
const OF_OTHER = allow(OTHER_PROPERTY)
const OF_DETAIL = allow(only(keep('key', 'value')))

export function redactEntra(record: JsonObject, mask: Mask): JsonObject {
  const pairOfRules = rulesFor(record)
  if (pairOfRules === undefined || !identifyEntra(record).known) return redactUnknown(record, mask)
  const isWrapped = isObject(record.properties)
  const redacted = redactBy(isWrapped ? pairOfRules.wrapped : pairOfRules.bare, record, mask)
  if (pairOfRules === OF_AUDIT) keepChanges(bodyOf(record), bodyOf(redacted), mask)
  withoutQuery(bodyOf(record), bodyOf(redacted), mask)
  return redacted
}

function rulesFor(record: JsonObject): Pair | undefined {
  switch (streamOf(record)) {
    case 'sign-ins':
      return isNobody(record) ? OF_NOBODY : OF_SIGN_IN
    case 'audit':
      return OF_AUDIT
    case 'graph-activity':
      return OF_GRAPH
    case 'risk-events':
      return OF_RISK
    case undefined:
      return undefined
  }
}

/** The name of an activity that nobody knows stays, where it reads as one, so that it can be told. */
function redactUnknown(record: JsonObject, mask: Mask): JsonObject {
  const redacted = redactBy(OF_UNKNOWN, record, mask)
  const { type, stream } = identifyEntra(record)
  const body = bodyOf(redacted)
  if (stream === 'audit' && type !== 'unknown') body.activityDisplayName = type
  return redacted
}

/** A sign-in that did not succeed under a name that belongs to nobody. */
function isNobody(record: JsonObject): boolean {
  return errorCodeOf(record) !== 0 && idAt(bodyOf(record), 'userId') === undefined
}

function keepChanges(body: JsonObject, redacted: JsonObject, mask: Mask): void {
  if (body.targetResources !== undefined)
    redacted.targetResources = list(body.targetResources).map((target) => redactTarget(target, mask))
  if (body.additionalDetails !== undefined)
    redacted.additionalDetails = list(body.additionalDetails)
      .filter((detail) => isObject(detail) && isDetail(text(detail.key) ?? ''))
      .map((detail) => redactBy(OF_DETAIL, detail as JsonObject, mask))
}

function redactTarget(target: Json, mask: Mask): Json {
  if (!isObject(target)) return {}
  const redacted = redactBy(OF_TARGET, target, mask)
  // What is stored already is left as it is.
  const credentials = target.credentials ?? credentialsIn(target.modifiedProperties)
  if (isObject(credentials)) redacted.credentials = redactBy(OF_CREDENTIALS, credentials, mask)
  const properties = list(target.modifiedProperties).filter(isObject)
  if (properties.length > 0)
    redacted.modifiedProperties = properties.map((property) =>
      redactBy(isNaming(text(property.displayName) ?? '') ? OF_NAMED : OF_OTHER, property, mask),
    )
  return redacted
}

const OF_CREDENTIALS = allow(
  only({ added: only(keep('keyId', 'type', 'usage')), removed: only(keep('keyId', 'type', 'usage')) }),
)

/** Behind the question mark of a request to Graph stand filters with whatever was typed into them. */
function withoutQuery(body: JsonObject, redacted: JsonObject, mask: Mask): void {
  const uri = text(body.requestUri)
  if (uri === undefined || redacted.requestUri === undefined) return
  redacted.requestUri = redactBy(OF_URI, { uri: uri.split('?')[0] }, mask).uri
}

const OF_URI = allow(only({ uri: 'path' }))
