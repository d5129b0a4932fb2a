import { connectorFor, unsignedIn, verifyGithubSignature, wrapDelivery } from '@catena/connectors'
import { MemoryLedger } from '@catena/ledger'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { keys, plainConnector, recordLine, source } from '../fixtures/plain-connector.js'
import type { HttpHeaders } from '../input/read-body.js'
import { RequestRejected, type RejectionCode } from '../input/request-rejected.js'
import { receive, type HttpDoor } from './http-door.js'

const github = { ...source, id: 'github-acme', kind: 'github' as const }
const gitlab = { ...source, id: 'gitlab-acme', kind: 'gitlab' as const }
let ledger: MemoryLedger
let door: HttpDoor

beforeEach(() => {
  ledger = new MemoryLedger()
  door = {
    ledger,
    keys,
    sourceOf: (id) => [source, github, gitlab].find((one) => one.id === id),
    connectorFor: () => plainConnector,
    webhookSecretsOf: (id) => (id === 'vault-prod' ? undefined : Promise.resolve(['webhook-secret'])),
    verifySignature: verifyGithubSignature,
    wrapDelivery,
    unsignedIn,
    bodyBytesMax: 100_000,
    decompressedBytesMax: 300_000,
  }
})

const lines = Array.from({ length: 50 }, (_, number) => recordLine(number))

function send(body: string | Buffer, headers: HttpHeaders = {}, to = 'vault-prod', isEntitled = true) {
  const bytes = Buffer.from(body)
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += 777) yield await Promise.resolve(bytes.subarray(at, at + 777))
  }
  return receive(door, { source: to, headers, body: pieces(), isEntitled })
}

async function codeOf(sent: Promise<unknown>): Promise<RejectionCode> {
  const error = await sent.then(() => undefined).catch((reason: unknown) => reason)
  expect(await ledger.head()).toBe(0)
  if (!(error instanceof RequestRejected)) throw new Error(`not rejected: ${String(error)}`)
  return error.code
}

describe('a body of records', () => {
  const records = lines.map((line) => JSON.parse(line) as unknown)

  it.each([
    ['lines', lines.join('\n'), {}],
    ['an array', JSON.stringify(records), {}],
    ['a pretty-printed array', JSON.stringify(records, null, 2), {}],
    ['gzip', gzipSync(lines.join('\n')), { 'content-encoding': 'gzip' }],
    ['gzip that does not say so', gzipSync(lines.join('\n')), {}],
    [
      'wrapped elements',
      JSON.stringify(lines.map((message) => ({ message, source_type: 'file', timestamp: 't' }))),
      {},
    ],
  ])('as %s is committed with the same ids', async (_, body, headers) => {
    expect(await send(body, headers)).toMatchObject({ read: 50, stored: 50, duplicates: 0, quarantined: 0 })
    expect(await send(lines.join('\n'))).toMatchObject({ stored: 0, duplicates: 50 })
  })

  it('may be one object, or nothing', async () => {
    expect(await send(JSON.stringify(records[0], null, 2))).toMatchObject({ stored: 1 })
    expect(await send('')).toMatchObject({ read: 0 })
  })

  it('quarantines what is broken in it', async () => {
    const receipt = await send(`${lines[0]!}\n{"half\n${lines[1]!}\n`)
    expect(receipt).toMatchObject({ stored: 2, quarantined: 1, reasons: { 'no JSON object': 1 } })
    const [quarantined] = await ledger.quarantine(0, 10)
    expect(quarantined?.locator).toEqual({ door: 'http', request: receipt.request, index: 1 })
  })

  it('counts reasons and unknown types of what is new in it only', async () => {
    const body = `${recordLine(0, { type: 'new' })}\n{"half\n${recordLine(0, { type: 'new' })}\n`
    expect(await send(body)).toMatchObject({ reasons: { 'no JSON object': 1 }, unclassified: { new: 1 } })
    expect(await send(body)).toMatchObject({ duplicates: 3, quarantined: 0, reasons: {}, unclassified: {} })
  })

  it('of another kind of source is refused before anything is stored', async () => {
    door = { ...door, connectorFor }
    const login = '{"id":"e1","time":1772000000000,"type":"LOGIN","realmId":"acme","userId":"u1"}'
    expect(await codeOf(send(login))).toBe('wrong-source')
  })

  it('is refused where it is no text: nothing of it may be stored for ever', async () => {
    const binary = Buffer.from(Array.from({ length: 8192 }, (_, index) => (index * 37) % 256))
    expect(await codeOf(send(binary))).toBe('not-json')
  })

  it('is answered only after the commit', async () => {
    ledger.append = () => Promise.reject(new Error('database gone'))
    await expect(send(lines[0]!)).rejects.toThrow('database gone')
  })
})

describe('a webhook', () => {
  const body = '{"action": "requested", "type": "x"}'
  const headers = { 'x-github-event': 'workflow_run', 'x-github-delivery': 'd-1' }
  const signed = (secret: string) => ({
    ...headers,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  })

  it('is one record with its headers', async () => {
    expect(await send(body, signed('webhook-secret'), 'github-acme')).toMatchObject({ stored: 1 })
    const [event] = await ledger.read(0, 1)
    expect(JSON.parse(event!.payload!.toString())).toEqual({
      headers: { 'X-GitHub-Event': 'workflow_run', 'X-GitHub-Delivery': 'd-1' },
      payload: { action: 'requested', type: 'x' },
    })
    expect(await send(body, signed('webhook-secret'), 'github-acme')).toMatchObject({ duplicates: 1 })
  })

  it('is refused with another signature or none', async () => {
    expect(await codeOf(send(body, signed('other'), 'github-acme'))).toBe('bad-signature')
    expect(await codeOf(send(body, headers, 'github-acme'))).toBe('bad-signature')
  })

  it('is taken under the old and the new secret while it is exchanged, and under the new one only afterwards', async () => {
    let secrets = ['new-secret']
    door = { ...door, webhookSecretsOf: () => Promise.resolve(secrets) }
    expect(await codeOf(send(body, signed('webhook-secret'), 'github-acme'))).toBe('bad-signature')
    // A file that cannot be read is no leave to send unsigned.
    secrets = []
    expect(await codeOf(send(body, signed('new-secret'), 'github-acme'))).toBe('bad-signature')
    secrets = ['new-secret', 'webhook-secret']
    expect(await send(body, signed('webhook-secret'), 'github-acme')).toMatchObject({ stored: 1 })
    expect(await send(body, signed('new-secret'), 'github-acme')).toMatchObject({ duplicates: 1 })
  })

  it('is refused where its body is no object', async () => {
    door = { ...door, webhookSecretsOf: () => undefined }
    expect(await codeOf(send('"},"headers":{"X"', headers, 'github-acme'))).toBe('not-json')
  })
})

describe('a request of GitLab', () => {
  it.each(['x-gitlab-token', 'x-gitlab-event-streaming-token'])('is taken with the secret in %s', async (header) => {
    expect(await send(lines[0]!, { [header]: 'webhook-secret' }, 'gitlab-acme')).toMatchObject({ stored: 1 })
  })

  it('is taken with any of the secrets that are accepted at that moment', async () => {
    door = { ...door, webhookSecretsOf: () => Promise.resolve(['new-secret', 'webhook-secret']) }
    expect(await send(lines[0]!, { 'x-gitlab-token': 'webhook-secret' }, 'gitlab-acme')).toMatchObject({ stored: 1 })
    expect(await send(lines[0]!, { 'x-gitlab-token': 'new-secret' }, 'gitlab-acme')).toMatchObject({ duplicates: 1 })
  })

  it('is refused with another secret or none, and taken where none is set', async () => {
    expect(await codeOf(send(lines[0]!, { 'x-gitlab-token': 'webhook-secre' }, 'gitlab-acme'))).toBe('bad-signature')
    expect(await codeOf(send(lines[0]!, {}, 'gitlab-acme'))).toBe('bad-signature')
    door = { ...door, webhookSecretsOf: () => undefined }
    expect(await send(lines[0]!, {}, 'gitlab-acme')).toMatchObject({ stored: 1 })
  })
})

describe('a sender who is not entitled to the source', () => {
  it('delivers what carries the secret of a GitLab source', async () => {
    expect(await codeOf(send(lines[0]!, { 'x-gitlab-token': 'guess' }, 'gitlab-acme', false))).toBe('bad-signature')
    expect(await send(lines[0]!, { 'x-gitlab-token': 'webhook-secret' }, 'gitlab-acme', false)).toMatchObject({
      stored: 1,
    })
  })

  const delivery = { 'x-github-event': 'workflow_run', 'x-github-delivery': 'd-1' }

  it.each([
    ['records', {}, 'vault-prod'],
    ['records of a webhook without its headers', {}, 'github-acme'],
    ['a delivery to a source that is no webhook', delivery, 'vault-prod'],
    ['to a name that nobody has', {}, 'nobody'],
  ])('delivers nothing: %s', async (_, headers, to) => {
    expect(await codeOf(send(lines.join('\n'), headers, to, false))).toBe('unauthenticated')
  })

  it('delivers what is signed, and nothing else', async () => {
    const body = '{"action": "requested"}'
    const signature = `sha256=${createHmac('sha256', 'webhook-secret').update(body).digest('hex')}`
    expect(await codeOf(send(body, delivery, 'github-acme', false))).toBe('bad-signature')
    const signed = { ...delivery, 'x-hub-signature-256': signature }
    expect(await codeOf(send('{"action": "completed"}', signed, 'github-acme', false))).toBe('bad-signature')
    expect(await send(body, signed, 'github-acme', false)).toMatchObject({ stored: 1 })
    expect(await send(body, signed, 'github-acme', false)).toMatchObject({ stored: 0, duplicates: 1 })
  })

  it('delivers nothing by webhook to a source whose deliveries cannot be checked', async () => {
    door = { ...door, webhookSecretsOf: () => undefined }
    expect(await codeOf(send('{"action": "requested"}', delivery, 'github-acme', false))).toBe('unauthenticated')
  })
})

describe('a request that is refused', () => {
  it('for its source is told the right names', async () => {
    door = { ...door, sourceIds: ['vault-prod', 'github-acme'] }
    await expect(send('{}', {}, 'vault-prd')).rejects.toThrow('configured are vault-prod, github-acme')
  })

  it.each<[RejectionCode, string | Buffer, HttpHeaders, string]>([
    ['unknown-source', '{}', {}, 'nobody'],
    ['body-too-large', 'x'.repeat(100_001), {}, 'vault-prod'],
    ['body-too-large', gzipSync('x'.repeat(300_001)), { 'content-encoding': 'gzip' }, 'vault-prod'],
    ['unsupported-encoding', '{}', { 'content-encoding': 'br' }, 'vault-prod'],
    ['bad-encoding', gzipSync(lines.join('\n')).subarray(0, 300), { 'content-encoding': 'gzip' }, 'vault-prod'],
    ['bad-encoding', lines.join('\n'), { 'content-encoding': 'gzip' }, 'vault-prod'],
    ['not-json', '<html>Bad gateway</html>', {}, 'vault-prod'],
    ['not-json', Buffer.from([0, 1, 2, 255, 0]), {}, 'vault-prod'],
  ])('%s stores nothing', async (code, body, headers, to) => {
    expect(await codeOf(send(body, headers, to))).toBe(code)
  })
})
