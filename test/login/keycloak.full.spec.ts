import { setTimeout as sleep } from 'node:timers/promises'
import { findKeycloak, passwordToken, startKeycloak, TestBrowser, type TestKeycloak } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import {
  CLIENT_SECRET,
  makeRealm,
  PASSWORD,
  providerOf,
  REALM,
  type Person,
} from '../../apps/api/test/keycloak-realm.js'
import { startProvidedApi, type ProvidedApi } from '../../apps/api/test/signed-in-api.js'
import { signInByDevice } from '../../apps/cli/src/api/device-login.js'
import { fakeContext } from '../../apps/cli/src/testing/fake-context.js'

jest.setTimeout(120_000)

const found = await findKeycloak()
if ('missing' in found) process.stderr.write(`SKIPPED: people of a real Keycloak: ${found.missing}\n`)

let keycloak: TestKeycloak
let people: ReadonlyMap<Person, string>
let api: ProvidedApi

async function callerOf(browser: TestBrowser, headers: Record<string, string> = {}): Promise<unknown> {
  const body = JSON.stringify({ query: '{ caller { id name roles } }' })
  const response = await browser.visit(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }) // prettier-ignore
  const { data } = (await response.json()) as { data?: { caller?: unknown } }
  return data?.caller ?? response.status
}

const byToken = (token: string) => callerOf(new TestBrowser(), { authorization: `Bearer ${token}` })
const tokenOf = (username: Person, client = 'agent') =>
  passwordToken(`${keycloak.url}/realms/${REALM}`, { client_id: client, client_secret: CLIENT_SECRET, username, password: PASSWORD }) // prettier-ignore

async function signIn(username: Person): Promise<{ readonly browser: TestBrowser; readonly page: Response }> {
  const browser = new TestBrowser()
  const form = await browser.visit(`${api.url}/login`)
  return { browser, page: await browser.submit(form, { username, password: PASSWORD }) }
}

/** Asks until it is so, at most as long as the keys of a provider are not asked for again. */
async function becomes(ask: () => Promise<unknown>, wanted: unknown): Promise<void> {
  const until = Date.now() + 40_000
  while (Date.now() < until) {
    if (JSON.stringify(await ask()) === JSON.stringify(wanted)) return
    await sleep(1_000)
  }
  expect(await ask()).toEqual(wanted)
}

;('missing' in found ? describe.skip : describe)('a person of a real Keycloak', () => {
  beforeAll(async () => {
    if ('missing' in found) return
    keycloak = await startKeycloak(found.folder)
    api = await startProvidedApi(async (url) => {
      people = await makeRealm(keycloak, url)
      return { settings: providerOf(keycloak), clientSecret: CLIENT_SECRET }
    })
  }, 300_000)
  afterAll(async () => {
    await api.stop()
    keycloak.stop()
  })

  it('signs in by its form, with PKCE, and has the roles of its groups', async () => {
    const { browser } = await signIn('alice')
    const asked = new URL(browser.visited[0] ?? '')
    expect(await callerOf(browser)).toEqual({
      id: `person:keycloak/${REALM}:${people.get('alice')}`,
      name: 'alice Example',
      roles: ['AUDITOR'],
    })
    expect(asked.pathname).toContain('login-actions/authenticate')
    const begun = await fetch(`${api.url}/login`, { redirect: 'manual' })
    expect(new URL(begun.headers.get('location') ?? '').searchParams.get('code_challenge_method')).toBe('S256')
    expect(await callerOf((await signIn('oskar')).browser)).toMatchObject({ roles: ['OPERATOR'] })
    const { browser: nora } = await signIn('nora')
    expect(await callerOf(nora)).toBe(200)
  })

  it('who holds duties that are separate is not signed in', async () => {
    const { browser, page } = await signIn('both')
    expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('are not held together')])
    expect(await callerOf(browser)).toBe(401)
  })

  it('with a wrong password is nobody', async () => {
    const browser = new TestBrowser()
    const form = await browser.visit(`${api.url}/login`)
    await browser.submit(form, { username: 'alice', password: 'wrong' })
    expect(await callerOf(browser)).toBe(401)
  })

  it('brings a token that is for Catena; one for somebody else, or for the login alone, is refused', async () => {
    expect(await byToken(await tokenOf('alice'))).toMatchObject({ roles: ['AUDITOR'] })
    const foreign = await tokenOf('alice', 'other')
    expect(JSON.parse(Buffer.from(foreign.split('.')[1] ?? '', 'base64url').toString())).not.toMatchObject({ aud: expect.stringContaining('catena') }) // prettier-ignore
    expect(await byToken(foreign)).toBe(401)
  })

  it('is still known when Keycloak takes a new key, by tokens of both', async () => {
    const before = await tokenOf('alice')
    const kidOf = (token: string) => (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid // prettier-ignore
    const { id: parentId } = await keycloak.admin<{ id: string }>('GET', REALM)
    await keycloak.admin('POST', `${REALM}/components`, {
      name: 'new key', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider', parentId,
      config: { priority: ['500'], keySize: ['2048'], active: ['true'], enabled: ['true'], algorithm: ['RS256'] },
    }) // prettier-ignore
    const after = await tokenOf('alice')
    expect(kidOf(after)).not.toBe(kidOf(before))
    await becomes(async () => ((await byToken(after)) as { roles?: unknown }).roles, ['AUDITOR'])
    expect(await byToken(before)).toMatchObject({ roles: ['AUDITOR'] })
    expect(await callerOf((await signIn('alice')).browser)).toMatchObject({ roles: ['AUDITOR'] })
  })

  it('is nobody after the logout here, also with a copy of the cookie', async () => {
    const { browser } = await signIn('alice')
    const thief = new TestBrowser()
    thief.keep(api.url, browser.cookiesFor(api.url))
    expect(await callerOf(thief)).toMatchObject({ roles: ['AUDITOR'] })
    await browser.visit(`${api.url}/logout`, { method: 'POST' })
    expect([await callerOf(browser), await callerOf(thief)]).toEqual([401, 401])
  })

  it('is nobody in any browser once an administrator ended the sessions at Keycloak, which tells Catena', async () => {
    const browsers = [(await signIn('alice')).browser, (await signIn('alice')).browser, (await signIn('alice')).browser]
    for (const browser of browsers) expect(await callerOf(browser)).toMatchObject({ roles: ['AUDITOR'] })
    await keycloak.admin('POST', `${REALM}/users/${people.get('alice')}/logout`)
    for (const browser of browsers) await becomes(() => callerOf(browser), 401)
  })

  it('signs a command line in that has no browser', async () => {
    const context = fakeContext()
    let waits = 0
    const token = await signInByDevice(context, api.url, async (ms) => {
      waits += 1
      if (waits === 2) await completeAtKeycloak(context.out())
      await sleep(ms)
    })
    expect(await byToken(token)).toMatchObject({ roles: ['AUDITOR'] })
    await keycloak.admin('POST', `${REALM}/users/${people.get('alice')}/logout`)
    await becomes(() => byToken(token), 401)
  })
})

async function completeAtKeycloak(printed: string): Promise<void> {
  const browser = new TestBrowser()
  const form = await browser.visit(/^ {2}(http\S+)$/m.exec(printed)?.[1] ?? '')
  const consent = await browser.submit(form, { username: 'alice', password: PASSWORD })
  await browser.submit(consent, { accept: 'Yes' })
}
