import { fold } from '@catena/domain'
import { aggregate, recordedVerdicts, verdictStream, type Evaluation, type Verdict } from '@catena/governance'
import { decodeDecision, liftDecision, type ManyStreams } from '@catena/ledger'
import type { Reads } from './slots.js'

/** The verdict on a credential, and which controls failed. Nobody judged it: unknown. */
export interface VerdictAt {
  readonly verdict: Verdict
  readonly failed: readonly string[]
}
export const NOT_JUDGED: VerdictAt = { verdict: 'unknown', failed: [] }

export type VerdictsOf = (credentials: readonly string[]) => Promise<ReadonlyMap<string, VerdictAt>>

/** As recorded up to a position. */
export function recordedAt(streams: Pick<ManyStreams, 'readStreams'>, position: number): VerdictsOf {
  return async (credentials) => {
    const found = await streams.readStreams(credentials.map(verdictStream))
    return new Map(
      credentials.flatMap((id): [string, VerdictAt][] => {
        const events = (found.get(verdictStream(id)) ?? []).filter((event) => event.position <= position)
        const history = events.flatMap((event) => decodeDecision(event) ?? [])
        if (history.length === 0) return []
        const { verdicts } = fold(
          recordedVerdicts,
          history.map((decision) => liftDecision(recordedVerdicts, decision)),
        )
        return [[id, verdictOf(Object.entries(verdicts).map(([control, { verdict }]) => ({ control, verdict })))]]
      }),
    )
  }
}

/**
 * The same from the rows of now, inside one snapshot: right for every credential that is judged up to date and of which nothing was recorded
 * behind the position; of the others the records are read.
 */
export async function judgedNow(reads: Reads, streams: Pick<ManyStreams, 'readStreams'>, position: number): Promise<VerdictsOf> {
  const moved = await reads.query<{ stream: string }>(
    `SELECT DISTINCT stream FROM event WHERE position > $1 AND type = 'VerdictChanged'`,
    [position],
  )
  const later = new Set(moved.rows.map(({ stream }) => stream))
  return async (credentials) => {
    const { rows } = await reads.query<{ credential: string; results: Evaluation['results'] }>({
      name: 'review-verdicts',
      text: `SELECT replace(e.credential::text, '-', '') AS credential, e.body -> 'results' AS results FROM governance.evaluation e
        WHERE e.credential = ANY($1::uuid[]) AND NOT EXISTS (SELECT FROM governance.stale_credential s WHERE s.credential = e.credential)`,
      values: [credentials],
    })
    const sure = rows.filter(({ credential }) => !later.has(verdictStream(credential)))
    const known = new Map(sure.map(({ credential, results }) => [credential, verdictOf(results)]))
    const others = credentials.filter((id) => !known.has(id))
    return others.length === 0 ? known : new Map([...known, ...(await recordedAt(streams, position)(others))])
  }
} // prettier-ignore

function verdictOf(results: readonly { readonly control: string; readonly verdict: Verdict }[]): VerdictAt {
  const failed = results.filter(({ verdict }) => verdict === 'uncontrolled').map(({ control }) => control)
  return { verdict: aggregate(results.map(({ verdict }) => verdict)), failed: failed.sort() }
}
