import { isObject, list, text, type JsonObject, type Outcome, type StoredRecord } from '@catena/domain'
import { named } from '../parsing.js'
import {
  asksDryRun,
  AUTHENTICATION,
  DECISION,
  isOfAws,
  ISSUED,
  LEGACY_SECRETS,
  LEGACY_TOKEN,
  REASON,
} from './redact.js'

const NOTHING: JsonObject = Object.freeze({})

/** Whom the API server authenticated. */
export interface User {
  readonly name: string | undefined
  readonly uid: string | undefined
  readonly podName: string | undefined
  readonly podUid: string | undefined
  readonly nodeName: string | undefined
  /** `JTI=…` of a token, `X509SHA256=…` of a certificate. */
  readonly credentialId: string | undefined
  /** Of whoever EKS let in. */
  readonly aws: AwsCaller | undefined
}

/** Whose signature the authenticator of EKS had AWS check. */
export interface AwsCaller {
  /** Masked, as in AWS's own records. */
  readonly accessKeyId: string | undefined
  readonly isLongLived: boolean
  readonly uniqueId: string | undefined
  /** Of the role or user, without its session. */
  readonly arn: string | undefined
  /** Chosen by whoever asked for the session. */
  readonly sessionName: string | undefined
}

/** An audit event as far as it is read. */
export interface AuditEvent {
  readonly verb: string
  readonly resource: string
  readonly subresource: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly user: User
  readonly impersonated: User | undefined
  readonly address: string | undefined
  readonly outcome: Outcome
  /** Tried and answered, and nothing stored. Not known of a deletion. */
  readonly isDryRun: boolean
  /** What the authorizer says it allowed the request by. */
  readonly reason: string | undefined
  readonly issuedCredentialId: string | undefined
  /** The request came with a token of the old kind, of this account. */
  readonly legacyAccount: string | undefined
  /** The Secret of the account's namespace that holds it. */
  readonly legacySecret: string | undefined
  readonly request: JsonObject
  readonly response: JsonObject
  readonly payload: JsonObject
}

export function readEvent({ payload }: StoredRecord): AuditEvent {
  const ref = objectOr(payload.objectRef)
  const annotations = objectOr(payload.annotations)
  const impersonated = objectOr(payload.impersonatedUser)
  const verb = text(payload.verb) ?? ''
  const outcome = outcomeOf(objectOr(payload.responseStatus).code, text(annotations[DECISION]))
  // Of a deletion with a body the server takes the options from there alone, and answers it alike.
  const isPerhapsTried = asksDryRun(payload) && verb.startsWith('delete')
  return {
    payload,
    verb,
    resource: resourceOf(ref),
    subresource: text(ref.subresource),
    namespace: text(ref.namespace),
    name: text(ref.name),
    user: readUser(objectOr(payload.user)),
    impersonated: named(impersonated.username) === undefined ? undefined : readUser(impersonated),
    address: text(list(payload.sourceIPs)[0]),
    outcome: isPerhapsTried && outcome === 'succeeded' ? 'unknown' : outcome,
    isDryRun: asksDryRun(payload) && !isPerhapsTried,
    reason: text(annotations[REASON]),
    issuedCredentialId: text(annotations[ISSUED]),
    legacyAccount: text(annotations[LEGACY_TOKEN]),
    legacySecret: LEGACY_SECRETS.map((name) => text(annotations[name])).find((name) => name !== undefined),
    request: objectOr(payload.requestObject),
    response: objectOr(payload.responseObject),
  }
}

/** Groups of the API itself: the core group has no name. */
const OWN_GROUP = /^(?:(?:[a-z0-9-]+\.)*k8s\.io|authorization\.openshift\.io)$/

/** A custom resource with its group, which keeps it apart from what the API itself calls so: `secrets.secretsmanager.aws.upbound.io`. */
function resourceOf({ resource, apiGroup }: JsonObject): string {
  const [name, group] = [text(resource) ?? '', text(apiGroup) ?? '']
  return name === '' || group === '' || OWN_GROUP.test(group) ? name : `${name}.${group}`
}

const UNIQUE_ID = /:(A[A-Z]{3}[A-Z0-9]{12,28})$/

function readUser(user: JsonObject): User {
  const extra = objectOr(user.extra)
  const told = (name: string): string | undefined => text(list(extra[name])[0])
  const first = (name: string): string | undefined => told(AUTHENTICATION + name)
  return {
    aws: isOfAws(user)
      ? {
          accessKeyId: told('accessKeyId'),
          isLongLived: told('accessKeyPrefix') === 'AKIA',
          uniqueId: UNIQUE_ID.exec(text(user.uid) ?? '')?.[1],
          arn: told('canonicalArn') ?? told('arn'),
          sessionName: told('sessionName'),
        }
      : undefined,
    name: named(user.username),
    uid: named(user.uid),
    podName: first('pod-name'),
    podUid: first('pod-uid'),
    nodeName: first('node-name'),
    credentialId: first('credential-id'),
  }
}

/** The record of a request's arrival does not say how it went. */
function outcomeOf(code: unknown, decision: string | undefined): Outcome {
  if (decision === 'forbid' || code === 401 || code === 403) return 'denied'
  if (typeof code !== 'number') return 'unknown'
  return code < 400 ? 'succeeded' : 'failed'
}

export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING
}
