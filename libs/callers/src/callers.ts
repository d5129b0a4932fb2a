import { ConfigurationError, isLoopback, type AccessSettings, type Clock, type Settings } from '@catena/platform'
import type { DecisionStreams } from '@catena/ledger'
import type pg from 'pg'
import { DenialRecorder } from './denials/denial-recorder.js'
import type { Denial } from './denials/denial.js'
import type { AskingRequest, IdentifyCaller } from './identify.js'
import { isSame, type CallerKeys } from './keys.js'
import { LOCAL_PERSON, LocalCodes } from './local/local-person.js'
import type { LoginDesk } from './people/log-in.js'
import { IdentityProvider } from './people/provider.js'
import { TokenVerifier } from './people/verify-token.js'
import type { EvidenceRead } from './reads/evidence-read.js'
import { ReadRecorder } from './reads/read-recorder.js'
import { SessionStore } from './sessions/session-store.js'
import { sessionIn } from './sessions/session-cookie.js'
import { identifyToken } from './tokens/identify-token.js'
import { TokenUses } from './tokens/token-uses.js'

export interface CallersOptions {
  readonly pool: pg.Pool
  readonly streams: Pick<DecisionStreams, 'readStream' | 'appendDecisions'>
  readonly keys: CallerKeys
  readonly clock: Clock
  readonly access: AccessSettings
  readonly env: Readonly<Record<string, string | undefined>>
  /** Undefined where an identity provider says who people are. */
  readonly localToken: string | undefined
}

/** Everybody whom this Catena knows, and the ways in which they become known. */
export interface Callers {
  readonly identify: IdentifyCaller
  readonly sessions: SessionStore
  /** Present with an identity provider. */
  readonly people: { readonly verifier: TokenVerifier; desk(origin: string): LoginDesk } | undefined
  /** Present without one. */
  readonly local: LocalCodes | undefined
  readonly access: AccessSettings
  /** Makes durable who is shown what; see ReadRecorder. */
  readonly recordRead: (read: EvidenceRead) => Promise<void>
  /** A read may be about to come; see ReadRecorder. */
  readonly expectRead: () => () => void
  /** Makes durable what was refused to whom; see DenialRecorder. */
  readonly recordDenial: (denial: Denial) => Promise<void>
}

/** Without an identity provider only this machine may reach it. Throws ConfigurationError. */
export function requireSafeDoor({ host }: Pick<Settings, 'host'>, access: AccessSettings): void {
  if (access.provider !== undefined || isLoopback(host)) return
  throw new ConfigurationError('CATENA_HOST', [
    `${host} is open to others, and nobody could tell who they are: describe an identity provider (access.provider in catena.yaml), or leave it on loopback`,
  ])
}

export function openCallers(options: CallersOptions): Callers {
  const { access, env, localToken } = options
  const sessions = new SessionStore(options)
  const provider = access.provider === undefined ? undefined : new IdentityProvider(access.provider, env)
  const { sessionMaxMs, separatesDuties } = access
  const verifier = provider && new TokenVerifier({ provider, sessions, separatesDuties })
  const people = provider &&
    verifier && {
      verifier,
      desk: (origin: string): LoginDesk => ({
        provider,
        sessions,
        keys: options.keys,
        clock: options.clock,
        callbackUrl: `${access.url ?? origin}/login/callback`,
        sessionMaxMs,
        separatesDuties,
      }),
    }
  const reads = new ReadRecorder(options.streams, options.clock)
  const denials = new DenialRecorder(options.streams, options.clock)
  const local = provider === undefined ? new LocalCodes() : undefined
  return {
    identify: identifier({ ...options, sessions, verifier, localToken, uses: new TokenUses(options.pool) }),
    sessions,
    people,
    local,
    access,
    recordRead: (read) => reads.record(read),
    expectRead: () => reads.expect(),
    recordDenial: (denial) => denials.record(denial),
  }
}

/** As browsers reach it, perhaps by a proxy. */
function isReachedByTls({ url, tls }: AccessSettings): boolean {
  return url === undefined ? tls !== undefined : url.startsWith('https:')
}

interface Identifiers extends CallersOptions {
  readonly sessions: SessionStore
  readonly verifier: TokenVerifier | undefined
  readonly uses: TokenUses
}

/** A bearer token goes before a cookie; what is not valid is nobody, never somebody else. */
function identifier(known: Identifiers): IdentifyCaller {
  return async (request) => {
    const bearer = bearerOf(request)
    if (bearer === undefined) {
      const session = sessionIn(request, isReachedByTls(known.access))
      return session === undefined ? undefined : known.sessions.callerOf(session)
    }
    if (known.localToken !== undefined && isSame(bearer, known.localToken)) return LOCAL_PERSON
    if (bearer.startsWith('catena_login_')) return known.sessions.callerOf(bearer.slice('catena_login_'.length))
    if (bearer.startsWith('catena_')) return identifyToken(known, bearer)
    return known.verifier?.callerOf(bearer)
  }
}

/** RFC 6750, section 2.1. */
function bearerOf({ headers }: AskingRequest): string | undefined {
  const { authorization } = headers
  return authorization === undefined ? undefined : (/^Bearer +([\w.~+/=-]{1,8192})$/i.exec(authorization)?.[1] ?? '')
}
