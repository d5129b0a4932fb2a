import {
  issuerScope,
  text,
  type Attributes,
  type Federation,
  type JsonObject,
  type SourceInstance,
} from '@catena/domain'
import type { KeyGroups } from '../key-groups.js'
import { named, objectOr } from '../parsing.js'

/** People come through single sign-on where `type` says so. The record carries their e-mail address, and no claim of the token. */
const SSO = /sso/
/** What an operator declares a federation for. */
const MOUNT = 'sso/'

function federationOf({ type }: JsonObject, source: SourceInstance): Federation | undefined {
  return SSO.test(text(type) ?? '') ? source.federations.find(({ mount }) => mount === MOUNT) : undefined
}

export function presentSignIn(groups: KeyGroups, payload: JsonObject, source: SourceInstance): void {
  const user = objectOr(payload.target_user)
  const federation = federationOf(payload, source)
  groups.login('issued', 'system-session', named(payload.session_uuid))
  groups.bind('account', 'account', named(user.uuid))
  if (federation !== undefined)
    groups.claims(federation, (field) => (field === 'email' ? named(user.email) : undefined))
}

export function signInAttributes(payload: JsonObject, outcome: string, source: SourceInstance): Attributes {
  const federation = federationOf(payload, source)
  const isSso = SSO.test(text(payload.type) ?? '')
  const origin = federation !== undefined ? 'federated' : isSso ? 'undeclared' : 'long-lived'
  return {
    method: text(payload.type),
    mountPoint: isSso ? MOUNT : undefined,
    reason: text(payload.category),
    country: text(payload.country),
    accountName: named(objectOr(payload.target_user).email),
    origin: outcome === 'succeeded' ? origin : undefined,
    issuer: federation === undefined ? undefined : issuerScope(federation.issuer.kind, federation.issuer.scope),
    sessionMaxMs: federation?.sessionMaxMs,
    mfa: text(payload.type)?.includes('mfa') === true ? text(payload.type) : undefined,
  }
}
