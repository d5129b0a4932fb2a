import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { ALICE, startSignedInApi, type SignedInApi } from '../../test/signed-in-api.js'

jest.setTimeout(60_000)

let api: SignedInApi
beforeAll(async () => {
  api = await startSignedInApi()
}, 120_000)
afterAll(() => api.stop())

const now = () => Math.floor(Date.now() / 1000)
const claims = () => ({
  iss: api.provider.issuer,
  aud: api.provider.audience,
  sub: ALICE.sub,
  groups: ['audit'],
  sid: 'session-1',
  iat: now(),
  exp: now() + 300,
})
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function statusOf(token: string): Promise<number> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ caller { id } }"}',
  })
  await response.text()
  return response.status
}

describe('a bearer token of the identity provider', () => {
  it('that is for Catena and in time lets its person in', async () => {
    expect(await statusOf(await api.provider.sign(claims()))).toBe(200)
  })

  it('may differ from our clock by half a minute', async () => {
    expect(await statusOf(await api.provider.sign({ ...claims(), exp: now() - 20 }))).toBe(200)
    expect(await statusOf(await api.provider.sign({ ...claims(), nbf: now() + 20 }))).toBe(200)
  })

  it.each<[string, () => object]>([
    ['expired', () => ({ exp: now() - 40 })],
    ['without an end', () => ({ exp: undefined })],
    ['without a subject', () => ({ sub: undefined })],
    ['not valid yet', () => ({ nbf: now() + 60 })],
    ['of another issuer', () => ({ iss: 'https://evil.example' })],
    ['for another audience', () => ({ aud: 'another' })],
    ['for nobody', () => ({ aud: undefined })],
    ['for the login alone', () => ({ aud: api.provider.clientId })],
    ['that is an identity token', () => ({ nonce: 'n' })],
  ])('%s is refused', async (_, change) => {
    const changed = JSON.parse(JSON.stringify({ ...claims(), ...change() })) as object
    expect(await statusOf(await api.provider.sign(changed as never))).toBe(401)
  })
})

describe('a forged token', () => {
  it('with alg none is refused', async () => {
    for (const alg of ['none', 'None', 'nOnE', ''])
      for (const end of ['', '.', '.x'])
        expect(await statusOf(`${part({ alg, typ: 'JWT' })}.${part(claims())}${end}`)).toBe(401)
  })

  it('signed with the public key as if it were a secret is refused', async () => {
    const pem = await api.provider.publicKeyPem()
    for (const key of [pem, pem.trim(), Buffer.from(pem).toString('base64')]) {
      const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims())}`
      expect(await statusOf(`${text}.${createHmac('sha256', key).update(text).digest('base64url')}`)).toBe(401)
    }
  })

  it('that brings its own key is refused, and no address in it is asked', async () => {
    const good = (await api.provider.sign(claims())).split('.')
    const header = {
      alg: 'RS256',
      jwk: { kty: 'RSA', n: 'x', e: 'AQAB' },
      jku: 'http://169.254.169.254/keys',
      x5u: 'http://127.0.0.1:1/',
    }
    expect(await statusOf([part(header), good[1], good[2]].join('.'))).toBe(401)
  })

  it('whose claims were changed is refused', async () => {
    const [header, , signature] = (await api.provider.sign(claims())).split('.')
    expect(await statusOf([header, part({ ...claims(), groups: ['ops'] }), signature].join('.'))).toBe(401)
  })

  it('of 200 unknown keys makes the provider give its keys only a few times', async () => {
    const before = api.provider.keyRequests()
    const [, body, signature] = (await api.provider.sign(claims())).split('.')
    const forged = Array.from({ length: 200 }, (_, n) =>
      [part({ alg: 'RS256', kid: `k${n}` }), body, signature].join('.'),
    )
    expect(new Set(await Promise.all(forged.map(statusOf)))).toEqual(new Set([401]))
    expect(api.provider.keyRequests() - before).toBeLessThanOrEqual(2)
  })
})

describe('what is no token at all', () => {
  it.each([
    '',
    'x',
    'a.b',
    'a.b.c.d',
    'ä'.repeat(10),
    'catena_x',
    'catena_local_',
    'catena_login_',
    `catena_${'0'.repeat(20)}_${'A'.repeat(49)}`,
    'x'.repeat(9_000),
  ])('is nobody: %.20s', async (token) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${Buffer.from(token).toString('latin1')}`,
    }
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers,
      body: '{"query":"{ caller { id } }"}',
    })
    expect(response.status).toBe(401)
  })
})

describe('a login that the provider ended', () => {
  it('ends its tokens too, and not those of a later login', async () => {
    const stolen = await api.provider.sign(claims())
    expect(await statusOf(stolen)).toBe(200)
    const logout = { iss: api.provider.issuer, aud: api.provider.clientId, iat: now(), jti: 'j1', sid: 'session-1' }
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
    const body = new URLSearchParams({ logout_token: await api.provider.sign({ ...logout, events }) })
    expect((await fetch(`${api.url}/logout/backchannel`, { method: 'POST', body })).status).toBe(200)
    expect(await statusOf(stolen)).toBe(401)
    expect(await statusOf(await api.provider.sign({ ...claims(), sid: 'session-2' }))).toBe(200)
  })
})
