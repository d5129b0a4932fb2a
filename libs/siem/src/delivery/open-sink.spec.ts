import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@catena/platform'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Outgoing, Sink } from '../sinks/sink.js'
import { readDestination } from './destinations/read-destination.js'
import { openSink } from './open-sink.js'

const folder = mkdtempSync(join(tmpdir(), 'catena-sink-'))
const file = join(folder, 'secret')
const around = { env: {}, clock: systemClock, connectKafka: undefined }
const signal = new AbortController().signal
const batch = [{ event: { id: 'e', sequence: 1, revision: 1, content: { occurredAt: 0 } }, text: '{"a":1}' }] as unknown as Outgoing[] // prettier-ignore

let server: Server
let url: string
let seen: { readonly headers: IncomingHttpHeaders; readonly body: string }[]
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      seen.push({ headers: request.headers, body })
      response.end('{"code":0,"text":"Success"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  seen = []
  writeFileSync(file, 'the-old-one\n')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const open = (kind: 'webhook' | 'event-collector'): Promise<Sink> => {
  const target = { url, allow_private: true, secret_file: file }
  return openSink(readDestination({ id: 'd', kind, format: 'ecs', target }, []), around)
}

/** By which of these secrets a webhook was signed. */
function signerOf({ headers, body }: (typeof seen)[number]): string | undefined {
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const signed = (secret: string) => `v1,${createHmac('sha256', secret).update(text).digest('base64')}`
  return ['the-old-one', 'the-new-one'].find((secret) => signed(secret) === headers['webhook-signature'])
}

describe('the secret of a destination', () => {
  it('that was exchanged in its file signs the next batch, without a restart; of two lines the first', async () => {
    const sink = await open('webhook')
    await sink.send(batch, signal)
    writeFileSync(file, 'the-new-one\nthe-old-one\n')
    await sink.send(batch, signal)
    expect(seen.map(signerOf)).toEqual(['the-old-one', 'the-new-one'])
    await sink.close()
  })

  it('is that of the moment at an event collector too', async () => {
    const sink = await open('event-collector')
    await sink.send(batch, signal)
    writeFileSync(file, 'the-new-one')
    await sink.send(batch, signal)
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Splunk the-old-one', 'Splunk the-new-one'])
    await sink.close()
  })

  it('found empty between two batches makes them wait and closes nothing; at the start it is told', async () => {
    const sink = await open('webhook')
    writeFileSync(file, '')
    await expect(sink.send(batch, signal)).rejects.toMatchObject({ name: 'ReceiverUnavailable' })
    await expect(open('webhook')).rejects.toMatchObject({ name: 'DestinationClosed' })
    writeFileSync(file, 'the-new-one')
    await sink.send(batch, signal)
    expect(seen.map(signerOf)).toEqual(['the-new-one'])
    await sink.close()
  })
})
