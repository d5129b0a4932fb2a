import { isObject, type Json } from '@catena/domain'
import type { CallerKeys } from '../keys.js'

/** Time for a login at the identity provider, ms. */
const ATTEMPT_MS = 10 * 60_000
/** Longest page to come back to: browsers drop a cookie of more than 4 KiB. */
const RETURN_TO_MAX = 2_000
/** What the seal is for; no caller is called so. */
const SEALED_FOR = 'login attempt'

/** What a login needs when the browser comes back from the identity provider. */
export interface BrowserAttempt {
  /** Goes through the provider and back; the rest stays in the browser's cookie. */
  readonly state: string
  readonly verifier: string
  readonly nonce: string
  readonly returnTo: string
}

/** The attempt as the browser keeps it. Nothing is stored here: anybody may begin a login, as often as they like. */
export function keptByBrowser(keys: CallerKeys, attempt: BrowserAttempt, now: number): string {
  const returnTo = attempt.returnTo.length > RETURN_TO_MAX ? '/' : attempt.returnTo
  const text = Buffer.from(JSON.stringify({ ...attempt, returnTo, endsAt: now + ATTEMPT_MS })).toString('base64url')
  return `${text}.${keys.seal(SEALED_FOR, text)}`
}

/** Undefined: it was not written here, or too long ago. `kept` comes from the browser, so the seal is looked at before anything else. */
export function attemptKept(keys: CallerKeys, kept: string, now: number): BrowserAttempt | undefined {
  const [text = '', seal = ''] = kept.split('.')
  if (!keys.isSeal(SEALED_FOR, text, seal)) return undefined
  const attempt = JSON.parse(Buffer.from(text, 'base64url').toString()) as Json
  if (!isObject(attempt) || Number(attempt['endsAt']) <= now) return undefined
  return attempt as unknown as BrowserAttempt
}
