import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { BODY_BYTES_MAX, DECOMPRESSED_BYTES_MAX } from '@catena/ingest'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startAttackedCatena, WEBHOOK_SECRET, type AttackedCatena } from './attacked-catena.js'
import { peakOf } from './memory.js'

jest.setTimeout(60_000)

const MIB = 1024 * 1024
/** Of everything that a bomb makes the process hold, beside what it held before. */
const GROWTH_MAX = 3 * DECOMPRESSED_BYTES_MAX

let catena: AttackedCatena
let authorization: string
beforeAll(async () => {
  catena = await startAttackedCatena(
    '{ id: idp, kind: keycloak, scope: acme }',
    '{ id: code, kind: github, scope: github.com, webhook_secret_file: SECRET_FILE }',
    '{ id: lab, kind: gitlab, scope: gitlab.com, webhook_secret_file: SECRET_FILE }',
    '{ id: hr, kind: scim, scope: acme }',
  )
  authorization = catena.authorization
}, 120_000)
afterAll(() => catena.stop())

/** A thousand to one and more. */
const zeros = (bytes: number) => Buffer.alloc(bytes, '{"a":0}\n')
const tooMuch = () => zeros(DECOMPRESSED_BYTES_MAX + MIB)
let bomb: Buffer
beforeAll(() => {
  bomb = gzipSync(tooMuch(), { level: 9 })
})

type Headers = Readonly<Record<string, string>>
async function post(path: string, body: Buffer | string, headers: Headers): Promise<number> {
  const response = await fetch(`${catena.url}${path}`, { method: 'POST', body: Buffer.from(body), headers })
  expect(await response.text()).not.toMatch(/node_modules|at \w+ \(|SELECT /)
  return response.status
}
const ingest = (body: Buffer | string, headers: Headers = {}) =>
  post('/ingest/idp', body, { authorization, ...headers })
const hub = (signature: string): Headers => ({ 'x-github-event': 'push', 'x-github-delivery': 'd', 'x-hub-signature-256': `sha256=${signature}` }) // prettier-ignore
const GZIP = { 'content-encoding': 'gzip' }

describe('a body at the door for records that unpacks to more than it is', () => {
  it('is refused while it is unpacked, and not held as a whole', async () => {
    expect(bomb.length * 500).toBeLessThan(tooMuch().length)
    const growth = await peakOf(async () => {
      expect(await ingest(bomb, GZIP)).toBe(413)
      // It need not say what it is.
      expect(await ingest(bomb)).toBe(413)
    })
    expect(growth).toBeLessThan(GROWTH_MAX)
    expect(await catena.isReady()).toBe(true)
  })

  it('in many members, one inside the other or one behind the other, is no way around', async () => {
    const nested = gzipSync(gzipSync(bomb))
    expect(await ingest(nested, GZIP)).toBe(400)
    expect(await ingest(nested, { 'content-encoding': 'gzip, gzip' })).toBe(415)
    const piece = gzipSync(zeros(16 * MIB), { level: 9 })
    const row = Buffer.concat(Array.from({ length: 9 }, () => piece))
    expect(await ingest(row, GZIP)).toBe(413)
  })

  it.each([
    ['deflate', () => deflateSync(tooMuch())],
    ['deflate', () => deflateRawSync(zeros(MIB))],
    ['br', () => brotliCompressSync(zeros(MIB))],
    ['zstd', () => Buffer.from('28b52ffd0458', 'hex')],
    ['compress', () => Buffer.from('1f9d90', 'hex')],
    ['br, gzip', () => bomb],
  ])('as %s is not unpacked at all', async (encoding, body) => {
    expect(await ingest(body(), { 'content-encoding': encoding })).toBe(415)
  })
})

describe('a webhook that unpacks to more than it is', () => {
  it('is not unpacked before its signature was checked, and then to its bound', async () => {
    const growth = await peakOf(async () => {
      expect(await post('/ingest/code', bomb, { ...GZIP, ...hub('0'.repeat(64)) })).toBe(401)
      expect(await post('/ingest/lab', bomb, { ...GZIP, 'x-gitlab-token': 'guessed' })).toBe(401)
    })
    expect(growth).toBeLessThan(DECOMPRESSED_BYTES_MAX / 2)
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(bomb).digest('hex')
    expect(await post('/ingest/code', bomb, { ...GZIP, ...hub(signature) })).toBe(413)
    expect(await post('/ingest/lab', bomb, { ...GZIP, 'x-gitlab-token': WEBHOOK_SECRET })).toBe(413)
  })

  it.each(['deflate', 'br', 'gzip, gzip'])('as %s is not unpacked at all, signed or not', async (encoding) => {
    const packed = encoding === 'br' ? brotliCompressSync(zeros(MIB)) : deflateSync(zeros(MIB))
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(packed).digest('hex')
    expect(await post('/ingest/code', packed, { 'content-encoding': encoding, ...hub(signature) })).toBe(415)
    expect(await post('/ingest/lab', packed, { 'content-encoding': encoding, 'x-gitlab-token': WEBHOOK_SECRET })).toBe(415) // prettier-ignore
  })
})

describe.each(['/graphql', '/login/token', '/login/device', '/scim/hr/Users'])('a packed body at %s', (path) => {
  const body = Buffer.from(`{"query":"{ caller { id } }","userName":"x","variables":{"x":"${'0'.repeat(64 * MIB)}"}}`)
  it.each([
    ['gzip', () => gzipSync(body, { level: 9 })],
    ['deflate', () => deflateSync(body, { level: 9 })],
    ['br', () => brotliCompressSync(body)],
  ])('as %s is not unpacked', async (encoding, pack) => {
    const packed = pack()
    const headers = { authorization, 'content-type': 'application/json' }
    const growth = await peakOf(async () => {
      for (const named of [encoding, `${encoding}, ${encoding}`])
        expect([400, 415]).toContain(await post(path, packed, { ...headers, 'content-encoding': named }))
    })
    expect(growth).toBeLessThan(body.length)
  })
})

describe('a body that is larger than any may be', () => {
  it('is refused at its first byte too many, with and without a length', async () => {
    expect(await ingest(Buffer.alloc(BODY_BYTES_MAX + 1, 'x'))).toBe(413)
    const growth = await peakOf(async () => expect(await endless('/ingest/idp', { authorization })).toBe(413))
    expect(growth).toBeLessThan(GROWTH_MAX)
    expect(await post('/scim/hr/Users', Buffer.alloc(4 * MIB, 'x'), { authorization })).toBe(413)
    expect(await endless('/scim/hr/Users', { authorization })).toBe(413)
  })

  it.each([
    ['/graphql', 'application/json'],
    ['/login/token', 'application/json'],
    ['/login/device', 'application/json'],
    ['/logout/backchannel', 'application/x-www-form-urlencoded'],
  ])('is refused at %s, while it is sent', async (path, type) => {
    expect(await post(path, Buffer.alloc(MIB, 'x'), { 'content-type': type })).toBe(413)
    const growth = await peakOf(async () => expect(await endless(path, { 'content-type': type })).toBe(413))
    expect(growth).toBeLessThan(GROWTH_MAX)
  })

  it.each(['/ingest/idp', '/ingest/code', '/ingest/lab', '/scim/hr/Users'])('of somebody unknown is not read at %s', async (path) => {
    expect(await endless(path, {})).toBe(401)
  }) // prettier-ignore

  it.each(['/graphql', '/health/live', '/nothing'])('is not read at %s where no body belongs', async (path) => {
    const status = await endless(path, { 'content-type': 'text/plain' })
    expect([400, 404]).toContain(status)
  })
})

it('none of it keeps Catena from stopping', async () => {
  expect(await catena.isReady()).toBe(true)
  const began = performance.now()
  await catena.stop()
  // Connections that nobody counted would be waited for, for ten seconds.
  expect(performance.now() - began).toBeLessThan(8_000)
})

/** A body without a length that goes on until it is answered, and on for longer than any answer takes. */
function endless(path: string, headers: Headers): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const piece = Buffer.alloc(256 * 1024, 'x')
    const asked = request(`${catena.url}${path}`, { method: 'POST', headers }, (answer) => {
      resolve(answer.statusCode)
      asked.destroy()
    })
    asked.once('error', reject)
    const more = (): void => {
      while (!asked.destroyed && asked.write(piece));
      asked.once('drain', more)
    }
    more()
  })
}
