import type { Mask } from '@catena/domain'
import { hkdfSync } from 'node:crypto'
import { BoundedCache } from './bounded-cache.js'
import { KeyedHash, type RunningKeyedHash } from './keyed-hash.js'

/** Shortest installation key that is accepted, bytes. */
export const INSTALLATION_KEY_BYTES_MIN = 32

/** Values whose mask is remembered; two generations of them are held at most. */
const MASKS_REMEMBERED = 20_000
/** Longest value that is remembered, so that the cache stays small, UTF-16 units. */
const MASKED_LENGTH_MAX = 256

/**
 * Everything that is keyed at intake, each by a subkey of its own: without the installation key nobody can test a guess,
 * and one kind of hash tells nothing of another.
 */
export interface IntakeKeys {
  /** 128 bits over the source instance and the exact record: the same record again has the same id. */
  recordId(sourceId: string, record: string | Buffer): Buffer
  /** `hmac:` and 128 bits in base64url: equality survives, the value does not. */
  readonly mask: Mask
  /** 128-bit pseudonym of somebody or something that a record speaks of. */
  subject(value: string): Buffer
  /** Hex name of a file by its first bytes. */
  fileIdentity(sourceId: string, head: Buffer): string
  /** 128 bits over the source instance and the content of a file, as far as it was given. */
  contentHash(sourceId: string): RunningKeyedHash
}

/** Throws RangeError where the key is shorter than INSTALLATION_KEY_BYTES_MIN. */
export function deriveIntakeKeys(installationKey: Buffer): IntakeKeys {
  if (installationKey.length < INSTALLATION_KEY_BYTES_MIN) {
    throw new RangeError(`the installation key needs at least ${INSTALLATION_KEY_BYTES_MIN} bytes`)
  }
  const keyed = (use: string): KeyedHash => new KeyedHash(subkey(installationKey, use))
  const [recordHash, maskHash, subjectHash] = [keyed('record-id'), keyed('mask'), keyed('subject')]
  const [fileHash, contentHash] = [keyed('file'), keyed('file content')]
  return {
    recordId: (sourceId, record) => recordHash.of(`${sourceId}\0`, record),
    mask: cachedMask(maskHash),
    subject: (value) => subjectHash.of(value),
    fileIdentity: (sourceId, head) => fileHash.of(`${sourceId}\0`, head).toString('hex'),
    contentHash: (sourceId) => {
      const running = contentHash.begin()
      running.update(Buffer.from(`${sourceId}\0`))
      return running
    },
  }
}

/** HKDF-SHA-256 (RFC 5869) with the use as its info. */
function subkey(installationKey: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', installationKey, '', `catena intake ${use}`, 32))
}

function cachedMask(hash: KeyedHash): Mask {
  const masks = new BoundedCache<string>(MASKS_REMEMBERED)
  const compute = (value: string): string => `hmac:${hash.of(value).toString('base64url')}`
  return (value) => (value.length > MASKED_LENGTH_MAX ? compute(value) : masks.get(value, compute))
}
