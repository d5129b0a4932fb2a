import { createHash, randomBytes } from 'node:crypto'
import type { Caller } from '@catena/domain'
import type { Clock } from '@catena/platform'
import type pg from 'pg'
import type { CallerKeys } from '../keys.js'

/** A session that is not used for so long is over, ms. */
export const SESSION_IDLE_MS = 2 * 3_600_000
/** Time for a login at the identity provider, ms. */
const ATTEMPT_MS = 10 * 60_000
/** How often the last use of a session is written, ms. */
const USE_NOTED_EVERY_MS = 60_000
/** How long the id of a logout is remembered, ms: no logout token counts for so long. */
const LOGOUT_KNOWN_MS = 3_600_000

/** By what the identity provider knows a session. */
export interface ProviderSession {
  readonly issuer: string
  readonly subject: string
  readonly session: string | undefined
}

/** What an identity provider says is over: a session where it names one, else every session of the subject. */
export interface ProviderLogout {
  readonly issuer: string
  readonly subject: string | undefined
  readonly session: string | undefined
  /** One logout has one id, however often it is sent. */
  readonly id: string
}

export interface SessionDesk {
  readonly pool: pg.Pool
  readonly keys: CallerKeys
  readonly clock: Clock
}

/** Sessions of people, kept by the server: ending one here ends it everywhere, at once. */
export class SessionStore {
  constructor(private readonly desk: SessionDesk) {}

  /** The secret that names the session; it is stored nowhere. */
  async begin(caller: Caller, lifeMs: number, provider?: ProviderSession): Promise<string> {
    const secret = randomBytes(32).toString('base64url')
    const now = this.desk.clock.now() / 1000
    await this.desk.pool.query('DELETE FROM login_session WHERE ends_at < to_timestamp($1)', [now])
    await this.desk.pool.query(
      `INSERT INTO login_session (hash, caller, issuer, subject, provider_session, began_at, used_at, ends_at)
       VALUES ($1, $2, $3, $4, $5, to_timestamp($6), to_timestamp($6), to_timestamp($7))`,
      [
        this.desk.keys.sessionHash(secret),
        JSON.stringify(caller),
        provider?.issuer,
        provider?.subject,
        provider?.session,
        now,
        now + lifeMs / 1000,
      ],
    )
    return secret
  }

  async callerOf(secret: string): Promise<Caller | undefined> {
    const [hashes, now] = [this.desk.keys.sessionHashes(secret), this.desk.clock.now() / 1000]
    const { rows } = await this.desk.pool.query<{ caller: Caller; stale: boolean }>({
      name: 'login-session',
      text: `SELECT caller, used_at < to_timestamp($3) AS stale FROM login_session
        WHERE hash = ANY($1) AND ends_at > to_timestamp($2) AND used_at > to_timestamp($4)`,
      values: [hashes, now, now - USE_NOTED_EVERY_MS / 1000, now - SESSION_IDLE_MS / 1000],
    })
    if (rows[0]?.stale === true)
      await this.desk.pool.query('UPDATE login_session SET used_at = to_timestamp($2) WHERE hash = ANY($1)', [
        hashes,
        now,
      ])
    return rows[0]?.caller
  }

  /** Another session of the same person, which ends when the first would have ended; undefined: the first is over. */
  async branch(secret: string): Promise<string | undefined> {
    const branch = randomBytes(32).toString('base64url')
    const { rowCount } = await this.desk.pool.query(
      `INSERT INTO login_session (hash, caller, issuer, subject, provider_session, began_at, used_at, ends_at)
       SELECT $1, caller, issuer, subject, provider_session, to_timestamp($3), to_timestamp($3), ends_at
       FROM login_session WHERE hash = ANY($2) AND ends_at > to_timestamp($3)`,
      [this.desk.keys.sessionHash(branch), this.desk.keys.sessionHashes(secret), this.desk.clock.now() / 1000],
    )
    return rowCount === 1 ? branch : undefined
  }

  async end(secret: string): Promise<void> {
    await this.desk.pool.query('DELETE FROM login_session WHERE hash = ANY($1)', [this.desk.keys.sessionHashes(secret)])
  }

  /** False: this logout was heard before, and ends nothing that began since. */
  async endAt({ issuer, subject, session, id }: ProviderLogout): Promise<boolean> {
    const named = session === undefined ? `sub:${subject ?? ''}` : `sid:${session}`
    const [of, now] = [session === undefined ? 'subject' : 'provider_session', this.desk.clock.now()]
    await this.desk.pool.query(
      `DELETE FROM ended_login WHERE issuer = $1 AND named LIKE 'jti:%' AND ended_at < to_timestamp($2)`,
      [issuer, (now - LOGOUT_KNOWN_MS) / 1000],
    )
    // One statement: what is remembered as heard has ended what it names.
    const { rowCount } = await this.desk.pool.query(
      `WITH heard AS (
         INSERT INTO ended_login (issuer, named, ended_at) VALUES ($1, $2, to_timestamp($5)) ON CONFLICT DO NOTHING RETURNING issuer
       ), noted AS (
         INSERT INTO ended_login (issuer, named, ended_at) SELECT issuer, $3, to_timestamp($5) FROM heard
         ON CONFLICT (issuer, named) DO UPDATE SET ended_at = excluded.ended_at
       ), ended AS (
         DELETE FROM login_session WHERE issuer = (SELECT issuer FROM heard) AND ${of} = $4
       )
       SELECT FROM heard`,
      [issuer, `jti:${createHash('sha256').update(id).digest('hex')}`, named, session ?? subject, now / 1000],
    )
    return rowCount === 1
  }

  /** Did the identity provider end the login of a token that was issued at `issuedAt`, seconds? */
  async isEnded({ issuer, subject, session }: ProviderSession, issuedAt: number): Promise<boolean> {
    const { rows } = await this.desk.pool.query({
      name: 'ended-login',
      text: `SELECT FROM ended_login WHERE issuer = $1
        AND (named = $2 OR (named = $3 AND ended_at >= to_timestamp($4)))`,
      values: [issuer, `sid:${session ?? ''}`, `sub:${subject}`, issuedAt],
    })
    return rows.length > 0
  }

  /** Keeps what a login needs when it comes back; returns the secret that fetches it, once. Kept for `lifeMs`. */
  async keepAttempt(body: object, lifeMs = ATTEMPT_MS): Promise<string> {
    const secret = randomBytes(32).toString('base64url')
    const now = this.desk.clock.now() / 1000
    await this.desk.pool.query('DELETE FROM login_attempt WHERE ends_at < to_timestamp($1)', [now])
    await this.desk.pool.query('INSERT INTO login_attempt (hash, body, ends_at) VALUES ($1, $2, to_timestamp($3))', [
      this.desk.keys.sessionHash(secret),
      JSON.stringify(body),
      now + lifeMs / 1000,
    ])
    return secret
  }

  /** An attempt that is asked about again and again: over all processes no more often than its own `intervalS`; who asks earlier gets `early`. */
  async askAttempt(secret: string): Promise<{ readonly body: unknown } | 'early' | undefined> {
    const values = [this.desk.keys.sessionHashes(secret), this.desk.clock.now() / 1000]
    const { rows } = await this.desk.pool.query<{ body: unknown }>(
      `UPDATE login_attempt SET body = jsonb_set(body, '{nextAskAt}', to_jsonb($2::float8 + (body ->> 'intervalS')::float8))
       WHERE hash = ANY($1) AND ends_at > to_timestamp($2) AND body ? 'intervalS' AND coalesce((body ->> 'nextAskAt')::float8, 0) <= $2 RETURNING body`,
      values,
    )
    if (rows[0] !== undefined) return { body: rows[0].body }
    const kept = await this.desk.pool.query(`SELECT FROM login_attempt WHERE hash = ANY($1) AND ends_at > to_timestamp($2) AND body ? 'intervalS'`, values) // prettier-ignore
    return kept.rowCount === 0 ? undefined : 'early'
  }

  /** From now on it is asked about more seldom. */
  async slowAttempt(secret: string, byS: number): Promise<void> {
    await this.desk.pool.query(
      `UPDATE login_attempt SET body = body || jsonb_build_object('intervalS', (body ->> 'intervalS')::float8 + $2,
         'nextAskAt', (body ->> 'nextAskAt')::float8 + $2) WHERE hash = ANY($1)`,
      [this.desk.keys.sessionHashes(secret), byS],
    )
  }

  async takeAttempt(secret: string): Promise<unknown> {
    const { rows } = await this.desk.pool.query<{ body: unknown }>(
      'DELETE FROM login_attempt WHERE hash = ANY($1) AND ends_at > to_timestamp($2) RETURNING body',
      [this.desk.keys.sessionHashes(secret), this.desk.clock.now() / 1000],
    )
    return rows[0]?.body
  }
}
