import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ANSWER_BYTES_MAX, fetchAt } from './pinned-fetch.js'

let server: Server
let url: string
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/never') return
    if (request.url === '/begun') return void response.write('{')
    response.setHeader('x-seen', `${request.method} ${request.headers.host} ${request.headers['content-type']}`)
    response.statusCode = Number(/\d+/.exec(request.url ?? '')?.[0] ?? 200)
    request.pipe(response)
  })
  // What was asked before keeps its connection, also where the machine stands still in between.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // No resolver knows this name.
  url = `http://login.invalid:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))))

const ask = (path: string, init?: RequestInit) => fetchAt(['127.0.0.1'], new Request(`${url}${path}`, init))

describe('a question to an address that was looked at', () => {
  it('goes there under the name of the host, whatever resolvers say of that name', async () => {
    const answer = await ask('/x', { method: 'POST', body: new URLSearchParams({ grant: 'é' }) })
    expect(await answer.text()).toBe('grant=%C3%A9')
    expect(answer.headers.get('x-seen')).toBe(
      `POST ${new URL(url).host} application/x-www-form-urlencoded;charset=UTF-8`,
    )
  })

  it.each([204, 302, 304, 404, 500])('gives back %d as it came, and follows nothing', async (status) => {
    expect((await ask(`/${status}`)).status).toBe(status)
  })

  it('whose answer does not end is not read to its end', async () => {
    const body = 'x'.repeat(ANSWER_BYTES_MAX + 1)
    await expect((await ask('/x', { method: 'POST', body })).text()).rejects.toThrow('longer than 4 MiB')
    expect((await (await ask('/x', { method: 'POST', body: body.slice(1) })).text()).length).toBe(ANSWER_BYTES_MAX)
  })

  it('ends with the reason of its signal, and with the code of what failed', async () => {
    await expect(ask('/never', { signal: AbortSignal.timeout(30) })).rejects.toMatchObject({ name: 'TimeoutError' })
    const ending = new AbortController()
    const begun = (await ask('/begun', { signal: ending.signal })).text()
    ending.abort(new DOMException('it took too long', 'TimeoutError'))
    await expect(begun).rejects.toMatchObject({ name: 'TimeoutError' })
    const closed = fetchAt(['127.0.0.1'], new Request('http://login.invalid:1/'))
    await expect(closed).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
