import { issuerScope, type SourceInstance } from '@catena/domain'

/** A source whose logins come through another system, and that system (`<kind>/<scope>`): how far their clocks differ matters. */
export type ClockPair = readonly [presenter: string, issuer: string]

/** By what sources declare, each once. */
export function clockPairsOf(sources: readonly SourceInstance[]): ClockPair[] {
  return sources.flatMap(({ id, federations }) =>
    [...new Set(federations.map(({ issuer }) => issuerScope(issuer.kind, issuer.scope)))].map((issuer) => [id, issuer] as const),
  )
} // prettier-ignore
