import type { Caller } from '@catena/domain'
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose'
import type { SessionStore } from '../sessions/session-store.js'
import { callerOfClaims, NoRoles } from './claims.js'
import { ProviderUnavailable, type IdentityProvider } from './provider.js'

/** How far the clocks of provider and Catena may differ, seconds. */
const CLOCK_TOLERANCE_S = 30
/** Unknown key ids make it ask for the keys anew, but never more often than this, ms. */
const KEYS_COOLDOWN_MS = 30_000
const KEYS_AGE_MAX_MS = 10 * 60_000
const KEYS_TIMEOUT_MS = 5_000
/** What is no signed token makes nobody ask the provider. */
const JWT_FORM = /^[\w-]{2,2048}\.[\w-]{2,8192}\.[\w-]{2,2048}$/
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

export interface VerifierDesk {
  readonly provider: IdentityProvider
  readonly sessions: SessionStore
  readonly separatesDuties: boolean
}

/** Verifies what an identity provider signed: bearer tokens of people, and its logout tokens. Keys are fetched when needed and bounded. */
export class TokenVerifier {
  private keys: { readonly url: string; readonly get: JWTVerifyGetKey } | undefined

  constructor(private readonly desk: VerifierDesk) {}

  /** The person behind an access token; undefined: it is none of this provider for this audience, or over. Throws ProviderUnavailable. */
  async callerOf(token: string): Promise<Caller | undefined> {
    const { provider, sessions, separatesDuties } = this.desk
    const { audience } = provider.settings
    if (audience === undefined) return undefined
    const claims = await this.verify(token, { audience, requiredClaims: ['exp', 'iat', 'sub'] })
    if (claims?.sub === undefined || claims.iss === undefined || claims['nonce'] !== undefined) return undefined
    const login = { issuer: claims.iss, subject: claims.sub, session: textOf(claims['sid']) }
    if (await sessions.isEnded(login, claims.iat ?? 0)) return undefined
    try {
      return callerOfClaims(claims, provider.settings, separatesDuties)
    } catch (error) {
      if (error instanceof NoRoles) return undefined
      throw error
    }
  }

  /** Ends what a logout token names (OpenID Connect Back-Channel Logout 1.0, section 2.6). False: it is no such token. */
  async logOut(token: string): Promise<boolean> {
    const { provider, sessions } = this.desk
    const claims = await this.verify(token, {
      audience: provider.settings.clientId,
      requiredClaims: ['iat', 'jti', 'events'],
    })
    const [issuer, subject, session] = [claims?.iss, claims?.sub, textOf(claims?.['sid'])]
    const isLogout = Object.hasOwn(claims?.['events'] ?? {}, LOGOUT_EVENT) && claims?.['nonce'] === undefined
    if (!isLogout || issuer === undefined || (subject === undefined && session === undefined)) return false
    await sessions.endAt({
      issuer,
      ...(subject === undefined ? {} : { subject }),
      ...(session === undefined ? {} : { session }),
    })
    return true
  }

  private async verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload | undefined> {
    const { issuer, algorithms } = this.desk.provider.settings
    if (!JWT_FORM.test(token)) return undefined
    const keys = await this.keysOf()
    try {
      const { payload } = await jwtVerify(token, keys, {
        ...options,
        issuer,
        algorithms: [...algorithms],
        clockTolerance: CLOCK_TOLERANCE_S,
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JWKSTimeout)
        throw new ProviderUnavailable('the keys of the identity provider cannot be read')
      if (error instanceof errors.JOSEError) return undefined
      throw new ProviderUnavailable('the keys of the identity provider cannot be read', { cause: error })
    }
  }

  private async keysOf(): Promise<JWTVerifyGetKey> {
    const { jwks_uri: url } = (await this.desk.provider.configuration()).serverMetadata()
    if (url === undefined) throw new ProviderUnavailable('the identity provider names no keys')
    if (this.keys?.url !== url)
      this.keys = {
        url,
        get: createRemoteJWKSet(new URL(url), {
          cooldownDuration: KEYS_COOLDOWN_MS,
          cacheMaxAge: KEYS_AGE_MAX_MS,
          timeoutDuration: KEYS_TIMEOUT_MS,
          [customFetch]: this.desk.provider.fetch,
        }),
      }
    return this.keys.get
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
