import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ask } from './ask.js'
import { ANSWER_BYTES_MAX } from './pinned-fetch.js'

/** What the connection of an answer without an end came to: bytes that were written before it was closed. */
let endless: Promise<number>
let server: Server
let url: string
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/whole') response.end(`${'ä'.repeat(ANSWER_BYTES_MAX / 2 - 1)}xy`)
    else {
      response.writeHead(request.url === '/refuses' ? 500 : 200)
      endless = new Promise((resolve) => response.once('close', () => resolve(request.socket.bytesWritten)))
      const more = (): unknown => response.destroyed || response.write('x'.repeat(64 * 1024), () => setImmediate(more))
      more()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))))

const asked = (path: string) =>
  ask({ method: 'POST', url: new URL(`${url}${path}`), body: '{}', signal: AbortSignal.timeout(30_000) })

describe('an answer', () => {
  it('that is as long as is read comes whole, whatever its letters', async () => {
    const { status, body, isCut } = await asked('/whole')
    expect([status, Buffer.byteLength(body), body.slice(-3), isCut]).toEqual([200, ANSWER_BYTES_MAX, 'äxy', false])
  })

  it.each([
    ['/does', 200],
    ['/refuses', 500],
  ])('without an end counts by its status, and its connection is closed: %s', async (path, status) => {
    const answer = await asked(path)
    expect([answer.status, answer.isCut]).toEqual([status, true])
    expect(answer.body.length).toBeLessThanOrEqual(ANSWER_BYTES_MAX)
    expect(await endless).toBeLessThan(ANSWER_BYTES_MAX * 4)
  })
})
