import { isToldBy, type Activity } from '@catena/domain'
import { credentialOf, isListed, namedCredentialOf, type FactFilter } from '@catena/projections'
import { badInput } from '../errors/api-error.js'
import type { ChainFilter } from './chain-filter.model.js'

/** Throws BAD_USER_INPUT for text that no record can hold. */
export function toFactFilter(filter: ChainFilter): FactFilter {
  for (const text of [filter.source, filter.vault]) requirePlain(text)
  return {
    credential: filter.credential ?? undefined,
    source: filter.source ?? undefined,
    container: filter.vault ?? undefined,
    kinds: filter.kinds ?? undefined,
    outcomes: filter.outcomes ?? undefined,
    from: filter.from ?? undefined,
    to: filter.to ?? undefined,
    retrievalsOnly: filter.retrievalsOnly,
  }
}

/** PostgreSQL's text holds no NUL. */
export function requirePlain(text: string | null | undefined): void {
  if (text?.includes('\u0000')) throw badInput('text with a NUL character matches nothing: leave it out')
}

/** The filter of the database, asked of a fact that is at hand. `names`: those that the credential of the filter was known by. */
export function passes(fact: Activity, filter: FactFilter, names: readonly string[]): boolean {
  const { source, from = -Infinity, to = Infinity } = filter
  return (
    isListed(fact, filter) &&
    (source === undefined || isToldBy(fact, source)) &&
    fact.occurredAt >= from &&
    fact.occurredAt <= to &&
    (filter.credential === undefined || isOf(fact, filter.credential, names))
  )
}

/** A denied request names no container by its id, so there its name must do. */
function isOf({ target }: Activity, credential: string, names: readonly string[]): boolean {
  if (target === undefined) return false
  const id = credentialOf(target)
  return id === undefined ? names.includes(namedCredentialOf(target)) : id === credential
}
