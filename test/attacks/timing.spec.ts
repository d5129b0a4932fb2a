import { isSame } from '@catena/callers'
import { describe, expect, it, jest } from '@jest/globals'

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

  it('tells nothing of signatures and secrets of webhooks: digests are compared whole, whatever the guess', async () => {
    // Between digests so short nobody could measure it here, so it is looked at how they are compared.
    const real = await import('node:crypto')
    const compared: number[] = []
    const timingSafeEqual = (one: Buffer, other: Buffer): boolean => {
      compared.push(one.length)
      return real.timingSafeEqual(one, other)
    }
    jest.unstable_mockModule('node:crypto', () => ({ ...real, timingSafeEqual }))
    const { verifyGithubSignature } = await import('../../libs/connectors/src/github/signature.js')
    const { receive } = await import('../../libs/ingest/src/doors/http-door.js')

    const body = Buffer.from('{}')
    const signature = real.createHmac('sha256', 's').update(body).digest('hex')
    const flip = (at: number) => signature.slice(0, at) + (signature[at] === '0' ? '1' : '0') + signature.slice(at + 1)
    expect([0, 63].map((at) => verifyGithubSignature(body, `sha256=${flip(at)}`, 's'))).toEqual([false, false])
    expect(verifyGithubSignature(body, `sha256=${signature}`, 's')).toBe(true)
    expect(compared.splice(0)).toEqual([32, 32, 32])

    const door = { sourceOf: () => ({ kind: 'gitlab' }), webhookSecretsOf: () => Promise.resolve(['right']) } as never
    for (const guess of ['wrong', 'righ', 'r', 'right and more'])
      await expect(receive(door, { source: 'lab', headers: { 'x-gitlab-token': guess }, body: [] as never, isEntitled: true })).rejects.toMatchObject({ code: 'bad-signature' }) // prettier-ignore
    expect(compared).toEqual([32, 32, 32, 32])
  })
})
