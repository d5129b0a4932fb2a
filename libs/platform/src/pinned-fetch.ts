import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

/** Longest answer that is read, bytes: what systems outside say of themselves and of one thing is far shorter. */
export const ANSWER_BYTES_MAX = 4 * 1024 * 1024

/** An answer goes on beyond what is read; the connection is closed. */
export class AnswerTooLong extends Error {
  constructor() {
    super(`the answer is longer than ${ANSWER_BYTES_MAX / 1024 / 1024} MiB`)
    this.name = 'AnswerTooLong'
  }
}

/** Statuses whose answers have no body; a `Response` with one cannot be made. */
const WITHOUT_BODY = [204, 205, 304]

/**
 * As `fetch`, but connects to one of these addresses whatever the name of the host resolves to by now; certificates are still those of the
 * name. Follows no redirect: it is an answer like any other. Rejects with what the connection failed by, or with the signal's reason; reading a
 * body rejects with the same, or with AnswerTooLong.
 */
export async function fetchAt(addresses: readonly string[], question: Request): Promise<Response> {
  const url = new URL(question.url)
  const { method, headers, signal } = question
  const body = Buffer.from(await question.arrayBuffer())
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sent = send(url, { method, headers: Object.fromEntries(headers), signal, lookup: lookupOf(addresses) })
    sent.once('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error))
    sent.once('response', (answer) => resolve(responseOf(answer, signal)))
    sent.end(body.length === 0 ? undefined : body)
  })
}

/** Sockets ask it instead of a resolver; addresses in the URL itself are not looked up. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_, options, done) => {
    const [first] = known
    if (options.all === true) done(null, known)
    else done(null, first?.address ?? '', first?.family)
  }
}

function responseOf(answer: IncomingMessage, signal: AbortSignal): Response {
  const { statusCode: status = 500, headers } = answer
  const init = { status, headers: Object.entries(headers).flatMap(pairs) }
  if (!WITHOUT_BODY.includes(status)) {
    const body = Readable.from(bounded(answer, signal), { objectMode: false })
    return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, init)
  }
  answer.resume()
  return new Response(null, init)
}

async function* bounded(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      bytes += piece.length
      if (bytes > ANSWER_BYTES_MAX) throw new AnswerTooLong()
      yield piece
    }
  } catch (error) {
    throw signal.aborted ? (signal.reason as Error) : error
  }
}

function pairs([name, value]: [string, string | string[] | undefined]): [string, string][] {
  if (value === undefined) return []
  return (typeof value === 'string' ? [value] : value).map((one) => [name, one])
}
