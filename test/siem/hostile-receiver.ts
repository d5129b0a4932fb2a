import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { steadyPort } from '@catena/testing'
import type { Got } from './delivery-stage.js'

/** How the next request is answered. `late`: taken, and answered by a broken connection. `twice`: taken, acknowledged twice. */
export type Mood =
  'take' | 'busy' | 'fault' | 'hang' | 'cut' | 'late' | 'twice' | 'redirect' | 'gone' | { readonly refuse: RegExp }

/** An HTTP receiver that takes webhooks and collector events, and behaves as badly as it is told. */
export interface HostileReceiver {
  readonly url: string
  readonly got: readonly Got[]
  readonly requests: readonly { readonly headers: IncomingMessage['headers']; readonly body: string }[]
  /** Mood of each request in turn; when there is none left it takes everything. */
  moods: Mood[]
  /** Stops listening and breaks all connections, as a kill does. */
  kill(): Promise<void>
  restart(): Promise<void>
}

const TAKEN =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n{"text":"Success","code":0}'

export async function startHostileReceiver(read: (body: string) => Got[]): Promise<HostileReceiver> {
  const got: Got[] = []
  const requests: { headers: IncomingMessage['headers']; body: string }[] = []
  const state = { moods: [] as Mood[] }
  const server = createServer((request, response) => void take(request, response).catch(() => undefined))
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const mood = state.moods.shift() ?? 'take'
    if (mood === 'cut') {
      request.once('data', () => request.destroy())
      return
    }
    let body = ''
    for await (const piece of request.setEncoding('utf8') as AsyncIterable<string>) body += piece
    requests.push({ headers: request.headers, body })
    if (typeof mood === 'object') {
      if (mood.refuse.test(body)) {
        state.moods.unshift(mood)
        response.writeHead(400).end('what is this')
        return
      }
      state.moods.unshift(mood)
    }
    if (mood === 'hang') return
    if (mood === 'busy') response.writeHead(429, { 'retry-after': '0' }).end()
    else if (mood === 'fault') response.writeHead(500).end('oops')
    else if (mood === 'redirect') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end()
    else if (mood === 'gone') response.writeHead(410).end()
    else {
      got.push(...read(body))
      if (mood === 'late') request.socket.destroy()
      else if (mood === 'twice') request.socket.write(`${TAKEN}${TAKEN}`)
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"Success","code":0}')
    }
  }
  const port = await steadyPort()
  const listen = (): Promise<void> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', resolve)
    })
  await listen()
  return {
    get url() {
      return `http://127.0.0.1:${port}/hook`
    },
    got,
    requests,
    get moods() {
      return state.moods
    },
    set moods(moods) {
      state.moods = moods
    },
    kill: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    restart: listen,
  }
} // prettier-ignore

interface Ocsf {
  readonly metadata: { readonly uid: string; readonly sequence: number; readonly event_code: string }
  readonly resources?: readonly { readonly uid: string }[]
}

/** A body of OCSF events, as an array or as collector envelopes. Heartbeats are no part of the feed. */
export function readOcsf(body: string): Got[] {
  const events = body.startsWith('[') ? (JSON.parse(body) as Ocsf[]) : body.split('\n').map((line) => (JSON.parse(line) as { event: Ocsf }).event)
  return events
    .filter(({ metadata }) => metadata.event_code !== 'heartbeat')
    .map(({ metadata, resources }) => ({ id: metadata.uid, sequence: metadata.sequence, credential: resources?.[0]?.uid ?? '' }))
} // prettier-ignore
