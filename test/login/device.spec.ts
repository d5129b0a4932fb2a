import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestBrowser } from '@catena/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Command } from 'commander'
import { ALICE, OSKAR, startSignedInApi, type SignedInApi } from '../../apps/api/test/signed-in-api.js'
import { signInByDevice } from '../../apps/cli/src/api/device-login.js'
import { registerLogin } from '../../apps/cli/src/login.js'
import { fakeContext } from '../../apps/cli/src/testing/fake-context.js'

jest.setTimeout(60_000)

let aheadMs = 0
let api: SignedInApi
beforeAll(async () => {
  api = await startSignedInApi({ clock: { now: () => Date.now() + aheadMs } })
}, 120_000)
afterAll(() => api.stop())
afterEach(() => {
  api.provider.signsIn = ALICE
})

/** What a person does with what the command line printed. */
async function complete(printed: string, confirm: Record<string, string> = { confirm: 'yes' }): Promise<string> {
  const [, address = ''] = /^ {2}(http\S+)$/m.exec(printed) ?? []
  const [, code = ''] = /code (\S+)\./.exec(printed) ?? []
  const browser = new TestBrowser()
  const asked = await browser.submit(await browser.visit(address), {})
  const page = await asked.clone().text()
  expect(code).not.toBe('')
  expect(page).toContain(code)
  return (await browser.submit(asked, confirm)).text()
}

/** `catena login --device`, with somebody who acts at each wait. */
async function signIn(atWait: (printed: string, wait: number) => Promise<unknown>): Promise<string> {
  const context = fakeContext()
  let waits = 0
  return signInByDevice(context, api.url, async (ms) => {
    aheadMs += ms
    await atWait(context.out(), (waits += 1))
  })
}

async function callerOf(token: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const body = '{"query":"{ caller { id roles } }"}'
  const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body })
  const { data } = (await response.json()) as { data?: { caller?: unknown } }
  return data?.caller ?? response.status
}

const post = (path: string, body: object) =>
  fetch(`${api.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) // prettier-ignore

describe('a command line without a browser', () => {
  it('is signed in once its person completed the login elsewhere, and out by its logout', async () => {
    const waits: number[] = []
    const token = await signIn(async (printed, wait) => {
      waits.push(wait)
      if (wait === 2) expect(await complete(printed)).toContain('successful')
    })
    expect(waits).toEqual([1, 2])
    expect(await callerOf(token)).toEqual({ id: 'person:keycloak/tideline:u-alice', roles: ['AUDITOR'] })
    await fetch(`${api.url}/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    expect(await callerOf(token)).toBe(401)
  })

  it('is told that the person refused', async () => {
    await expect(signIn((printed, wait) => (wait === 1 ? complete(printed, { abort: 'yes' }) : Promise.resolve()))).rejects.toThrow('the login was refused') // prettier-ignore
  })

  it('gets no session for who would hold duties that are separate', async () => {
    api.provider.signsIn = { ...OSKAR, sub: 'u-both', groups: ['audit', 'ops'] }
    await expect(signIn((printed, wait) => (wait === 1 ? complete(printed) : Promise.resolve()))).rejects.toThrow('operator and auditor are not held together') // prettier-ignore
  })

  it('gives up when nobody comes', async () => {
    await expect(signIn(() => Promise.resolve())).rejects.toThrow(/nobody completed th(e|is) login in time/)
  })

  it('keeps the session as a login by browser does', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catena-device-'))
    const context = fakeContext({ env: { XDG_CONFIG_HOME: folder } })
    const program = new Command().exitOverride()
    registerLogin(program, context)
    const done = program.parseAsync(['login', '--device', '--url', api.url], { from: 'user' })
    while (context.out() === '') await new Promise((resolve) => setTimeout(resolve, 50))
    await complete(context.out())
    await done
    const kept = JSON.parse(readFileSync(join(folder, 'catena', 'logins.json'), 'utf8')) as Record<string, string>
    expect(await callerOf(kept[api.url] ?? '')).toMatchObject({ roles: ['AUDITOR'] })
    expect(context.out()).not.toContain(kept[api.url])
    rmSync(folder, { recursive: true })
  })
})

describe('the secret of such a login', () => {
  it('is worth nothing while the person has not completed it, and one session afterwards', async () => {
    const begun = (await (await post('/login/device', {})).json()) as { secret: string; urlWithCode: string; code: string } // prettier-ignore
    const ask = () => post('/login/device/token', { secret: begun.secret })
    expect((await ask()).status).toBe(202)
    await complete(`  ${begun.urlWithCode}\n the code ${begun.code}.`)
    // Asked too soon, the provider is not even asked.
    expect((await ask()).status).toBe(202)
    aheadMs += 6_000
    const both = await Promise.all([ask(), ask(), ask()])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await ask()).status).toBe(403)
  })

  it('is none that was guessed, left out, or of another kind of login', async () => {
    const begun = await fetch(`${api.url}/login`, { redirect: 'manual' })
    const state = /login=([\w-]+)/.exec(begun.headers.get('set-cookie') ?? '')?.[1]
    for (const body of [{ secret: 'guess' }, {}, { secret: 1 }, { secret: state }])
      expect((await post('/login/device/token', body)).status).toBe(403)
  })

  it('does not come in heaps: who begins too many logins waits', async () => {
    const statuses: number[] = []
    for (let begun = 0; begun < 40 && !statuses.includes(429); begun++)
      statuses.push((await post('/login/device', {})).status)
    expect(statuses.at(-1)).toBe(429)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(0)
  })
})

describe('a provider that signs nobody in for other devices', () => {
  it('is named, with the other way', async () => {
    const without = await startSignedInApi({ offersDevices: false })
    try {
      await expect(signInByDevice(fakeContext(), without.url)).rejects.toThrow('run `catena login` where there is a browser') // prettier-ignore
    } finally {
      await without.stop()
    }
  }, 120_000)
})
