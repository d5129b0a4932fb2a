import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Got } from './delivery-stage.js'
import { readOcsf } from './hostile-receiver.js'

/** How a batch is acknowledged: at the nth time that it is asked for, or never. */
export type Acknowledgement = number | 'never'

/** A fake of Splunk's HTTP event collector with indexer acknowledgement, strict about token and channel. */
export interface FakeCollector {
  readonly url: string
  readonly got: readonly Got[]
  /** Of the next batches in turn; then each at once. */
  acknowledgements: Acknowledgement[]
  /** False: as a token without indexer acknowledgement. */
  givesIds: boolean
  close(): Promise<void>
}

export async function startFakeCollector(token: string): Promise<FakeCollector> {
  const state = { got: [] as Got[], acknowledgements: [] as Acknowledgement[], givesIds: true }
  const batches: { readonly at: Acknowledgement; asked: number }[] = []
  const isAcknowledged = (id: number): boolean => {
    const batch = batches[id]
    return batch !== undefined && batch.at !== 'never' && ++batch.asked >= batch.at
  }
  const answer = (path: string, body: string): object => {
    if (path.endsWith('/ack')) return { acks: Object.fromEntries((JSON.parse(body) as { acks: number[] }).acks.map((id) => [id, isAcknowledged(id)])) } // prettier-ignore
    state.got.push(...readOcsf(body))
    const ackId = batches.push({ at: state.acknowledgements.shift() ?? 1, asked: 0 }) - 1
    return { text: 'Success', code: 0, ...(state.givesIds ? { ackId } : {}) }
  }
  const refusalOf = ({ headers }: IncomingMessage): { status: number; text: string; code: number } | undefined => {
    if (headers.authorization !== `Splunk ${token}`) return { status: 403, text: 'Invalid token', code: 4 }
    if (headers['x-splunk-request-channel'] !== undefined) return undefined
    return { status: 400, text: 'Data channel is missing', code: 10 }
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      const refused = refusalOf(request)
      response.writeHead(refused?.status ?? 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(refused ?? answer(request.url ?? '', body)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return Object.assign(state, { url, close })
}
