import { readFile } from 'node:fs/promises'
import { CarrierFailed } from './carrier.js'

/** Longest answer that is waited for, ms. */
const ANSWER_MS = 15_000
/** Of an answer that refuses, what is told. */
const TOLD_MAX = 200

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
}

/** Asks a system of the configuration. Follows no redirect, which would carry the credentials elsewhere. Throws CarrierFailed. */
export async function ask({ method, url, headers = {}, body, signal }: Asked): Promise<Answered> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, body: await response.text() }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    const why = name === 'TimeoutError' ? `no answer within ${ANSWER_MS / 1000} s` : (cause?.code ?? name)
    throw new CarrierFailed(`${url.host} cannot be reached: ${why}`)
  }
}

export function refusedBy(system: string, { status, body }: Answered): CarrierFailed {
  return new CarrierFailed(`${system} answered ${status} ${body.replace(/\s+/g, ' ').slice(0, TOLD_MAX)}`.trim())
}

/** Read anew each time, so that a secret can be rotated without a restart. Throws CarrierFailed. */
export async function readSecretFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.trim() === '') throw new CarrierFailed(`the secret file ${path} is empty or cannot be read`)
  return text.trim()
}
