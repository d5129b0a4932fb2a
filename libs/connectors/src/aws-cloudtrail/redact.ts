import { at, isObject, list, text, textAt, type JsonObject, type Mask, type SourceInstance } from '@catena/domain'
import { allow, redactBy, withoutSecretSegments, type Rule } from '../redaction.js'
import { callOf, namesOf } from './identify.js'
import { objectOr } from './record.js'
import { BODIES, ENVELOPE, NO_BODIES, USER_IDENTITY, WITH_RESOURCES } from './rules.js'

/** An event without its bodies: of services that are not read here, when, who and which call. */
const BARE = allow({ '*': 'drop', ...ENVELOPE, ...NO_BODIES, userIdentity: USER_IDENTITY })
const RULES = new Map(
  Object.entries(BODIES).map(([service, bodies]) => [
    service,
    allow({ '*': 'drop', ...ENVELOPE, ...NO_BODIES, ...WITH_RESOURCES, ...bodies, userIdentity: USER_IDENTITY }),
  ]),
)
/** Of insights, digests and names that nobody has read yet. */
const UNKNOWN = allow({
  '*': 'drop',
  ...ENVELOPE,
  digestStartTime: 'keep',
  digestEndTime: 'keep',
  awsAccountId: 'keep',
  logFiles: { '*': 'drop' },
  userIdentity: USER_IDENTITY,
})

export function redactEvent(record: JsonObject, mask: Mask, source: SourceInstance): JsonObject {
  const call = callOf(record)
  const redacted = redactBy(call === undefined ? UNKNOWN : ruleOf(record), record, mask)
  if (namesOf(record) === undefined) for (const name of ['eventSource', 'eventName']) maskText(redacted, name, mask)
  keepSecretArns(record, redacted, mask)
  for (const path of HOLDERS) notePrefix(at(record, path), at(redacted, path))
  if (isNobody(record)) maskNames(redacted, mask)
  keepClaims(record, redacted, mask, source)
  return redacted
}

function ruleOf(record: JsonObject): Rule {
  return RULES.get(namesOf(record)?.service ?? '') ?? BARE
}

function maskText(holder: JsonObject, name: string, mask: Mask): void {
  const value = holder[name]
  if (typeof value === 'string') holder[name] = mask(value)
}

/** An ARN of Secrets Manager says `secret:` before the name, as if a secret followed: the name alone is judged. */
const SECRET_ARN = /^(arn:aws[\w-]{0,20}:secretsmanager:[a-z0-9-]{1,30}:\d{12}:secret:)(.{1,300})$/

function keepSecretArns(record: JsonObject, redacted: JsonObject, mask: Mask): void {
  const holders = [
    'requestParameters',
    'requestParameters.encryptionContext',
    'responseElements',
    'additionalEventData',
  ]
  for (const path of holders) keepArnsIn(at(record, path), at(redacted, path), mask)
  const resources = list(redacted.resources)
  for (const [index, resource] of list(record.resources).entries()) keepArnsIn(resource, resources[index], mask)
}

function keepArnsIn(from: unknown, to: unknown, mask: Mask): void {
  if (!isObject(from) || !isObject(to)) return
  for (const name of ['secretId', 'SecretARN', 'SecretId', 'ARN', 'arn', 'aRN']) {
    const [, prefix, secretName] = SECRET_ARN.exec(text(from[name]) ?? '') ?? []
    if (prefix === undefined || secretName === undefined || to[name] === undefined) continue
    to[name] = prefix + withoutSecretSegments(secretName, mask)
  }
}

/** Where the id of an access key may stand. */
const HOLDERS = ['userIdentity', 'requestParameters', 'responseElements.credentials', 'responseElements.accessKey']

/** A hash does not tell a session's key from one that lasts. */
function notePrefix(from: unknown, to: unknown): void {
  if (!isObject(from) || !isObject(to)) return
  const [prefix] = /^A[KS]IA(?=[A-Z0-9]{12,28}$)/.exec(text(from.accessKeyId) ?? '') ?? []
  if (prefix !== undefined) to.accessKeyPrefix = prefix
}

/** A sign-in that failed: whatever was typed where the name belongs. */
function isNobody(record: JsonObject): boolean {
  return record.eventName === 'ConsoleLogin' && textAt(record, 'responseElements.ConsoleLogin') !== 'Success'
}

function maskNames(redacted: JsonObject, mask: Mask): void {
  const identity = objectOr(redacted.userIdentity)
  for (const name of ['userName', 'principalId', 'arn', 'aRN']) maskText(identity, name, mask)
  maskText(objectOr(redacted.requestParameters), 'userName', mask)
}

/** Session tags may hold anything; those that the operator declares to hold claims join records. */
function keepClaims(record: JsonObject, redacted: JsonObject, mask: Mask, source: SourceInstance): void {
  const tags = at(record, 'requestParameters.principalTags')
  if (!isObject(tags) || !isObject(redacted.requestParameters) || namesOf(record)?.service !== 'sts') return
  const fields = source.federations.flatMap((federation) => Object.values(federation.claims))
  const declared = fields.filter((field) => field.startsWith('tags.')).map((field) => field.slice('tags.'.length))
  const rule = allow({ '*': 'drop', ...Object.fromEntries(declared.map((name) => [name, 'keep' as const])) })
  redacted.requestParameters.principalTags = redactBy(rule, tags, mask)
}
