import {
  at,
  issuerScope,
  list,
  text,
  textAt,
  type Attributes,
  type Federation,
  type SourceInstance,
} from '@catena/domain'
import { partOfSubject, presentedClaims } from '../federated-claims.js'
import { named } from '../parsing.js'
import type { Context } from './told.js'

/** Ids of keys and names of accounts are given once in all of Google Cloud. */
export const GOOGLE = 'google'

/** Whose verified identity a call came with, as the record shows it. */
export interface Caller {
  /** E-mail address of the user or service account that called. */
  readonly email: string | undefined
  readonly subject: string | undefined
  /** `<service account>/keys/<id>` */
  readonly key: string | undefined
  /** Who took on the service account first, where somebody did. */
  readonly origin: Identity | undefined
  readonly isDelegated: boolean
}

/** An identity of a pool, or a user's address. */
interface Identity {
  /** What an operator declares a federation for: the pool, or `accounts.google.com/` for users. */
  readonly mount: string
  readonly subject: string
}

export function callerOf({ payload }: Pick<Context, 'payload'>): Caller {
  const info = (name: string): string | undefined => named(textAt(payload, `authenticationInfo.${name}`))
  const [first] = list((payload.authenticationInfo as { serviceAccountDelegationInfo?: unknown } | undefined)?.serviceAccountDelegationInfo)
  const delegator = textAt(first, 'principalSubject') ?? userOf(textAt(first, 'firstPartyPrincipal.principalEmail'))
  const email = info('principalEmail')
  const subject = info('principalSubject')
  return {
    email,
    subject,
    key: keyIn(info('serviceAccountKeyName')),
    origin: identityOf(delegator ?? subject ?? userOf(email)),
    isDelegated: first !== undefined,
  }
} // prettier-ignore

function userOf(email: string | undefined): string | undefined {
  return email === undefined || isServiceAccount(email) ? undefined : `user:${email}`
}

function isServiceAccount(email: string): boolean {
  return /\.gserviceaccount\.com$|\.svc\.id\.goog\[/.test(email)
}

/** `//iam.googleapis.com/projects/p/serviceAccounts/<email>/keys/<id>`, and the same without its beginning. */
export function keyIn(name: string | undefined): string | undefined {
  return /\/serviceAccounts\/([^/]{1,200}\/keys\/[0-9A-Za-z-]{1,80})$/.exec(name ?? '')?.[1]
}

/** The pool of clusters in a project is called after it: `tideline-pay.svc.id.goog`, or `tideline.example:pay.svc.id.goog`. */
const POOL =
  /^principal:\/\/iam\.googleapis\.com\/((?:projects\/\d{1,20}\/)?locations\/global\/(?:workloadIdentityPools|workforcePools)\/[a-z0-9.:-]{1,120}\/)subject\/(.{1,300})$/

export function identityOf(subject: string | undefined): Identity | undefined {
  const [, mount, inPool] = POOL.exec(subject ?? '') ?? []
  if (mount !== undefined && inPool !== undefined) return { mount, subject: inPool }
  const [, user] = /^user:(.{3,200})$/.exec(subject ?? '') ?? []
  return user === undefined ? undefined : { mount: 'accounts.google.com/', subject: user }
}

export function federationOf(source: SourceInstance, { origin, key }: Caller): Federation | undefined {
  // A key that lasts is whose it is; who holds it the record does not show.
  return origin === undefined || key !== undefined ? undefined : source.federations.find(({ mount }) => mount === origin.mount)
} // prettier-ignore

/** Of a service account it is not known who holds its token, unless the record names its key or who took it on. */
export function presentCaller(context: Context): void {
  const { groups, source, record } = context
  const caller = callerOf(context)
  groups.present('caller', 'google-account-key', caller.key, GOOGLE)
  groups.mention('principal', 'google-principal', caller.email?.toLowerCase() ?? caller.subject, GOOGLE)
  const federation = federationOf(source, caller)
  if (federation === undefined) return
  const subject = caller.origin?.subject
  const fieldOf = (field: string): string | undefined => {
    if (field === 'subject') return subject
    return field.startsWith('subject.') ? partOfSubject(subject, field.slice('subject.'.length)) : undefined
  }
  for (const group of presentedClaims(federation, fieldOf, record.position)) groups.put(group)
}

/** gRPC: the call showed no identity, or none that holds. */
const UNAUTHENTICATED = 16

export function callerAttributes(context: Context): Attributes {
  const { payload, source } = context
  const caller = callerOf(context)
  const federation = federationOf(source, caller)
  // Without a name the entry mostly leaves it out: of reads that are denied, and of callers of other organisations.
  const names = [caller.email, caller.subject].filter((name) => name !== undefined)
  const isNobodys = names.length === 0 && at(payload, 'status.code') === UNAUTHENTICATED
  return {
    displayName: caller.email ?? caller.subject,
    entityId: caller.subject,
    address: textAt(payload, 'requestMetadata.callerIp') ?? textAt(payload, 'requestMetadata.callerIP'),
    userAgent: textAt(payload, 'requestMetadata.callerSuppliedUserAgent'),
    oauthClient: textAt(payload, 'authenticationInfo.oauthInfo.oauthClientId'),
    mountPoint: caller.key === undefined ? caller.origin?.mount : undefined,
    takenOn: caller.isDelegated ? true : undefined,
    delegatedBy: caller.isDelegated ? delegatorsOf(payload) : undefined,
    callerOrigin: caller.key !== undefined ? 'long-lived' : isNobodys ? 'unauthenticated' : 'unrecorded',
    sharedIdentity: names.find((name) => source.sharedIdentities.some((prefix) => name.startsWith(prefix))),
    ...(federation === undefined
      ? {}
      : {
          origin: 'federated',
          issuer: issuerScope(federation.issuer.kind, federation.issuer.scope),
          issuerClient: federation.client,
          sessionMaxMs: federation.sessionMaxMs,
        }),
  }
}

/** In the order in which they took on each other. */
function delegatorsOf(payload: Context['payload']): string[] {
  const info = payload.authenticationInfo as { serviceAccountDelegationInfo?: unknown } | undefined
  return list(info?.serviceAccountDelegationInfo)
    .map((one) => textAt(one, 'principalSubject') ?? textAt(one, 'firstPartyPrincipal.principalEmail'))
    .map((name) => text(name) ?? 'unknown')
}
