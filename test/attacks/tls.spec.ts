import { copyFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, request, type RequestOptions, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, TLSSocket } from 'node:tls'
import { readSettings } from '@catena/platform'
import { makeAuthority, startTestPostgres, type Authority, type Certificate, type TestPostgres } from '@catena/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { loginLine } from '../../apps/cli/src/testing/real-catena.js'
import { startAll, type Running } from '../../apps/cli/src/up.js'
import { guardServer, readTls } from '../../libs/runtime/src/http-server.js'

jest.setTimeout(60_000)

let folder: string
let authority: Authority
let stranger: Authority
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-tls-'))
  authority = makeAuthority(folder, 'acme')
  stranger = makeAuthority(folder, 'stranger')
})
afterAll(() => rm(folder, { recursive: true }))

interface Answer {
  readonly status: number | undefined
  readonly server: string
  readonly isReused: boolean
}

/** Over a connection of its own, unless the options have an agent. */
function ask(url: string, options: RequestOptions, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ca: authority.cert, ...options }, (answer) => {
      const server = answer.socket instanceof TLSSocket ? String(answer.socket.getPeerCertificate().subject.CN) : ''
      answer.resume().once('end', () => resolve({ status: answer.statusCode, server, isReused: asked.reusedSocket }))
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

describe('a door for records that knows its senders by certificate', () => {
  let database: TestPostgres
  let running: Running
  let url: string
  beforeAll(async () => {
    database = await startTestPostgres()
    const server = authority.issue('127.0.0.1')
    const yaml = `sources:
  - { id: idp, kind: keycloak, scope: acme }
  - { id: other, kind: keycloak, scope: other }
access:
  tls:
    cert_file: ${server.certFile}
    key_file: ${server.keyFile}
    client_ca_file: ${authority.certFile}
    clients: { shipper: [idp] }
`
    await writeFile(join(folder, 'catena.yaml'), yaml)
    const env = { DATABASE_URL: database.databaseUrl, CATENA_DATA: folder, CATENA_CONFIG: join(folder, 'catena.yaml'), CATENA_PORT: '0', LOG_LEVEL: 'silent' } // prettier-ignore
    running = await startAll(readSettings(env), env)
    url = `https://127.0.0.1:${new URL(running.url).port}`
  }, 120_000)
  afterAll(async () => {
    await running.stop()
    await database.stop()
  })

  let number = 0
  const deliver = async (source: string, by: Partial<Certificate> = {}, headers = {}) => {
    const { cert, key } = by
    const options = { method: 'POST', headers, ...(cert === undefined ? {} : { cert, key }) }
    return (await ask(`${url}/ingest/${source}`, options, loginLine(++number))).status
  }

  it('takes records of the source that the certificate is for, and of no other', async () => {
    const shipper = authority.issue('shipper')
    const before = await running.instance.ledger.head()
    expect(await deliver('idp', shipper)).toBe(200)
    expect(await deliver('other', shipper)).toBe(401)
    expect(await deliver('nobody', shipper)).toBe(401)
    expect(await running.instance.ledger.head()).toBe(before + 1)
  })

  it.each<[string, () => Partial<Certificate>]>([
    ['of another authority under the same name', () => stranger.issue('shipper')],
    ['that the authority itself is not', () => stranger],
    ['that expired yesterday', () => authority.issue('shipper', { days: -1 })],
    ['under a name that delivers nothing', () => authority.issue('visitor')],
    ['under a name of an object', () => authority.issue('__proto__')],
    ['at all', () => ({})],
  ])('takes nothing from a certificate %s', async (_, certificate) => {
    expect(await deliver('idp', certificate())).toBe(401)
  })

  it('believes no header that a proxy might set', async () => {
    const headers = { 'x-ssl-client-verify': 'SUCCESS', 'x-ssl-client-s-dn': 'CN=shipper', 'x-client-cert-cn': 'shipper', 'x-forwarded-client-cert': 'Subject="CN=shipper"' } // prettier-ignore
    expect(await deliver('idp', {}, headers)).toBe(401)
  })

  it('opens nothing but that door by a certificate', async () => {
    const { cert, key } = authority.issue('shipper')
    const headers = { 'content-type': 'application/json' }
    const asked = await ask(`${url}/graphql`, { method: 'POST', cert, key, headers }, '{"query":"{ caller { id } }"}')
    expect(asked.status).toBe(401)
  })

  it('speaks no TLS that is broken, and no HTTP in clear', async () => {
    const { port } = new URL(url)
    const old = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }) // prettier-ignore
    await expect(new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject))).rejects.toThrow() // prettier-ignore
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow()
  })

  it('bounds who is slow', () => {
    const server = running.app.getHttpServer() as Server
    expect([server.headersTimeout, server.requestTimeout, server.maxConnections]).toEqual([10_000, 120_000, 2_000])
  })
})

describe('a certificate that is renewed while the server runs', () => {
  let server: Server
  let url: string
  let guarded: ReturnType<typeof guardServer>
  const files = () => ({ certFile: join(folder, 'live.pem'), keyFile: join(folder, 'live.key'), clientCaFile: join(folder, 'clients.pem'), clients: new Map() }) // prettier-ignore
  beforeEach(async () => {
    install(authority.issue('before'))
    copyFileSync(authority.certFile, files().clientCaFile)
    server = createServer(readTls(files()) as object, ({ socket }, response) => {
      response.statusCode = (socket as TLSSocket).authorized ? 200 : 401
      response.end()
    })
    const bounds = {
      headersTimeoutMs: 5_000,
      requestTimeoutMs: 5_000,
      slowLookMs: 1_000,
      sendOnMs: 1_000,
      certificateLookMs: 10,
    }
    guarded = guardServer(server, files(), bounds)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(async () => {
    guarded.stop()
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  })

  function install({ certFile, keyFile }: Certificate): void {
    copyFileSync(certFile, files().certFile)
    copyFileSync(keyFile, files().keyFile)
  }

  async function until(holds: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + 10_000
    while (!(await holds())) {
      if (Date.now() > end) throw new Error('did not happen')
      await sleep(10)
    }
  }

  it('is served to new connections, no request fails, and open connections go on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.cert })
    expect(await ask(url, { agent })).toMatchObject({ server: 'before' })
    const renewed = authority.issue('after')
    copyFileSync(renewed.certFile, files().certFile)
    // Only half of it is there; who looks now must not take the server down.
    await sleep(60)
    expect((await ask(url, {})).server).toBe('before')
    copyFileSync(renewed.keyFile, files().keyFile)
    await until(async () => (await ask(url, {})).server === 'after')
    expect(await ask(url, { agent })).toMatchObject({ isReused: true })
    agent.destroy()
  })

  it('leaves senders known by their certificates', async () => {
    const { cert, key } = authority.issue('shipper')
    expect((await ask(url, { cert, key })).status).toBe(200)
    install(authority.issue('after'))
    await until(async () => (await ask(url, {})).server === 'after')
    expect((await ask(url, { cert, key })).status).toBe(200)
    const forged = stranger.issue('shipper')
    expect((await ask(url, { cert: forged.cert, key: forged.key })).status).toBe(401)
  })

  it('may be the authority of the senders: then those of the old one are strangers', async () => {
    const [old, young] = [authority.issue('shipper'), stranger.issue('shipper')]
    copyFileSync(stranger.certFile, files().clientCaFile)
    await until(async () => (await ask(url, { cert: young.cert, key: young.key })).status === 200)
    expect((await ask(url, { cert: old.cert, key: old.key })).status).toBe(401)
  })
})
