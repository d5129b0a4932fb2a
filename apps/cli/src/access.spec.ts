import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, readSettings } from '@catena/platform'
import { startTestPostgres, TestBrowser, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Command } from 'commander'
import { registerAsk } from './ask.js'
import { registerLogin } from './login.js'
import { processContext } from './process-context.js'
import { signInLine } from './register-up.js'
import { fakeContext, type FakeContext } from './testing/fake-context.js'
import { loginLine } from './testing/real-catena.js'
import { registerTokens } from './tokens.js'
import { startAll, type Running } from './up.js'

jest.setTimeout(60_000)

const SOURCES = `sources:
  - { id: idp, kind: keycloak, scope: acme }
  - { id: other, kind: keycloak, scope: other }
`

let database: TestPostgres
let folder: string
let env: Record<string, string>
let running: Running

beforeAll(async () => {
  database = await startTestPostgres()
  folder = await mkdtemp(join(tmpdir(), 'catena-access-'))
  await writeFile(join(folder, 'catena.yaml'), SOURCES)
  env = {
    DATABASE_URL: database.databaseUrl,
    CATENA_DATA: folder,
    CATENA_CONFIG: join(folder, 'catena.yaml'),
    CATENA_PORT: '0',
    LOG_LEVEL: 'silent',
    XDG_CONFIG_HOME: folder,
    USER: 'omar',
  }
  running = await startAll(readSettings(env), env)
}, 120_000)
afterAll(async () => {
  await running.stop()
  await database.stop()
  await rm(folder, { recursive: true })
})

async function catena(...words: string[]): Promise<FakeContext> {
  const real = processContext(env)
  const { port } = new URL(running.url)
  const context = fakeContext({
    openInstance: () => real.openInstance(),
    sources: () => real.sources(),
    now: () => Date.now(),
    env: { ...env, CATENA_PORT: port },
  })
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  registerAsk(program, context)
  registerLogin(program, context)
  registerTokens(program, context)
  await program.parseAsync(words, { from: 'user' })
  return context
}

const localToken = async () => (await readFile(join(folder, 'local.token'), 'utf8')).trim()

async function ingest(source: string, headers: Record<string, string>, number = 1): Promise<number> {
  const response = await fetch(`${running.url}/ingest/${source}`, { method: 'POST', body: loginLine(number), headers })
  await response.text()
  return response.status
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function callerBy(headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${running.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ caller { id name roles } }"}',
  })
  const { data } = (await response.json()) as { data?: { caller?: unknown } }
  return data?.caller ?? response.status
}

describe('a Catena without an identity provider', () => {
  it('answers nobody who brings nothing', async () => {
    expect(await callerBy({})).toBe(401)
    expect(await ingest('idp', {})).toBe(401)
    expect(await ingest('nobody', {})).toBe(401)
    const page = await fetch(running.url, { headers: { accept: 'text/html' }, redirect: 'manual' })
    expect([page.status, page.headers.get('location')]).toEqual([303, '/login'])
  })

  it('lets in who may read the data folder, which others may not', async () => {
    expect((await stat(join(folder, 'local.token'))).mode & 0o777).toBe(0o600)
    expect(await callerBy(bearer(await localToken()))).toMatchObject({ id: 'person:local' })
    expect(await ingest('idp', bearer(await localToken()))).toBe(200)
  })

  it('gives a link for one role, and none for a word that is no role', async () => {
    const link = (await catena('login', '--as', 'auditor')).out().match(/http:\S+/)![0]
    const as = (role: string) =>
      fetch(`${running.url}/login/link?as=${role}`, { method: 'POST', headers: bearer(token) })
    const token = await localToken()
    await expect(catena('login', '--as', 'audtior')).rejects.toThrow('Allowed choices are auditor')
    for (const role of ['audtior', 'ingest', '']) expect([(await as(role)).status, role]).toEqual([400, role])
    expect((await fetch(link.replace('as=auditor', 'as=audtior'), { redirect: 'manual' })).status).toBe(400)
    const browser = new TestBrowser()
    await browser.visit(link)
    const cookies = Object.entries(browser.cookiesFor(running.url)).map(([name, value]) => `${name}=${value}`)
    expect(await callerBy({ cookie: cookies.join('; ') })).toMatchObject({ roles: ['AUDITOR'] })
  })

  it('signs a browser in by the link of the start, once', async () => {
    const link = /http:\S+/.exec(signInLine(running))![0]
    const browser = new TestBrowser()
    await browser.visit(link)
    expect(new URL(browser.visited.at(-1)!).pathname).toBe('/')
    const cookies = Object.entries(browser.cookiesFor(running.url)).map(([name, value]) => `${name}=${value}`)
    expect(await callerBy({ cookie: cookies.join('; ') })).toMatchObject({ id: 'person:local' })
    expect((await new TestBrowser().visit(link)).status).toBe(401)
    expect((await new TestBrowser().visit(`${running.url}/login/local?code=guess`)).status).toBe(401)
  })

  it('makes another link for who may read the data folder, with one role where asked', async () => {
    const printed = (await catena('login', '--as', 'auditor')).out()
    const browser = new TestBrowser()
    await browser.visit(/http:\S+/.exec(printed)![0])
    const cookies = Object.entries(browser.cookiesFor(running.url)).map(([name, value]) => `${name}=${value}`)
    expect(await callerBy({ cookie: cookies.join('; ') })).toMatchObject({ roles: ['AUDITOR'] })
  })

  it('R6.1 leads who signs in as a reviewer to their reviews', async () => {
    const browser = new TestBrowser()
    await browser.visit(/http:\S+/.exec((await catena('login', '--as', 'reviewer')).out())![0])
    expect(new URL(browser.visited.at(-1)!).pathname).toBe('/review')
  })

  it('takes no records from a browser, which other pages could make deliver', async () => {
    const browser = new TestBrowser()
    await browser.visit(/http:\S+/.exec(signInLine(running))![0])
    const delivered = await browser.visit(`${running.url}/ingest/idp`, { method: 'POST', body: loginLine(9) })
    expect(delivered.status).toBe(401)
  })

  it('answers `catena ask` by itself', async () => {
    const asked = await catena('ask', '{ caller { id } }')
    expect([asked.code(), JSON.parse(asked.out())]).toEqual([0, { data: { caller: { id: 'person:local' } } }])
    const refused = await catena('ask', '{ nonsense }')
    expect(refused.code()).toBe(1)
  })

  it('does not listen where others reach it', async () => {
    const open = { ...env, CATENA_HOST: '0.0.0.0' }
    await expect(startAll(readSettings(open), open)).rejects.toThrow(/0\.0\.0\.0 is open to others.*access\.provider/)
  })
})

describe('an API token', () => {
  const issue = async (...options: string[]) => (await catena('tokens', 'issue', 'shipper', ...options)).out().trim()

  it('delivers for its source and for no other', async () => {
    const token = await issue('--role', 'ingest', '--source', 'idp')
    expect(await ingest('idp', bearer(token), 2)).toBe(200)
    expect(await ingest('other', bearer(token), 2)).toBe(401)
    expect(await ingest('nobody', bearer(token), 2)).toBe(401)
    expect(await callerBy(bearer(token))).toBe(200)
  })

  it('is refused once it was taken back', async () => {
    const token = await issue('--role', 'ingest')
    expect(await ingest('other', bearer(token), 3)).toBe(200)
    const id = token.split('_')[1]!
    expect((await catena('tokens', 'revoke', id, '--reason', 'leaked')).code()).toBe(0)
    expect(await ingest('other', bearer(token), 4)).toBe(401)
  })

  it('is refused after its time', async () => {
    const token = await issue('--role', 'ingest', '--expires', '500ms')
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(await ingest('idp', bearer(token), 5)).toBe(401)
  })

  it('of the right id with another secret is refused', async () => {
    const [one, other] = [await issue('--role', 'ingest'), await issue('--role', 'ingest')]
    const crossed = `${one.slice(0, 28)}${other.slice(28)}`
    expect(await ingest('idp', bearer(crossed), 6)).toBe(401)
  })

  it('stands in the list with its last use, and its secret nowhere in the database', async () => {
    const token = await issue('--role', 'ingest', '--source', 'idp')
    await ingest('idp', bearer(token), 7)
    const [, id = '', secret = ''] = token.split('_')
    const listed = JSON.parse((await catena('tokens', 'list', '--json')).out()) as { id: string }[]
    expect(listed.find((one) => one.id === id)).toMatchObject({
      name: 'shipper', owner: 'cli:omar', roles: ['ingest'], sources: ['idp'], status: 'active', lastUsedAt: expect.stringMatching(/^20/),
    }) // prettier-ignore
    const client = await connect(database.databaseUrl, { applicationName: 'spec' })
    const { rows } = await client.query<{ text: string }>(
      `SELECT convert_from(payload, 'UTF8') AS text FROM event WHERE stream LIKE 'api-token:%'`,
    )
    await client.end()
    expect(rows.length).toBeGreaterThan(3)
    expect(JSON.stringify(rows)).not.toContain(secret.slice(0, 20))
  })

  it('is not issued with a role, source or time that makes no sense', async () => {
    for (const options of [
      ['--role', 'root'],
      ['--role', 'ingest', '--source', 'nobody'],
      ['--role', 'ingest', '--expires', '400d'],
      ['--role', 'ingest', '--expires', 'soon'],
    ])
      expect([options, (await catena('tokens', 'issue', 'x', ...options)).code()]).toEqual([options, 1])
  })
})
