import { at, list, text, textAt, type Attributes, type Outcome } from '@catena/domain'
import { classOf, errorCodeOf, idAt, type SignInClass } from './record.js'
import { MICROSOFT, type Context, type Told } from './told.js'

/**
 * Steps on the way to a sign-in and no end of it: more is asked of the user, or the browser asks again (Microsoft Learn, "Microsoft
 * Entra authentication and authorization error codes").
 */
const STEPS = new Set([
  16000, 16001, 16003, 50055, 50058, 50072, 50074, 50076, 50079, 50097, 50125, 50127, 50129, 50140, 50144, 50203, 65001,
  81010,
])

export function tellSignIn(context: Context): Told {
  const { record } = context
  const code = errorCodeOf(record.payload)
  const kind = classOf(record.payload)
  const outcome = outcomeOf(code)
  const isUser = kind === 'interactive' || kind === 'non-interactive'
  if (outcome !== 'succeeded') claimNames(context)
  else if (isUser) establishPerson(context)
  else establishService(context)
  return {
    kind: code !== undefined && STEPS.has(code) ? 'login-started' : 'login',
    outcome,
    attributes: { ...common(context, kind, code), ...(isUser ? ofPerson(context, outcome) : ofService(context, kind)) },
  }
} // prettier-ignore

/** A record that says neither success nor an error says nothing. */
function outcomeOf(code: number | undefined): Outcome {
  if (code === undefined || STEPS.has(code)) return 'unknown'
  return code === 0 ? 'succeeded' : 'denied'
}

/**
 * The token exists, and the session that it came from. A sign-in without interaction is evidence of its session as well. Where a record
 * tells no session, the sign-in stands for itself.
 */
function establishPerson({ body, groups }: Context): void {
  const session = sessionOf(body)
  groups.login('issued', 'entra-token', text(body.uniqueTokenIdentifier), MICROSOFT)
  groups.login('session', 'idp-session', session)
  groups.present('federated-session', 'idp-session', session)
  groups.bind('person', 'person', idAt(body, 'userId'))
  const name = text(body.userPrincipalName)?.toLowerCase()
  groups.bind('person-email', 'person-email', name?.includes('@') === true ? name : undefined)
  groups.bind('person-name', 'person-name', name)
}

function sessionOf(body: Context['body']): string | undefined {
  const id = idAt(body, 'id')
  return idAt(body, 'sessionId') ?? (id === undefined ? undefined : `sign-in/${id}`)
}

function establishService({ body, groups }: Context): void {
  groups.login('issued', 'entra-token', text(body.uniqueTokenIdentifier), MICROSOFT)
  groups.bind('principal', 'entra-principal', idAt(body, 'servicePrincipalId'), MICROSOFT)
  groups.mention('credential', 'entra-credential', idAt(body, 'servicePrincipalCredentialKeyId'), MICROSOFT)
}

/** Nobody authenticated: whom the request named is a hint. */
function claimNames({ body, groups }: Context): void {
  groups.claim('claimed-person', 'person', idAt(body, 'userId'))
  groups.claim('claimed-principal', 'entra-principal', idAt(body, 'servicePrincipalId'), MICROSOFT)
}

function common({ record, body }: Context, kind: SignInClass, code: number | undefined): Attributes {
  return {
    signIn: kind,
    address: text(body.ipAddress) ?? text(record.payload.callerIpAddress),
    userAgent: text(body.userAgent),
    correlationId: text(body.correlationId),
    clientId: text(body.appId),
    clientName: text(body.appDisplayName),
    resourceId: text(body.resourceId),
    resourceName: text(body.resourceDisplayName),
    tokenId: text(body.uniqueTokenIdentifier),
    errorCode: code === 0 ? undefined : code,
    protocol: text(body.authenticationProtocol),
    conditionalAccess: text(body.conditionalAccessStatus),
    riskLevel: text(body.riskLevelDuringSignIn),
    deviceId: textAt(body, 'deviceDetail.deviceId'),
    issuedTokenType: 'Entra access',
  }
}

function ofPerson({ body, system }: Context, outcome: Outcome): Attributes {
  const isMfa = text(body.authenticationRequirement) === 'multiFactorAuthentication' && outcome === 'succeeded'
  const methods = list(body.authenticationDetails)
    .filter((step) => at(step, 'succeeded') === true)
    .map((step) => textAt(step, 'authenticationMethod'))
    .filter((method) => method !== undefined)
  return {
    userId: idAt(body, 'userId'),
    username: text(body.userPrincipalName),
    mfa: isMfa ? 'mfa' : undefined,
    amr: methods.length === 0 ? undefined : [...new Set(methods)].sort(),
    sessionId: idAt(body, 'sessionId'),
    ...(outcome === 'succeeded' ? { origin: 'federated', issuer: system } : {}),
  }
}

/** A secret or a certificate lasts: the walk stops at whose it is. A federated credential is another issuer's token. */
function ofService({ body, source }: Context, kind: SignInClass): Attributes {
  const federated = idAt(body, 'federatedCredentialId')
  const isFederated = federated !== undefined || text(body.clientCredentialType) === 'federatedIdentityCredential'
  const mount = `federated-credential/${federated ?? ''}/`
  const federation = source.federations.find((one) => one.mount === mount)
  const name = text(body.servicePrincipalName)
  const issuer = federation === undefined ? undefined : `${federation.issuer.kind}/${federation.issuer.scope}`
  const names = [name, text(body.appId)].filter((one) => one !== undefined)
  return {
    displayName: name,
    entityId: idAt(body, 'servicePrincipalId'),
    method: text(body.clientCredentialType) ?? kind,
    mountPoint: federated === undefined ? undefined : mount,
    credentialId: idAt(body, 'servicePrincipalCredentialKeyId'),
    federatedCredentialId: federated,
    associatedResource: textAt(body, 'managedServiceIdentity.associatedResourceId')?.toLowerCase(),
    origin: !isFederated ? 'long-lived' : federation === undefined ? 'undeclared' : 'federated',
    issuer,
    sharedIdentity: names.find((one) => source.sharedIdentities.some((prefix) => one.startsWith(prefix))),
  }
}
