import type { Caller } from '@catena/domain'
import type { Clock } from '@catena/platform'
import * as oidc from 'openid-client'
import type { CallerKeys } from '../keys.js'
import type { SessionStore } from '../sessions/session-store.js'
import { attemptKept, keptByBrowser, type BrowserAttempt } from './browser-attempt.js'
import { callerOfClaims, NoRoles } from './claims.js'
import type { IdentityProvider } from './provider.js'

/** A login did not come to its end: what to tell the person. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused'
}

export interface LoginDesk {
  readonly provider: IdentityProvider
  readonly sessions: SessionStore
  readonly keys: CallerKeys
  readonly clock: Clock
  /** Where the provider sends browsers back. */
  readonly callbackUrl: string
  readonly sessionMaxMs: number
  readonly separatesDuties: boolean
}

export interface SignedIn {
  readonly caller: Caller
  readonly secret: string
  readonly returnTo: string
}

/** Begins a login: authorization code with PKCE. The browser keeps `kept` in a cookie and goes to `url`. */
export async function beginLogin(
  desk: LoginDesk,
  returnTo: string,
): Promise<{ readonly url: string; readonly kept: string }> {
  const configuration = await desk.provider.configuration()
  const [state, verifier, nonce] = [oidc.randomState(), oidc.randomPKCECodeVerifier(), oidc.randomNonce()]
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: desk.callbackUrl,
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  return { url: url.href, kept: keptByBrowser(desk.keys, { state, verifier, nonce, returnTo }, desk.clock.now()) }
}

/** Ends it: `kept` is what this browser kept, so nobody can be signed in as somebody else by a foreign link. Throws LoginRefused. */
export async function completeLogin(desk: LoginDesk, query: string, kept: string | undefined): Promise<SignedIn> {
  const attempt = kept === undefined ? undefined : attemptKept(desk.keys, kept, desk.clock.now())
  if (attempt === undefined) throw new LoginRefused('this login was not begun here, or long ago: begin again')
  const claims = await exchange(desk, new URL(query, desk.callbackUrl), attempt)
  return { ...(await signIn(desk, claims)), returnTo: attempt.returnTo }
}

/** Begins the session of whom the provider's verified claims name. Throws LoginRefused where their roles must not be held together. */
export async function signIn(desk: LoginDesk, claims: oidc.IDToken): Promise<Omit<SignedIn, 'returnTo'>> {
  try {
    const caller = callerOfClaims(claims, desk.provider.settings, desk.separatesDuties)
    const { sid } = claims as { sid?: unknown }
    const session = { issuer: claims.iss, subject: claims.sub, session: typeof sid === 'string' ? sid : undefined }
    return { caller, secret: await desk.sessions.begin(caller, desk.sessionMaxMs, session) }
  } catch (error) {
    throw error instanceof NoRoles ? new LoginRefused(error.message) : error
  }
}

async function exchange(desk: LoginDesk, url: URL, { verifier, nonce, state }: BrowserAttempt) {
  const configuration = await desk.provider.configuration()
  const callback = new URL(desk.callbackUrl)
  callback.search = url.search
  try {
    const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (claims === undefined) throw new LoginRefused('the identity provider sent no identity')
    return claims
  } catch (error) {
    throw error instanceof LoginRefused
      ? error
      : new LoginRefused('the identity provider did not confirm the login: begin again')
  }
}

/** The provider's own logout page; undefined where it has none. */
export async function logoutPage(desk: LoginDesk, returnTo: string): Promise<string | undefined> {
  const configuration = await desk.provider.configuration()
  if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
  return oidc.buildEndSessionUrl(configuration, {
    post_logout_redirect_uri: returnTo,
    client_id: desk.provider.settings.clientId,
  }).href
}
