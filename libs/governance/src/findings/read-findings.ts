import type pg from 'pg'
import type { Severity } from '../controls/control.js'
import { SEVERITIES, type FindingEntry } from './finding-entry.js'

export interface FindingFilter {
  readonly status?: FindingEntry['status'] | undefined
  readonly severity?: Severity | undefined
  readonly control?: string | undefined
  readonly credential?: string | undefined
}

/** As known at a position; gravest first, of one severity the one last heard of first. `after` is severity's rank and position of the last one shown. */
export async function listFindings(
  pool: Pick<pg.Pool, 'query'>,
  position: number,
  { status, severity, control, credential }: FindingFilter,
  page: { readonly after?: readonly [rank: number, position: number] | undefined; readonly limit: number },
): Promise<{ readonly entry: FindingEntry; readonly place: readonly [rank: number, position: number] }[]> {
  const [rank, before] = page.after ?? [0, Number.MAX_SAFE_INTEGER]
  const { rows } = await pool.query<{ body: FindingEntry; position: string; rank: number }>(
    `SELECT body, position, rank FROM (
       SELECT DISTINCT ON (finding) body, position, status, severity, control, credential,
         array_position($7::text[], severity) AS rank
       FROM decisions.finding WHERE position <= $1 ORDER BY finding, position DESC) AS newest
     WHERE ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR severity = $3)
       AND ($4::text IS NULL OR control = $4) AND ($5::uuid IS NULL OR credential = $5)
       AND (rank > $8 OR (rank = $8 AND position < $9) OR $8 = 0)
     ORDER BY rank, position DESC LIMIT $6`,
    [
      position,
      status ?? null,
      severity ?? null,
      control ?? null,
      credential ?? null,
      page.limit,
      SEVERITIES,
      rank,
      before,
    ],
  )
  return rows.map((row) => ({ entry: row.body, place: [row.rank, Number(row.position)] as const }))
}
