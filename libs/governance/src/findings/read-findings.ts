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
  const { rows } = await pool.query<{ body: FindingEntry; position: string; rank: string }>(
    `SELECT found.body, found.position, graded.rank
     FROM unnest($7::text[]) WITH ORDINALITY AS graded (severity, rank)
     CROSS JOIN LATERAL (
       SELECT body, position FROM decisions.finding f
       WHERE f.severity = graded.severity AND f.position <= $1 AND (graded.rank > $8 OR (graded.rank = $8 AND f.position < $9))
         AND ($2::text IS NULL OR f.status = $2) AND ($3::text IS NULL OR f.severity = $3)
         AND ($4::text IS NULL OR f.control = $4) AND ($5::uuid IS NULL OR f.credential = $5)
         AND NOT EXISTS (SELECT FROM decisions.finding later
           WHERE later.finding = f.finding AND later.position > f.position AND later.position <= $1)
       ORDER BY f.position DESC LIMIT $6) AS found
     ORDER BY graded.rank, found.position DESC LIMIT $6`,
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
  return rows.map((row) => ({ entry: row.body, place: [Number(row.rank), Number(row.position)] as const }))
}
