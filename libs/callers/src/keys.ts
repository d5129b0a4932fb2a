import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto'

/** What is keyed about callers, each by a subkey of its own. One key makes what is new; what any accepted key made still counts. */
export interface CallerKeys {
  /** Of the secret part of an API token. Hex. */
  tokenHash(secret: string): string
  isTokenHash(secret: string, hash: string): boolean
  /** Under which a session or a login attempt is stored: whoever reads the table cannot use them. */
  sessionHash(secret: string): Buffer
  /** Under any of which it may have been stored. */
  sessionHashes(secret: string): readonly Buffer[]
  /** Signs what a caller is handed to hand back, for that caller alone. base64url. */
  seal(caller: string, text: string): string
  isSeal(caller: string, text: string, seal: string): boolean
}

/** The first key makes; all of them are accepted. */
export function deriveCallerKeys(first: Buffer, ...older: readonly Buffer[]): CallerKeys {
  const newest = subkeysOf(first)
  const all = [newest, ...older.map(subkeysOf)]
  return {
    tokenHash: newest.tokenHash,
    // No `some`: how long it takes says nothing of which key it was.
    isTokenHash: (secret, hash) => all.filter((keys) => isSame(keys.tokenHash(secret), hash)).length > 0,
    sessionHash: newest.sessionHash,
    sessionHashes: (secret) => all.map((keys) => keys.sessionHash(secret)),
    seal: newest.seal,
    isSeal: (caller, text, seal) => all.filter((keys) => isSame(keys.seal(caller, text), seal)).length > 0,
  }
}

type Subkeys = Pick<CallerKeys, 'tokenHash' | 'sessionHash' | 'seal'>

function subkeysOf(key: Buffer): Subkeys {
  const [token, session, seal] = ['token', 'session', 'seal'].map((use) => subkey(key, use)) as [
    KeyObject,
    KeyObject,
    KeyObject,
  ]
  return {
    tokenHash: (secret) => createHmac('sha256', token).update(secret).digest('hex'),
    sessionHash: (secret) => createHmac('sha256', session).update(secret).digest(),
    seal: (caller, text) =>
      createHmac('sha256', seal)
        .update(JSON.stringify([caller, text]))
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
  }
}

/** Takes the same time wherever the texts differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** HKDF-SHA-256 (RFC 5869) with the use as its info. */
function subkey(key: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `catena caller ${use}`, 32)))
}
