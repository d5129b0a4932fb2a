import { isSafeUrl } from '@catena/platform'
import * as oidc from 'openid-client'
import { LoginRefused, signIn, type LoginDesk, type SignedIn } from './log-in.js'
import { ProviderUnavailable } from './provider.js'

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
/** Where the provider names no interval (RFC 8628, section 3.2), s. */
const INTERVAL_S = 5
/** Added to the interval where the provider says slow_down (section 3.5), s. */
const SLOW_DOWN_S = 5
/** Longest time that a person gets, s. */
const EXPIRES_MAX_S = 30 * 60

/** A login that a person completes with a browser elsewhere (RFC 8628): where, by which code, and the secret by which the machine asks how it went. */
export interface DeviceLogin {
  readonly secret: string
  readonly url: string
  /** The same address with the code in it, where the provider has one. */
  readonly urlWithCode: string | undefined
  readonly code: string
  readonly expiresInS: number
  readonly intervalS: number
}

/** What is kept while the person is about it. */
interface Attempt {
  readonly deviceCode: string
  /** Of PKCE, which some providers ask of every flow of a client. */
  readonly verifier: string
  readonly intervalS: number
}

/** Catena asks the provider with its own secret, so that the machine needs none. Throws LoginRefused, ProviderUnavailable. */
export async function beginDeviceLogin({ provider, sessions }: LoginDesk): Promise<DeviceLogin> {
  const configuration = await provider.configuration()
  if (configuration.serverMetadata().device_authorization_endpoint === undefined)
    throw new LoginRefused('the identity provider signs nobody in for another device: run `catena login` where there is a browser') // prettier-ignore
  const verifier = oidc.randomPKCECodeVerifier()
  const begun = await oidc
    .initiateDeviceAuthorization(configuration, {
      scope: 'openid profile email',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    .catch(refusedOrAway)
  const { verification_uri: url, verification_uri_complete: urlWithCode, interval: intervalS = INTERVAL_S } = begun
  if (![url, urlWithCode ?? url].every(isSafeUrl))
    throw new LoginRefused('the identity provider names no address that is safe to open')
  const expiresInS = Math.min(begun.expires_in, EXPIRES_MAX_S)
  const attempt: Attempt = { deviceCode: begun.device_code, verifier, intervalS }
  const secret = await sessions.keepAttempt(attempt, expiresInS * 1000)
  return { secret, url, urlWithCode, code: begun.user_code, expiresInS, intervalS }
}

/** How it went; undefined: the person is still about it, or it was asked too soon. Throws LoginRefused where it came to nothing. */
export async function askDeviceLogin(desk: LoginDesk, secret: string): Promise<Omit<SignedIn, 'returnTo'> | undefined> {
  const asked = await desk.sessions.askAttempt(secret)
  if (asked === undefined) throw new LoginRefused('nobody completed this login in time, or it was not begun here: begin again') // prettier-ignore
  if (asked === 'early') return undefined
  const answer = await answerOf(desk, asked.body as Attempt)
  if (answer === 'slow down') await desk.sessions.slowAttempt(secret, SLOW_DOWN_S)
  if (typeof answer === 'string') return undefined
  // Of two who ask with one secret one gets a session.
  if ((await desk.sessions.takeAttempt(secret)) === undefined)
    throw new LoginRefused('this login was completed before: begin again')
  return signIn(desk, answer)
}

async function answerOf(
  { provider }: LoginDesk,
  { deviceCode, verifier }: Attempt,
): Promise<oidc.IDToken | 'pending' | 'slow down'> {
  const configuration = await provider.configuration()
  const tokens = await oidc.genericGrantRequest(configuration, GRANT, { device_code: deviceCode, code_verifier: verifier }).catch((error: unknown) => {
    const code = error instanceof oidc.ResponseBodyError ? error.error : undefined
    if (code === 'authorization_pending') return 'pending'
    return code === 'slow_down' ? 'slow down' : refusedOrAway(error)
  }) // prettier-ignore
  if (typeof tokens === 'string') return tokens
  const claims = tokens.claims()
  if (claims === undefined) throw new LoginRefused('the identity provider sent no identity')
  return claims
}

function refusedOrAway(error: unknown): never {
  if (!(error instanceof oidc.ResponseBodyError))
    throw new ProviderUnavailable('the identity provider does not answer', { cause: error })
  const isRefused = error.error === 'access_denied'
  throw new LoginRefused(isRefused ? 'the login was refused' : 'the identity provider did not confirm the login: begin again') // prettier-ignore
}
