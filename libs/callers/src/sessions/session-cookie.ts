import type { AskingRequest } from '../identify.js'

/** Over TLS browsers send it to this host alone and never in clear; on loopback without TLS they would refuse the prefix. */
const SECURE = '__Host-catena'
const LOOPBACK = 'catena-session'
const SECRET_FORM = /^[\w-]{1,128}$/
/** An attempt with its seal; browsers keep no more. */
const KEPT_FORM = /^[\w-]{1,4000}\.[\w-]{22}$/
const LOGIN = { secure: '__Host-catena-login', loopback: 'catena-login' }

/** Over TLS only under the name that nobody but this host can set: whoever sets another would sign people in as somebody of their choice. */
export function sessionIn(request: AskingRequest, isSecure: boolean): string | undefined {
  return cookieOf(request, isSecure ? SECURE : LOOPBACK)
}

/** What the browser kept for a login under way. */
export function loginIn(request: AskingRequest, isSecure: boolean): string | undefined {
  return cookieOf(request, isSecure ? LOGIN.secure : LOGIN.loopback, KEPT_FORM)
}

/** Scripts cannot read it, and other sites cannot send it with what changes something. */
export function sessionCookie(secret: string, isSecure: boolean, maxAgeMs: number): string {
  return cookie(isSecure ? SECURE : LOOPBACK, secret, isSecure, maxAgeMs)
}

export function loginCookie(kept: string, isSecure: boolean): string {
  return cookie(isSecure ? LOGIN.secure : LOGIN.loopback, kept, isSecure, 10 * 60_000)
}

/** Headers that take all of them away. */
export function noCookies(): string[] {
  return [SECURE, LOGIN.secure]
    .map((name) => cookie(name, '', true, 0))
    .concat([LOOPBACK, LOGIN.loopback].map((name) => cookie(name, '', false, 0)))
}

function cookie(name: string, value: string, isSecure: boolean, maxAgeMs: number): string {
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1000)}`
  return `${name}=${value}; ${flags}${isSecure ? '; Secure' : ''}`
}

function cookieOf({ headers }: AskingRequest, name: string, form = SECRET_FORM): string | undefined {
  const found = (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
  const value = found?.slice(name.length + 1)
  return value !== undefined && form.test(value) ? value : undefined
}
