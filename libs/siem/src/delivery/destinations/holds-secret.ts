import { looksSecret } from '@catena/connectors'

/** Shorter ones are words, versions and dates. */
const RANDOM_FROM = 20
/** Random letters and digits change between small, capital and digit at every second place; words, also run together, at every fourth at most. */
const CHANGES_MIN = 0.38
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
const HEX = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{24,}$/i
const SECRET_NAME = /key|token|secret|sig|pass|auth|code/i

/**
 * Does a URL tell what only its receiver may know: a user, a parameter by its name, or a part that reads like drawn by chance, as chats and collectors
 * have them in their paths? An id in the shape of a UUID is taken for an ordinary one.
 */
export function holdsSecret({ href, username, password, pathname, searchParams, hash }: URL): boolean {
  const parameters = [...searchParams, ...new URLSearchParams(hash.slice(1))]
  const parts = [...pathname.split('/').map(decoded), ...parameters.flat()]
  return (
    looksSecret(href) ||
    username !== '' ||
    password !== '' ||
    parameters.some(([name]) => SECRET_NAME.test(name)) ||
    parts.some((part) => looksSecret(part) || part.split(/[@:;,.=]/).some(looksRandom))
  )
}

/** An earlier version recorded what is refused now. */
export function withoutSecret(url: string): string {
  const parsed = new URL(url)
  return holdsSecret(parsed) ? `${parsed.origin}/(secret)` : url
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function looksRandom(part: string): boolean {
  const rest = part.replaceAll(UUID, '')
  if (HEX.test(rest)) return true
  if (rest.length < RANDOM_FROM || !/\d/.test(rest)) return false
  const classes = rest.match(/./gsu)?.map(classOf) ?? []
  const changes = classes.filter((one, number) => number > 0 && one !== classes[number - 1]).length
  return changes / (rest.length - 1) >= CHANGES_MIN
}

function classOf(letter: string): string {
  if (/\d/.test(letter)) return 'digit'
  if (/[a-z]/.test(letter)) return 'small'
  return /[A-Z]/.test(letter) ? 'capital' : 'other'
}
