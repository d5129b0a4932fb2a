import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { guardServer } from './http-server.js'

let server: Server
let port: number
const bounds = {
  headersTimeoutMs: 200,
  requestTimeoutMs: 1_000,
  slowLookMs: 50,
  sendOnMs: 100,
  certificateLookMs: 1_000,
}

beforeEach(() => listen(bounds))
afterEach(() => endServer())

async function listen(given: typeof bounds): Promise<void> {
  server = createServer((asked, response) => {
    if (asked.url === '/unwanted') {
      response.statusCode = 413
      response.end('too much')
    } else asked.resume().once('end', () => response.end('whole'))
  })
  guardServer(server, undefined, given)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  port = (server.address() as AddressInfo).port
}

async function endServer(): Promise<void> {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
}

/** How often Node looks for slow clients of itself. */
const NODE_LOOKS_MS = 30_000

/** Sends `begin`, then a byte now and then without end. Resolves with what it was told and after how many ms it was sent away. */
function trickle(begin: string, byte: string): Promise<{ told: string; afterMs: number }> {
  return new Promise((resolve) => {
    const began = performance.now()
    let told = ''
    let drop: NodeJS.Timeout | undefined
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(begin)
      // Not before: what is written while it still connects goes first.
      drop = setInterval(() => socket.write(byte), 20)
    })
    socket.on('data', (piece) => (told += String(piece)))
    socket.on('error', () => undefined)
    socket.once('close', () => {
      clearInterval(drop)
      resolve({ told, afterMs: performance.now() - began })
    })
  })
}

async function healthy(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode))
    })
    asked.once('error', reject).end()
  })
}

describe('a client that is slow on purpose', () => {
  it.each([
    ['with its headers', 'GET / HTTP/1.1\r\nHost: x\r\n', 'X-a: b\r\n', bounds.headersTimeoutMs],
    ['with one endless header', 'GET / HTTP/1.1\r\nHost: x\r\nX-a: ', 'b', bounds.headersTimeoutMs],
    ['with its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n', '{', bounds.requestTimeoutMs],
    ['with chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n', bounds.requestTimeoutMs],
  ])('%s is sent away when its time is up', async (_, begin, byte, boundMs) => {
    // It would go on without end.
    const { told, afterMs } = await trickle(begin, byte)
    expect(told).toMatch(/^HTTP\/1.1 408/)
    expect(afterMs).toBeGreaterThan(boundMs - 50)
    expect(afterMs).toBeLessThan(NODE_LOOKS_MS)
  }) // prettier-ignore

  it.each([
    ['without end', 'Transfer-Encoding: chunked', '8000\r\n' + 'x'.repeat(0x8000) + '\r\n'],
    ['by drops', 'Content-Length: 100000', 'x'],
  ])('or sends on %s after it was answered is told the answer, and is cut off', async (_, length, piece) => {
    // Nothing else would cut it off while this test may last.
    await endServer()
    await listen({ ...bounds, requestTimeoutMs: 120_000 })
    const { told, afterMs } = await trickle(`POST /unwanted HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`, piece)
    expect(told).toMatch(/^HTTP\/1.1 413/)
    expect(afterMs).toBeGreaterThan(bounds.sendOnMs - 50)
  })

  it('does not keep others from an answer, however many it is', async () => {
    const slow = Array.from({ length: 200 }, () => trickle('GET / HTTP/1.1\r\nHost: x\r\n', 'X-a: b\r\n'))
    expect(await healthy()).toBe(200)
    await Promise.all(slow)
    expect(await healthy()).toBe(200)
  })

  it('has its headers counted', async () => {
    const many = Array.from({ length: 1_500 }, (_, n) => `X-${n}: 1\r\n`).join('')
    const seen = new Promise<number>((resolve) => server.once('request', (asked) => resolve(asked.rawHeaders.length / 2))) // prettier-ignore
    const client = connect(port, '127.0.0.1').end(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${many}\r\n`)
    const told = new Promise<string>((resolve) => client.once('data', (data) => resolve(String(data))))
    // A newer Node refuses them; an older one leaves most of them out, and its parser hands them over in batches of some thirty.
    expect(await Promise.race([seen, told.then((line) => (/^HTTP\/1.1 431/.test(line) ? 0 : Infinity))])).toBeLessThan(
      150,
    )
  })
})
