import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose'
import type { default as Provider, Configuration } from 'oidc-provider'

/** A person whom the provider knows. */
export interface TestPerson {
  readonly sub: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
}

/** A real OpenID Connect provider in this process, on loopback. Whoever is `signsIn` is signed in without asking. */
export interface TestProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Audience of its access tokens. */
  readonly audience: string
  signsIn: TestPerson
  /** Requests for its keys so far. */
  readonly keyRequests: () => number
  /** Signs with its current key. */
  sign(claims: JWTPayload, header?: { readonly alg?: string; readonly kid?: string }): Promise<string>
  /** Its public key as PEM, which everybody may have. */
  publicKeyPem(): Promise<string>
  /** Takes a new key; the old one is not served any more. */
  rotateKeys(): Promise<void>
  stop(): Promise<void>
}

const AUDIENCE = 'https://catena.test/api'
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** `offersDevices`: people can sign in for a machine that has no browser (RFC 8628). */
export async function startTestProvider(
  callbackUrl: string,
  firstPerson: TestPerson,
  { offersDevices = true }: { readonly offersDevices?: boolean } = {},
): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  let key = await makeKey()
  const described = { issuer, callbackUrl, offersDevices, person: () => state.signsIn }
  let provider = await providerOf(described, key.jwk)
  let keyRequests = 0
  const state: TestProvider = {
    issuer,
    clientId: 'catena',
    clientSecret: 'test-client-secret',
    audience: AUDIENCE,
    signsIn: firstPerson,
    keyRequests: () => keyRequests,
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid ?? '', ...header }).sign(key.privateKey),
    publicKeyPem: () => exportSPKI(key.publicKey),
    rotateKeys: async () => {
      key = await makeKey()
      provider = await providerOf(described, key.jwk)
    },
    stop: () => close(server),
  }
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/jwks') keyRequests += 1
    if (request.url?.startsWith('/sign-in/') === true) void signIn(provider, state.signsIn, request, response)
    else void provider.callback()(request, response)
  })
  return state
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const kid = `key-${Date.now()}-${Math.random()}`
  return { privateKey, publicKey, jwk: { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' } as JWK }
}

interface Described {
  readonly issuer: string
  readonly callbackUrl: string
  readonly offersDevices: boolean
  readonly person: () => TestPerson
}

async function providerOf({ issuer, callbackUrl, offersDevices, person }: Described, jwk: JWK): Promise<Provider> {
  const configuration: Configuration = {
    clients: [
      {
        client_id: 'catena',
        client_secret: 'test-client-secret',
        redirect_uris: [callbackUrl],
        backchannel_logout_session_required: true,
        response_types: ['code'],
        grant_types: ['authorization_code', ...(offersDevices ? [DEVICE_GRANT] : [])],
      },
    ],
    jwks: { keys: [jwk] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ['sub', 'sid', 'name', 'email', 'email_verified', 'groups', 'preferred_username'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      deviceFlow: { enabled: offersDevices },
    },
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    cookies: { keys: ['test'] },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => {
        const { name, email, groups } = person()
        return { sub: id, name, email, groups: [...groups], email_verified: true, preferred_username: id }
      },
    }),
  }
  // Loaded by the few tests that sign in, not by every test that takes a database from this library.
  const { default: OidcProvider } = await import('oidc-provider')
  return new OidcProvider(issuer, configuration)
}

async function signIn(
  provider: Provider,
  { sub }: TestPerson,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response)
  const grant = new provider.Grant({ accountId: sub, clientId: String(details.params['client_id']) })
  grant.addOIDCScope('openid profile email')
  const result = { login: { accountId: sub }, consent: { grantId: await grant.save() } }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
