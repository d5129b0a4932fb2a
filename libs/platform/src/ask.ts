import { createHmac } from 'node:crypto'
import { isLoopback } from './access-schema.js'
import { ForbiddenAddress, guardedFetch, type Resolve } from './addresses.js'
import { AnswerTooLong } from './pinned-fetch.js'
import { withTimeLimit } from './time-limit.js'

/** Longest answer that is waited for, ms. */
const ANSWER_MS = 15_000
/** Of an answer that refuses, what is told. */
const TOLD_MAX = 200

/** A system outside refused or did not answer, or what is needed to ask it is missing. The message says what to do, never a secret. */
export class OutsideFailed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OutsideFailed'
  }
}

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

export interface Answered {
  readonly status: number
  readonly body: string
  /** The answer was longer than is read: what it said counts by its status alone. */
  readonly isCut: boolean
}

/**
 * Asks a system that catena.yaml names. Follows no redirect, which would carry the credentials elsewhere, and goes neither to where clouds serve
 * theirs nor, by another name, to this machine. Throws OutsideFailed.
 */
export async function ask({ method, url, headers = {}, body, signal }: Asked, resolve?: Resolve): Promise<Answered> {
  try {
    return await withTimeLimit(ANSWER_MS, signal, async (signal) => {
      const fetch = guardedFetch(isLoopback(url.hostname), resolve)
      const response = await fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) })
      return { status: response.status, ...(await readBody(response)) }
    })
  } catch (error) {
    if (error instanceof ForbiddenAddress) throw new OutsideFailed(error.message)
    const { name, code } = error as NodeJS.ErrnoException
    const why = name === 'TimeoutError' ? `no answer within ${ANSWER_MS / 1000} s` : (code ?? name)
    throw new OutsideFailed(`${url.host} cannot be reached: ${why}`)
  }
}

/** What came until then, where it is too long: whoever was told to do something has done it. */
async function readBody(response: Response): Promise<Pick<Answered, 'body' | 'isCut'>> {
  const [text, pieces] = [new TextDecoder(), (response.body ?? []) as AsyncIterable<Uint8Array>]
  let body = ''
  try {
    for await (const piece of pieces) body += text.decode(piece, { stream: true })
    return { body: body + text.decode(), isCut: false }
  } catch (error) {
    if (error instanceof AnswerTooLong) return { body, isCut: true }
    throw error
  }
}

export function isTaken({ status }: Answered): boolean {
  return status >= 200 && status <= 299
}

export function refusedBy(system: string, { status, body }: Answered): OutsideFailed {
  return new OutsideFailed(`${system} answered ${status} ${body.replace(/\s+/g, ' ').slice(0, TOLD_MAX)}`.trim())
}

/** Header of a signed webhook: HMAC-SHA-256 of the body under the shared secret. */
export function signatureOf(secret: string, body: string): Readonly<Record<'catena-signature', string>> {
  return { 'catena-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}
