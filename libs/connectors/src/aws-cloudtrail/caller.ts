import { parseInstant, text, textAt, type Attributes, type SourceInstance } from '@catena/domain'
import type { CloudEvent, Identity } from './record.js'
import type { Context } from './told.js'

/** Through which access key the call came, and whose it is. */
export function presentCaller({ event, groups }: Context): void {
  const { identity } = event
  groups.aws('caller', 'presents', 'aws-access-key', identity.accessKeyId)
  groups.aws('principal', 'presents', 'aws-principal', identity.uniqueId, { sideways: true })
  groups.aws('principal-name', 'presents', 'aws-principal-name', identity.roleArn ?? identity.arn, { sideways: true })
}

const ACCOUNT = /^\d{12}$/

/** Of a call that another account's log tells of too, only what both write alike. */
export function callerAttributes({ event, kind, source }: Context): Attributes {
  const { identity, payload } = event
  const whole = identity.type === 'AWSAccount' ? undefined : identity
  return {
    region: event.region,
    address: event.address,
    userAgent: text(payload.userAgent),
    requestId: text(payload.requestID),
    readOnly: typeof payload.readOnly === 'boolean' ? payload.readOnly : undefined,
    error: text(payload.errorCode),
    invokedBy: event.invokedBy,
    callerType: whole?.type,
    displayName: whole?.arn ?? whole?.userName,
    entityId: whole?.uniqueId,
    sessionName: whole === undefined ? undefined : sessionNameOf(whole),
    sourceIdentity: textAt(identity.raw, 'sessionContext.sourceIdentity'),
    identityProvider: textAt(identity.raw, 'sessionContext.webIdFederationData.federatedProvider'),
    onBehalfOf: textAt(identity.raw, 'onBehalfOf.userId'),
    mfa: textAt(identity.raw, 'sessionContext.attributes.mfaAuthenticated') === 'true' ? 'mfa' : undefined,
    tokenIssuedAt: parseInstant(textAt(identity.raw, 'sessionContext.attributes.creationDate')),
    callerAccount: whole === undefined && ACCOUNT.test(identity.accountId ?? '') ? identity.accountId : undefined,
    // Whether a key was shown to the other account, and of which kind, only its own log tells.
    callerOrigin: whole === undefined ? originElsewhere(identity) : originOf(event, kind),
    sharedIdentity: sharedIdentityOf(source, identity),
  }
}

/** Nobody signed a call of `ANONYMOUS_PRINCIPAL`; of a call from an account its own log tells. */
function originElsewhere({ accountId }: Identity): string | undefined {
  return accountId === 'ANONYMOUS_PRINCIPAL' ? 'unauthenticated' : undefined
}

/** Chosen by whoever asked for the session: a hint and no key. */
function sessionNameOf({ arn }: Identity): string | undefined {
  return /:assumed-role\/[^/]+\/(.+)$/.exec(arn ?? '')?.[1]
}

/** Where a walk ends: at the account's root, at a key that lasts, or at one that AWS hands out without a record. */
function originOf({ identity, invokedBy, payload }: CloudEvent, kind: Context['kind']): string | undefined {
  if (identity.accessKeyId === undefined) return kind === 'login' ? undefined : 'unrecorded'
  if (identity.type === 'Root') return 'root'
  if (identity.issuedAs === 'long-lived') return 'long-lived'
  const isConsole = text(payload.sessionCredentialFromConsole) === 'true'
  return isConsole || invokedBy !== undefined ? 'unrecorded' : undefined
}

/** What the operator declares as held by many, by the beginning of its ARN. */
export function sharedIdentityOf(source: SourceInstance, { arn, roleArn }: Partial<Identity>): string | undefined {
  const names = [arn, roleArn].filter((name) => name !== undefined)
  return names.find((name) => source.sharedIdentities.some((prefix) => name.startsWith(prefix)))
}
