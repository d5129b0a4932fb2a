import { createHmac } from 'node:crypto'
import { isSame } from '@catena/callers'
import { verifyGithubSignature } from '@catena/connectors'
import { describe, expect, it } from '@jest/globals'

const LENGTH = 16 * 1024 * 1024
const ROUNDS = 9
const right = 'a'.repeat(LENGTH)
const wrongAtOnce = `b${'a'.repeat(LENGTH - 1)}`
const wrongAtLast = `${'a'.repeat(LENGTH - 1)}b`

/** What an attacker measures: how much longer a guess takes that is right up to its last character. */
function leakOf(compare: (guess: string) => boolean): number {
  const time = { first: Infinity, last: Infinity }
  // In turn, so that whatever else is at work on the machine delays both.
  for (let round = 0; round < ROUNDS; round++)
    for (const [which, guess] of [['first', wrongAtOnce], ['last', wrongAtLast]] as const) {
      const began = performance.now()
      expect(compare(guess)).toBe(false)
      time[which] = Math.min(time[which], performance.now() - began)
    } // prettier-ignore
  return time.last / Math.max(time.first, 1e-4)
}

/** As a naive server compares: character by character, and out at the first that differs. */
function naive(guess: string): boolean {
  for (let at = 0; at < LENGTH; at++) if (guess.charCodeAt(at) !== right.charCodeAt(at)) return false
  return true
}

describe('the time of comparing a secret', () => {
  it('tells how far a guess is right where the comparison is naive, so that this test can fail', () => {
    expect(leakOf(naive)).toBeGreaterThan(50)
  })

  it('tells nothing of tokens, sessions, seals and links', () => {
    expect(leakOf((guess) => isSame(guess, right))).toBeLessThan(3)
  })

  it('tells nothing of webhook signatures', () => {
    const body = Buffer.from('{}')
    const signature = createHmac('sha256', 's').update(body).digest('hex')
    const flip = (at: number) => signature.slice(0, at) + (signature[at] === '0' ? '1' : '0') + signature.slice(at + 1)
    const time = { early: Infinity, late: Infinity }
    const guesses = { early: `sha256=${flip(0)}`, late: `sha256=${flip(63)}` }
    for (let round = 0; round < 40; round++)
      for (const which of ['early', 'late'] as const) {
        const began = performance.now()
        for (let n = 0; n < 500; n++) verifyGithubSignature(body, guesses[which], 's')
        time[which] = Math.min(time[which], performance.now() - began)
      }
    expect(time.late / time.early).toBeLessThan(1.5)
  })
})
