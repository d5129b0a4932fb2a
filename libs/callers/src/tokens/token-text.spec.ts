import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { makeToken, readToken, TOKEN_PATTERN, writeToken } from './token-text.js'

describe('an API token', () => {
  it('reads as its id and secret, whatever they are', () => {
    const alphabet = fc.constantFrom(...Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'))
    const secrets = fc.array(alphabet, { minLength: 43, maxLength: 43 }).map((letters) => letters.join(''))
    const ids = fc
      .array(fc.constantFrom(...Array.from('0123456789abcdef')), { minLength: 20, maxLength: 20 })
      .map((letters) => letters.join(''))
    fc.assert(
      fc.property(ids, secrets, (id, secret) => {
        expect(readToken(writeToken({ id, secret }))).toEqual({ id, secret })
      }),
    )
  })

  it('with one character changed is none', () => {
    const { text } = makeToken()
    for (let at = 7; at < text.length; at++) {
      const other = text[at] === 'a' ? 'b' : 'a'
      expect(readToken(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined()
    }
  })

  it('is found by a scanner, and no two are alike', () => {
    const texts = Array.from({ length: 200 }, () => makeToken().text)
    for (const text of texts) expect(text).toMatch(TOKEN_PATTERN)
    expect(new Set(texts).size).toBe(200)
  })
})
