import { createHash } from 'node:crypto'
import { openCallers, sessionCookie } from '@catena/callers'
import { systemClock } from '@catena/platform'
import { TestBrowser } from '@catena/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { ALICE, OSKAR, SECRET_VARIABLE, startSignedInApi, type SignedInApi } from '../../test/signed-in-api.js'
import { createApi } from '../create-api.js'

jest.setTimeout(60_000)

let api: SignedInApi
beforeAll(async () => {
  api = await startSignedInApi()
}, 120_000)
afterAll(() => api.stop())
afterEach(() => {
  api.provider.signsIn = ALICE
})

const ASK_CALLER = JSON.stringify({ query: '{ caller { id name roles } }' })

async function callerOf(browser: TestBrowser, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await browser.visit(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: ASK_CALLER,
  })
  const { data } = (await response.json()) as { data?: { caller?: unknown } }
  return data?.caller ?? response.status
}

async function signedIn(): Promise<TestBrowser> {
  const browser = new TestBrowser()
  await browser.visit(`${api.url}/login`)
  return browser
}

describe('a person with a browser', () => {
  it('is nobody before, somebody after the login, and nobody after the logout', async () => {
    const browser = new TestBrowser()
    expect(await callerOf(browser)).toBe(401)
    await browser.visit(`${api.url}/login`)
    expect(await callerOf(browser)).toEqual({
      id: 'person:keycloak/tideline:u-alice',
      name: 'Alice',
      roles: ['AUDITOR'],
    })
    const stolen = browser.cookiesFor(api.url)
    const out = await browser.visit(`${api.url}/logout`, { method: 'POST' })
    expect(out.status).toBeLessThan(500)
    expect(await callerOf(browser)).toBe(401)
    const thief = new TestBrowser()
    thief.keep(api.url, stolen)
    expect(await callerOf(thief)).toBe(401)
  })

  it('comes back to the page that was asked for, and to no other site', async () => {
    const browser = new TestBrowser()
    await browser.visit(`${api.url}/login?to=${encodeURIComponent('/health/live')}`)
    expect(browser.visited.at(-1)).toBe(`${api.url}/health/live`)
    for (const to of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/%0d%0aSet-Cookie: x=y',
    ]) {
      await browser.visit(`${api.url}/login?to=${encodeURIComponent(to)}`)
      expect(new URL(browser.visited.at(-1) ?? '').origin).toBe(api.url)
    }
  })

  it('gets a cookie that scripts cannot read and other sites cannot post with', async () => {
    const begun = await fetch(`${api.url}/login`, { redirect: 'manual' })
    expect(begun.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    const cookie = sessionCookie('s', true, 1000)
    expect(cookie).toBe('__Host-catena=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=1; Secure')
  })

  it('is not signed out by a page of another site', async () => {
    const browser = await signedIn()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await browser.visit(`${api.url}/logout`, { method: 'POST', headers })).status).toBe(403)
    expect(await callerOf(browser)).toMatchObject({ name: 'Alice' })
  })

  it('has the rights that the claims of the provider give, and no others', async () => {
    api.provider.signsIn = OSKAR
    expect(await callerOf(await signedIn())).toMatchObject({ roles: ['OPERATOR'] })
    api.provider.signsIn = { ...OSKAR, sub: 'u-nora', groups: ['staff'] }
    expect(await callerOf(await signedIn())).toBe(200)
  })

  it('who would hold duties that are separate is not signed in', async () => {
    api.provider.signsIn = { ...ALICE, sub: 'u-both', groups: ['audit', 'ops'] }
    const browser = new TestBrowser()
    const refused = await browser.visit(`${api.url}/login`)
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('operator and auditor are not held together'),
    ])
    expect(await callerOf(browser)).toBe(401)
  })
})

describe('a callback', () => {
  it('that this browser did not begin signs nobody in', async () => {
    const victim = new TestBrowser()
    const attacker = new TestBrowser()
    const begun = await fetch(`${api.url}/login`, { redirect: 'manual' })
    const state = /login=([\w-]+)/.exec(begun.headers.get('set-cookie') ?? '')?.[1] ?? ''
    expect(state).not.toBe('')
    const response = await victim.visit(`${api.url}/login/callback?code=x&state=${state}`)
    expect(response.status).toBe(403)
    expect(await callerOf(victim)).toBe(401)
    expect(await callerOf(attacker)).toBe(401)
  })

  it('is taken once', async () => {
    const browser = await signedIn()
    const callback = browser.visited.find((url) => url.includes('/login/callback'))!
    const again = await browser.visit(callback)
    expect(again.status).toBe(403)
  })
})

describe('a login that is begun', () => {
  const begun = async (to = '/'): Promise<string> => {
    const response = await fetch(`${api.url}/login?to=${encodeURIComponent(to)}`, { redirect: 'manual' })
    return /^catena-login=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? ''
  }
  const back = async (kept: string): Promise<string> => {
    const headers = { cookie: `catena-login=${kept}` }
    return (await fetch(`${api.url}/login/callback?code=x&state=x`, { headers, redirect: 'manual' })).text()
  }

  it('by nobody in particular, again and again, fills no table', async () => {
    const rows = async () => (await api.recorded.shared.reader.pool.query('SELECT FROM login_attempt')).rowCount
    const before = await rows()
    await Promise.all(Array.from({ length: 40 }, () => begun()))
    expect(await rows()).toBe(before)
    expect(await callerOf(await signedIn())).toMatchObject({ name: 'Alice' })
  })

  it('is kept by the browser as it was written, and as nothing else', async () => {
    const [kept, other] = [await begun(), await begun()]
    const [text = '', seal = ''] = kept.split('.')
    const changed = Buffer.from(text, 'base64url').toString().replace('"/"', '"//evil.example"')
    expect(changed).toContain('evil')
    const forms = [text, `${text}.`, `${text}.${other.split('.')[1]}`, `${Buffer.from(changed).toString('base64url')}.${seal}`, `${text}.${seal}x`] // prettier-ignore
    for (const form of forms)
      expect([form, await back(form)]).toEqual([form, expect.stringContaining('not begun here')])
    expect(await back(kept)).toContain('did not confirm')
  })

  it('with a page too long for a cookie comes back to the first page', async () => {
    const browser = new TestBrowser()
    await browser.visit(`${api.url}/login?to=${encodeURIComponent(`/health/live?${'x'.repeat(3_000)}`)}`)
    expect(browser.visited.at(-1)).toBe(`${api.url}/`)
    expect(await callerOf(browser)).toMatchObject({ name: 'Alice' })
    expect((await begun(`/${'x'.repeat(1_999)}`)).length).toBeLessThan(4_000)
  })
})

describe('an address that browsers reach by TLS', () => {
  let behindTls: Awaited<ReturnType<typeof createApi>>
  let url: string
  let later = 0
  beforeAll(async () => {
    const { instance, reader } = api.recorded.shared
    const access = { ...api.callers.access, url: 'https://catena.example' }
    const env = { [SECRET_VARIABLE]: api.provider.clientSecret }
    const callers = openCallers({ pool: reader.pool, streams: instance.ledger, keys: instance.callerKeys, clock: { now: () => systemClock.now() + later }, access, env, localToken: undefined }) // prettier-ignore
    behindTls = await createApi({ ...api.recorded.shared, callers })
    url = await behindTls.listen('127.0.0.1', 0)
  })
  afterAll(() => behindTls.close())

  it('knows nobody by a cookie that a neighbouring host, or a line in clear, could have set', async () => {
    const secret = await api.callers.sessions.begin({ id: 'person:x', name: 'X', kind: 'person', roles: ['auditor'], keys: [] }, 60_000) // prettier-ignore
    const ask = async (cookie: string) =>
      (await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: ASK_CALLER })).status // prettier-ignore
    expect([await ask(`catena-session=${secret}`), await ask(`__Host-catena=${secret}`)]).toEqual([401, 200])
  })

  it('ends no login that a neighbouring host could have begun', async () => {
    const begun = await fetch(`${url}/login`, { redirect: 'manual' })
    const kept = /^__Host-catena-login=([\w.-]+)/.exec(begun.headers.get('set-cookie') ?? '')?.[1] ?? ''
    const back = async (cookie: string) =>
      (await fetch(`${url}/login/callback?code=x&state=x`, { headers: { cookie }, redirect: 'manual' })).text()
    expect(await back(`catena-login=${kept}`)).toContain('this login was not begun here')
    expect(await back(`__Host-catena-login=${kept}`)).toContain('the identity provider did not confirm')
    later = 11 * 60_000
    expect(await back(`__Host-catena-login=${kept}`)).toContain('long ago: begin again')
  })
})

describe('a logout by the provider', () => {
  const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout'
  const now = () => Math.floor(Date.now() / 1000)
  const send = (token: string) =>
    fetch(`${api.url}/logout/backchannel`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) })
  const claims = () => ({
    iss: api.provider.issuer, aud: api.provider.clientId, iat: now(), jti: `j${Math.random()}`, sub: ALICE.sub, events: { [LOGOUT]: {} },
  }) // prettier-ignore

  const without = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([own]) => own !== name))

  it('ends the sessions of the person', async () => {
    const browser = await signedIn()
    expect((await send(await api.provider.sign(claims()))).status).toBe(200)
    expect(await callerOf(browser)).toBe(401)
  })

  it('counts once: who signs in again stays signed in when it is sent again', async () => {
    const [ended, session] = [await api.provider.sign(claims()), await api.provider.sign({ ...claims(), sid: 'other' })]
    expect([(await send(ended)).status, (await send(session)).status]).toEqual([200, 200])
    const browser = await signedIn()
    const again = await send(ended)
    expect([again.status, await again.text()]).toEqual([400, 'this logout token was used before\n'])
    expect((await send(session)).status).toBe(400)
    expect(await callerOf(browser)).toMatchObject({ name: 'Alice' })
    expect((await send(await api.provider.sign(claims()))).status).toBe(200)
    expect(await callerOf(browser)).toBe(401)
  })

  it('of which two arrive at once ends once', async () => {
    const token = await api.provider.sign(claims())
    const both = await Promise.all([send(token), send(token)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  it('by anything else ends nothing', async () => {
    const browser = await signedIn()
    const forms = [
      'nothing',
      await api.provider.sign({ ...claims(), aud: 'another' }),
      await api.provider.sign({ ...claims(), iss: 'https://evil.example' }),
      await api.provider.sign({ ...claims(), events: {} }),
      await api.provider.sign({ ...claims(), events: { [LOGOUT]: 'yes' } }),
      await api.provider.sign({ ...claims(), events: LOGOUT }),
      await api.provider.sign({ ...claims(), nonce: 'n' }),
      await api.provider.sign({ ...claims(), exp: now() - 60 }),
      await api.provider.sign({ ...claims(), iat: now() - 3_600 }),
      await api.provider.sign({ ...claims(), iat: now() + 3_600 }),
      ...(await Promise.all(
        ['iat', 'jti', 'sub', 'events', 'aud', 'iss'].map((name) => api.provider.sign(without(name))),
      )),
    ]
    for (const form of forms) expect((await send(form)).status).toBe(400)
    expect(await callerOf(browser)).toMatchObject({ name: 'Alice' })
  })
})

describe('a command line', () => {
  it('gets a session of its own by a browser that is signed in, which ends with it', async () => {
    const browser = await signedIn()
    const verifier = 'v'.repeat(43)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const session = browser.cookiesFor(api.url)
    const cookie = Object.entries(session)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
    const given = await fetch(`${api.url}/login/cli?port=45678&challenge=${challenge}`, {
      headers: { cookie },
      redirect: 'manual',
    })
    const code = new URL(given.headers.get('location') ?? '').searchParams.get('code')
    const exchange = (body: object) =>
      fetch(`${api.url}/login/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const { token } = (await (await exchange({ code, verifier })).json()) as { token: string }
    expect(await callerOf(new TestBrowser(), { authorization: `Bearer ${token}` })).toMatchObject({ name: 'Alice' })
    expect((await exchange({ code, verifier })).status).toBe(401)
    await fetch(`${api.url}/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect(await callerOf(new TestBrowser(), { authorization: `Bearer ${token}` })).toBe(401)
    expect(await callerOf(browser)).toMatchObject({ name: 'Alice' })
  })

  it('that cannot show what it hashed gets none', async () => {
    const browser = await signedIn()
    const cookie = Object.entries(browser.cookiesFor(api.url))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
    const given = await fetch(`${api.url}/login/cli?port=45678&challenge=abc`, {
      headers: { cookie },
      redirect: 'manual',
    })
    const code = new URL(given.headers.get('location') ?? '').searchParams.get('code')
    const response = await fetch(`${api.url}/login/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, verifier: 'guess' }),
    })
    expect(response.status).toBe(401)
  })
})
