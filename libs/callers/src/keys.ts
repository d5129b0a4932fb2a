import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto'

/** What is keyed about callers, each by a subkey of its own of the installation key. */
export interface CallerKeys {
  /** Of the secret part of an API token. Hex. */
  tokenHash(secret: string): string
  /** Under which a session or a login attempt is stored: whoever reads the table cannot use them. */
  sessionHash(secret: string): Buffer
  /** Signs what a caller is handed to hand back, for that caller alone. base64url. */
  seal(caller: string, text: string): string
}

export function deriveCallerKeys(installationKey: Buffer): CallerKeys {
  const [token, session, seal] = ['token', 'session', 'seal'].map((use) => subkey(installationKey, use)) as [
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
function subkey(installationKey: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', installationKey, '', `catena caller ${use}`, 32)))
}
