import { isObject, type Caller } from '@catena/domain'
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
/**
 * How long a logout token counts after it was made, seconds. Providers that send drafts of the specification leave `exp` out (Keycloak before 23.0.4,
 * Hydra, authentik), and their logouts count, too; where there is one, it counts besides.
 */
const LOGOUT_AGE_MAX_S = 5 * 60
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** What became of a logout token. */
export type LogoutHeard = 'ended' | 'heard before' | 'no logout token'

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

  /** Ends what a logout token names (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
  async logOut(token: string): Promise<LogoutHeard> {
    const { provider, sessions } = this.desk
    const claims = await this.verify(token, {
      audience: provider.settings.clientId,
      requiredClaims: ['iat', 'jti', 'events'],
      maxTokenAge: LOGOUT_AGE_MAX_S,
    })
    const [issuer, subject, session, id] = [claims?.iss, claims?.sub, claims?.['sid'], claims?.jti].map(textOf)
    if (claims === undefined || !isLogout(claims) || issuer === undefined || id === undefined) return 'no logout token'
    if (subject === undefined && session === undefined) return 'no logout token'
    return (await sessions.endAt({ issuer, subject, session, id })) ? 'ended' : 'heard before'
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

/** Names the event with an object, and is no identity token (section 2.4). */
function isLogout(claims: JWTPayload): boolean {
  const { events, nonce } = claims
  return (
    nonce === undefined && isObject(events) && Object.hasOwn(events, LOGOUT_EVENT) && isObject(events[LOGOUT_EVENT])
  )
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
