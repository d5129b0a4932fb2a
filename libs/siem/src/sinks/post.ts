import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { Agent as HttpAgent } from 'node:http'
import type { Resolve } from '@catena/platform'
import { messageText } from './message-text.js'
import { pinnedAddress } from './pinned-address.js'
import { BatchRefused, DestinationClosed, ReceiverUnavailable } from './sink.js'
import type { TlsFiles } from './tls-files.js'

/** Of an answer, what is kept for messages and acknowledgements. */
const ANSWER_BYTES_MAX = 64 * 1024

export interface PostTarget {
  readonly url: URL
  readonly tls: TlsFiles
  /** Private addresses, and http without TLS: for receivers on this machine. */
  readonly allowPrivate: boolean
  readonly resolve?: Resolve
}

export interface Answer {
  readonly status: number
  readonly body: string
  readonly retryAfterMs: number | undefined
}

/** Posts to pinned addresses over connections that are kept. Follows no redirect. */
export interface Poster {
  /** Throws ReceiverUnavailable and DestinationClosed. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Answer>
  close(): void
}

export function openPoster({ url, tls, allowPrivate, resolve }: PostTarget): Poster {
  const isTls = url.protocol === 'https:'
  const agent = isTls ? new HttpsAgent({ keepAlive: true, maxSockets: 1 }) : new HttpAgent({ keepAlive: true, maxSockets: 1 }) // prettier-ignore
  const post: Poster['post'] = async (path, headers, body, signal) => {
    const address = await pinnedAddress(url.hostname, allowPrivate, resolve)
    const options: RequestOptions & TlsFiles = {
      method: 'POST',
      agent,
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path,
      signal,
      headers: { host: url.host, 'content-length': Buffer.byteLength(body), ...headers },
      ...(isTls ? { ...tls, servername: tls.servername ?? url.hostname, rejectUnauthorized: true, minVersion: 'TLSv1.2' } : {}), // prettier-ignore
    }
    const answer = await answered(isTls ? requestHttps(options) : requestHttp(options), body)
    return { ...answer, body: without(secretIn(headers), answer.body) }
  }
  return { post, close: () => agent.destroy() }
}

/** Some receivers repeat what they were sent, and what they answer is kept for people. */
function without(secret: string | undefined, text: string): string {
  return secret === undefined ? text : text.replaceAll(secret, '(secret)')
}

function secretIn({ authorization }: Readonly<Record<string, string>>): string | undefined {
  const secret = authorization?.split(' ').at(-1)
  return secret === '' ? undefined : secret
}

function answered(request: ReturnType<typeof requestHttp>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(new ReceiverUnavailable(error.name === 'AbortError' ? 'the receiver did not answer in time' : error.message)) // prettier-ignore
    request.once('error', fail)
    request.once('response', (response) => {
      readBody(response).then((text) => resolve({ status: response.statusCode ?? 0, body: text, retryAfterMs: retryAfter(response) }), fail) // prettier-ignore
    })
    request.end(body)
  })
}

async function readBody(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response.setEncoding('utf8') as AsyncIterable<string>) {
    if (text.length < ANSWER_BYTES_MAX) text += piece
  }
  if (!response.complete) throw new Error('the receiver closed the connection in its answer')
  return text
}

/** Seconds, or a date (RFC 9110 section 10.2.3). */
function retryAfter({ headers }: IncomingMessage): number | undefined {
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const seconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}

/** Statuses by which a receiver speaks of the content; every other failure is of the moment, or of its settings. */
const OF_THE_CONTENT: readonly number[] = [400, 413, 415, 422]

/** Returns on success. Throws what the status means. */
export function requireTaken({ status, body, retryAfterMs }: Answer): void {
  if (status >= 200 && status < 300) return
  const text = `${status} ${messageText(body).slice(0, 200)}`.trim()
  if (status === 410) throw new DestinationClosed(`the receiver is gone for good (${text})`)
  if (status >= 300 && status < 400)
    throw new ReceiverUnavailable(`the receiver redirects (${status}): write its own address`)
  if (OF_THE_CONTENT.includes(status)) throw new BatchRefused(`the receiver answered ${text}`)
  throw new ReceiverUnavailable(`the receiver answered ${text}`, retryAfterMs)
}
