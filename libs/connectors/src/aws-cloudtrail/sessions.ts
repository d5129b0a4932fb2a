import { issuerScope, text, textAt, type Attributes, type JsonObject } from '@catena/domain'
import { sharedIdentityOf } from './caller.js'
import { expiryOf } from './expiry.js'
import { federationOf, mountOf, presentClaims } from './federation.js'
import { objectOr, uniqueIdOf } from './record.js'
import type { Context, Told } from './told.js'

/** A token of an identity provider became a session of a role: its holder authenticated. */
export function federate(context: Context): Told {
  const { event, groups, source, name } = context
  const { request, response } = event
  const federation = federationOf(source, event)
  const succeeded = event.outcome === 'succeeded'
  if (succeeded) {
    establish(context, 'login')
    if (federation !== undefined) presentClaims(groups, event, federation)
  }
  const roleArn = text(request.roleArn)
  return {
    attributes: {
      ...sessionAttributes(context),
      method: name === 'AssumeRoleWithSAML' ? 'saml' : 'web-identity',
      mountPoint: mountOf(event),
      origin: !succeeded ? undefined : federation === undefined ? 'undeclared' : 'federated',
      issuer: federation === undefined ? undefined : issuerScope(federation.issuer.kind, federation.issuer.scope),
      issuerClient: federation?.client,
      sessionMaxMs: federation?.sessionMaxMs,
      accountName: text(response.subjectFromWebIdentityToken) ?? text(response.subject) ?? event.identity.userName,
      role: roleArn,
      audience: text(response.audience),
      provider: text(response.provider) ?? text(response.issuer),
      tokenId: text(request.webIdentityTokenId) ?? text(request.sAMLAssertionID),
      sharedIdentity: sharedIdentityOf(source, { arn: roleArn }),
    },
  }
}

/**
 * A session made with a key that its caller held before. Services and vaults do this for others, and the record does not tell theirs
 * from a caller's own: it is made for whoever will hold it.
 */
export function issue(context: Context): Told {
  if (context.event.outcome === 'succeeded') establish(context, 'handover')
  return { attributes: { ...sessionAttributes(context), role: text(context.event.request.roleArn) } }
}

function establish({ event: { response }, groups }: Context, by: 'login' | 'handover'): void {
  groups.aws('issued', 'establishes', 'aws-access-key', text(objectOr(response.credentials).accessKeyId), { by })
  groups.aws(
    'issued-principal',
    'binds',
    'aws-principal',
    uniqueIdOf(textAt(response, 'assumedRoleUser.assumedRoleId')),
  )
}

function sessionAttributes({ event: { request, response, payload } }: Context): Attributes {
  const expires = expiryOf(textAt(response, 'credentials.expiration'))
  const from = expiryOf(text(payload.eventTime))
  return {
    requestedSessionName: text(request.roleSessionName) ?? text(request.name),
    requestedSourceIdentity: text(request.sourceIdentity),
    issuedTokenType: issuedType(response),
    issuedTtlSeconds: expires === undefined || from === undefined ? undefined : (expires - from) / 1000,
  }
}

function issuedType(response: JsonObject): string | undefined {
  return response.credentials === undefined ? undefined : 'temporary access key'
}

/** A person or role signed in to the console. No later record carries a key that this one shows. */
export function signIn({ event, name }: Context): Told {
  const { additional } = event
  const mfa = text(additional.MFAUsed) === 'Yes' ? 'mfa' : undefined
  return { attributes: { method: name, ...(mfa === undefined ? {} : { mfa }) } }
}
