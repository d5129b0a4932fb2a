import { createHash, createHmac, hash, type Hash } from 'node:crypto'

/** Bytes that SHA-256 takes at a time: the length to which HMAC pads its key (RFC 2104). */
const BLOCK_BYTES = 64
const INNER_PAD = 0x36
const OUTER_PAD = 0x5c
/** Longest text that is hashed in one piece. */
const WORKSPACE_BYTES = 64 * 1024
const HASH_BYTES = 16

/**
 * First 128 bits of HMAC-SHA-256 under a key of at most 64 bytes. Made of two hashes over kept memory: an Hmac object for
 * each record costs more than hashing it.
 */
export class KeyedHash {
  /** The padded key, and behind it what is hashed. */
  private readonly inner: Buffer
  private readonly outer: Buffer

  constructor(private readonly key: Buffer) {
    if (key.length > BLOCK_BYTES) throw new RangeError(`a key has at most ${BLOCK_BYTES} bytes`)
    this.inner = padded(key, INNER_PAD, WORKSPACE_BYTES)
    this.outer = padded(key, OUTER_PAD, 32)
  }

  /** The same hash of what is given bit by bit. */
  begin(): RunningKeyedHash {
    return new RunningKeyedHash(this.key)
  }

  of(...parts: readonly (string | Buffer)[]): Buffer {
    let end = BLOCK_BYTES
    for (const part of parts) {
      // Three bytes of UTF-8 a UTF-16 unit at most.
      if (end + part.length * 3 > this.inner.length) return this.ofLong(parts)
      end += typeof part === 'string' ? this.inner.write(part, end) : part.copy(this.inner, end)
    }
    this.outer.write(hash('sha256', this.inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1')
    return Buffer.from(hash('sha256', this.outer, 'binary').slice(0, HASH_BYTES), 'latin1')
  }

  private ofLong(parts: readonly (string | Buffer)[]): Buffer {
    const hmac = createHmac('sha256', this.key)
    for (const part of parts) hmac.update(part)
    return hmac.digest().subarray(0, HASH_BYTES)
  }
}

/** The hash of a stream, which may be asked for at any point of it. */
export class RunningKeyedHash {
  private readonly inner: Hash
  private readonly outer: Buffer

  constructor(key: Buffer) {
    this.inner = createHash('sha256').update(padded(key, INNER_PAD, 0))
    this.outer = padded(key, OUTER_PAD, 0)
  }

  update(bytes: Buffer): void {
    this.inner.update(bytes)
  }

  value(): Buffer {
    const inner = this.inner.copy().digest()
    return createHash('sha256').update(this.outer).update(inner).digest().subarray(0, HASH_BYTES)
  }
}

function padded(key: Buffer, pad: number, behind: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES + behind)
  key.copy(block)
  for (let at = 0; at < BLOCK_BYTES; at++) block[at] = (block[at] ?? 0) ^ pad
  return block
}
