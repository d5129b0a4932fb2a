import { beforeAll, describe, expect, it, jest } from '@jest/globals'

/** Between digests so short nobody could measure it here, so it is looked at how they are compared: their lengths, in turn. */
const compared: number[] = []

beforeAll(async () => {
  const real = await import('node:crypto')
  const timingSafeEqual = (one: Buffer, other: Buffer): boolean => {
    compared.push(one.length)
    return real.timingSafeEqual(one, other)
  }
  jest.unstable_mockModule('node:crypto', () => ({ ...real, timingSafeEqual }))
})

/** The same texts but for a digit. */
function wrongAt(right: string, at: number): string {
  return right.slice(0, at) + (right[at] === '0' ? '1' : '0') + right.slice(at + 1)
}

describe('the time of comparing a secret', () => {
  it('tells nothing of tokens, sessions, seals and links: they are compared whole, wherever a guess differs', async () => {
    const { isSame } = await import('../../libs/callers/src/keys.js')
    const right = 'a'.repeat(43)
    expect([0, 21, 42].map((at) => isSame(wrongAt(right, at), right))).toEqual([false, false, false])
    expect(isSame(right, right)).toBe(true)
    expect(compared.splice(0)).toEqual([43, 43, 43, 43])
  })

  it('tells nothing of signatures and secrets of webhooks: digests are compared whole, whatever the guess', async () => {
    const { createHmac } = await import('node:crypto')
    const { verifyGithubSignature } = await import('../../libs/connectors/src/github/signature.js')
    const { receive } = await import('../../libs/ingest/src/doors/http-door.js')

    const body = Buffer.from('{}')
    const signature = createHmac('sha256', 's').update(body).digest('hex')
    expect([0, 63].map((at) => verifyGithubSignature(body, `sha256=${wrongAt(signature, at)}`, 's'))).toEqual([
      false,
      false,
    ])
    expect(verifyGithubSignature(body, `sha256=${signature}`, 's')).toBe(true)
    expect(compared.splice(0)).toEqual([32, 32, 32])

    const door = { sourceOf: () => ({ kind: 'gitlab' }), webhookSecretsOf: () => Promise.resolve(['right']) } as never
    for (const guess of ['wrong', 'righ', 'r', 'right and more'])
      await expect(receive(door, { source: 'lab', headers: { 'x-gitlab-token': guess }, body: [] as never, isEntitled: true })).rejects.toMatchObject({ code: 'bad-signature' }) // prettier-ignore
    expect(compared).toEqual([32, 32, 32, 32])
  })
})
