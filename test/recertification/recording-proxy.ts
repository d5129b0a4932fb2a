import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One question to a system and what it answered. Whatever signs in is left out. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body: string
}

/** Stands before a system and writes down what it is asked and answers. */
export async function startRecordingProxy(to: string): Promise<{ url: URL; exchanges: Exchange[]; stop(): void }> {
  const exchanges: Exchange[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const sent = Buffer.concat(pieces)
      const { authorization = '', 'content-type': type = '' } = headers
      void fetch(new URL(path, to), { method, headers: { authorization, 'content-type': type }, ...(sent.length === 0 ? {} : { body: sent }) }).then(async (answer) => {
        const body = await answer.text()
        exchanges.push({ method, path, status: answer.status, body: body.replace(/"(access_token|refresh_token|id_token|secret)":"[^"]*"/g, '"$1":"short-lived"') })
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(body)
      })
    })
  }) // prettier-ignore
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), exchanges, stop }
}
