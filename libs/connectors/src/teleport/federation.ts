import { list, text, type Federation, type JsonObject, type SourceInstance } from '@catena/domain'
import { objectOr } from '../parsing.js'

/** By the way of signing in: `oidc/`, `saml/`, `github/` for people; the join method, `github/` too, for bots as `bot/github/`. */
export function mountOf({ method, event }: JsonObject): string {
  return `${event === 'bot.join' ? 'bot/' : ''}${text(method) ?? ''}/`
}

export function federationOf(record: JsonObject, source: SourceInstance): Federation | undefined {
  const mount = mountOf(record)
  return source.federations.find((federation) => federation.mount === mount)
}

/** Fields of `attributes` that a declaration names. */
export function claimsOf({ claims }: Federation): string[] {
  return Object.values(claims)
}

/** SAML writes every attribute as a list: of several values none is the claim. */
export function claimIn(attributes: unknown, field: string): string | undefined {
  const claims = objectOr(attributes)
  if (!Object.hasOwn(claims, field)) return undefined
  const values = Array.isArray(claims[field]) ? list(claims[field]) : [claims[field]]
  return values.length === 1 ? text(values[0]) : undefined
}
