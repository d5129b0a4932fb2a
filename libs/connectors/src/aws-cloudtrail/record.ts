import { at, isObject, list, text, textAt, type JsonObject, type Outcome, type StoredRecord } from '@catena/domain'
import { named } from '../parsing.js'

const NOTHING: JsonObject = Object.freeze({})

/** Who signed the call, as CloudTrail names it. */
export interface Identity {
  readonly type: string | undefined
  readonly arn: string | undefined
  readonly accountId: string | undefined
  /** Immutable id of a user or role: a name may be used again for another. */
  readonly uniqueId: string | undefined
  readonly userName: string | undefined
  /** Masked: equal values stay equal. */
  readonly accessKeyId: string | undefined
  readonly issuedAs: AccessKeyClass
  /** ARN of the role behind a session. */
  readonly roleArn: string | undefined
  readonly raw: JsonObject
}

/** By the prefix: `AKIA` lasts until it is deleted, `ASIA` is a session's. */
export type AccessKeyClass = 'long-lived' | 'temporary' | undefined

/** An event as far as it is read. */
export interface CloudEvent {
  readonly payload: JsonObject
  readonly identity: Identity
  readonly request: JsonObject
  readonly response: JsonObject
  readonly additional: JsonObject
  readonly outcome: Outcome
  /** Account in whose log the event stands. */
  readonly account: string | undefined
  readonly region: string | undefined
  /** Only where a client called: of a service's call there is no address. */
  readonly address: string | undefined
  /** Service that made the call in somebody's name. */
  readonly invokedBy: string | undefined
}

export function readEvent({ payload }: StoredRecord): CloudEvent {
  const identity = readIdentity(objectOr(payload.userIdentity))
  const from = text(payload.sourceIPAddress)
  const response = objectOr(payload.responseElements)
  return {
    payload,
    identity,
    response,
    request: objectOr(payload.requestParameters),
    additional: objectOr(payload.additionalEventData),
    outcome: outcomeOf(text(payload.errorCode), payload.eventName === 'ConsoleLogin', text(response.ConsoleLogin)),
    account: text(payload.recipientAccountId) ?? identity.accountId,
    region: text(payload.awsRegion),
    address: from !== undefined && ADDRESS.test(from) ? from : undefined,
    invokedBy: text(identity.raw.invokedBy) ?? (from !== undefined && SERVICE.test(from) ? from : undefined),
  }
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]+)$/i
const SERVICE = /^(?:[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?|AWS Internal)$/
const UNIQUE_ID = /^(A[A-Z]{3}[A-Z0-9]{12,28})(?::|$)/

function readIdentity(raw: JsonObject): Identity {
  const accountId = named(raw.accountId)
  const isRoot = raw.type === 'Root'
  return {
    raw,
    accountId,
    type: text(raw.type),
    // One of AWS's own SDKs spells it so.
    arn: named(raw.arn) ?? named(raw.aRN),
    uniqueId: uniqueIdOf(text(raw.principalId)) ?? (isRoot ? accountId : undefined),
    userName: named(raw.userName),
    accessKeyId: text(raw.accessKeyId),
    issuedAs: classOf(raw),
    roleArn: named(textAt(raw, 'sessionContext.sessionIssuer.arn')),
  }
}

/** `AROA…:session` and `AIDA…` begin with the id of the role or user. */
export function uniqueIdOf(principalId: string | undefined): string | undefined {
  return UNIQUE_ID.exec(principalId ?? '')?.[1]
}

/** Redaction masks the id of an access key and leaves its prefix beside it. */
export function classOf(holder: JsonObject): AccessKeyClass {
  if (holder.accessKeyPrefix === 'AKIA') return 'long-lived'
  return holder.accessKeyPrefix === 'ASIA' ? 'temporary' : undefined
}

const DENIED =
  /AccessDenied|Unauthorized|NotAuthorized|InvalidClientTokenId|ExpiredToken|InvalidIdentityToken|MissingAuthenticationToken/

/** A sign-in to the console has no error code: its answer says how it went. */
function outcomeOf(errorCode: string | undefined, isConsoleLogin: boolean, answer: string | undefined): Outcome {
  if (errorCode !== undefined) return DENIED.test(errorCode) ? 'denied' : 'failed'
  if (!isConsoleLogin || answer === 'Success') return 'succeeded'
  return answer === 'Failure' ? 'denied' : 'unknown'
}

/** ARNs of the resources that the call touched; CloudTrail writes their member in two ways. */
export function resourceArns({ payload }: CloudEvent): string[] {
  return list(payload.resources)
    .map((resource) => text(at(resource, 'ARN')) ?? text(at(resource, 'arn')))
    .filter((arn) => arn !== undefined)
}

export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING
}
