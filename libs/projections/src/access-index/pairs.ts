import type { Pair } from './carried-bounds.js'
import type { Reads } from './clock-sums.js'

/** Pairs of a source and an issuer of which any federated login tells: one step through the index for each, however many logins it has. */
export async function pairsOfLogins(reads: Reads): Promise<Pair[]> {
  const { rows } = await reads.query<Pair>(PAIRS)
  return rows
}

const next = (condition: string): string => `
  (SELECT source, issuer FROM access_fact WHERE minted IS NOT NULL AND ${condition} ORDER BY source, issuer LIMIT 1)`

const PAIRS = `
  WITH RECURSIVE pair (source, issuer) AS (
    ${next('true')}
    UNION ALL
    SELECT next.* FROM pair CROSS JOIN LATERAL ${next('(source, issuer) > (pair.source, pair.issuer)')} AS next)
  SELECT source AS presenter, issuer FROM pair`
