import type { Instant } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import { undashed } from '@catena/projections'
import { summaryPosition } from '../access-summary/read-summaries.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { HistoryReader } from '../history/read-history.js'
import { witnessesOf } from '../history/questions.js'
import { leastDefensible, type Defensibility } from './leaver-list.js'

/** Most credentials of which a ranking tells. */
export const RANKED_MAX = 500

/** One shared credential, and how hard it is to defend. */
export interface Ranked extends Defensibility {
  readonly credential: string
  readonly system: string
  readonly name: string
  /** The newest records of who obtained it. */
  readonly witnesses: readonly number[]
}

export interface Ranking {
  /** Last entry of the ledger that it takes into account. */
  readonly position: number
  readonly ranked: readonly Ranked[]
  /** There may be others behind these. */
  readonly isCut: boolean
}

/**
 * Which shared credentials to replace first (R5.6), by all that is kept now. Candidates come by the highest score that they can have; only as many are
 * told as no other could come before.
 */
export async function rankLeastDefensible(reader: AccessReader, at: Instant): Promise<Ranking> {
  const position = await summaryPosition(reader.pool)
  const { rows } = await reader.pool.query<{ credential: string; bound: string }>(CANDIDATES, [position, RANKED_MAX + 1])
  const candidates = rows.slice(0, RANKED_MAX).map(({ credential }) => undashed(credential))
  const histories: CredentialHistory[] = []
  for await (const part of new HistoryReader(reader).current(candidates, at)) histories.push(...part)
  const byId = new Map(histories.map((history) => [history.id, history]))
  const [next] = rows.slice(RANKED_MAX)
  const ranked = leastDefensible(histories).flatMap(({ id, defensibility }): Ranked[] => {
    const history = byId.get(id)
    if (history === undefined || (next !== undefined && defensibility.score < Number(next.bound))) return []
    const { system, container = '', path } = history.slot
    return [{ credential: id, system, name: `${container}${path}`, ...defensibility, witnesses: witnessesOf(history.accessors) }]
  })
  return { position, ranked, isCut: next !== undefined }
} // prettier-ignore

/** The score is never higher: systems and operators as `defensibilityOf` counts them, three times for what does not end by itself. */
const CANDIDATES = `
  WITH active AS (
    SELECT credential, count(*) FILTER (WHERE body #>> '{accessor,kind}' = 'workload') AS workloads,
      sum(CASE body #>> '{accessor,kind}' WHEN 'person' THEN 1 WHEN 'workload' THEN 0
        ELSE greatest(2, jsonb_array_length(body #> '{accessor,keys}')) END) AS operators
    FROM governance.access_summary WHERE body ? 'lastAt' GROUP BY credential)
  SELECT credential, 3 * greatest(1, operators) * greatest(1, workloads + coalesce(jsonb_array_length(said.state -> 'copies'), 0)
      + coalesce(jsonb_array_length(said.state #> '{declared,reaches}'), 0)) AS bound
  FROM active LEFT JOIN LATERAL (SELECT state FROM decisions.stewardship s WHERE s.credential = active.credential AND s.position <= $1
    ORDER BY s.position DESC LIMIT 1) said ON TRUE
  ORDER BY bound DESC, credential LIMIT $2`
