import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyCharacter } from '../../../../test/any-character.js'
import { KeyedHash } from './keyed-hash.js'

function expected(key: Buffer, parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest().subarray(0, 16)
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array))
const texts = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: anyCharacter, maxLength: 300 }))
const repeated = fc.tuple(fc.constantFrom('a', 'é', '😀'), fc.integer({ min: 0, max: 80_000 }))

describe('a keyed hash', () => {
  it('is HMAC-SHA-256, cut to 128 bits', () => {
    const parts = fc.array(fc.oneof(texts, bytes(300)), { maxLength: 3 })
    fc.assert(
      fc.property(bytes(64), fc.array(parts, { maxLength: 4 }), (key, several) => {
        const keyed = new KeyedHash(key)
        for (const one of several) expect(keyed.of(...one)).toEqual(expected(key, one))
      }),
      { numRuns: 300 },
    )
  })

  it('is the same on both sides of the length that is hashed in one piece', () => {
    const keyed = new KeyedHash(Buffer.alloc(32, 7))
    fc.assert(
      fc.property(repeated, ([sign, count]) => {
        const text = sign.repeat(count)
        for (const part of [text, Buffer.from(text)])
          expect(keyed.of('source\0', part)).toEqual(expected(Buffer.alloc(32, 7), ['source\0', part]))
      }),
      { numRuns: 100 },
    )
  })

  it('refuses a key that HMAC would hash first', () => {
    expect(() => new KeyedHash(Buffer.alloc(65))).toThrow(RangeError)
  })
})
