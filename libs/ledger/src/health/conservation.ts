import type pg from 'pg'

/** What became of everything that one lane brought; `direct` is the lane of HTTP. */
export interface LaneAccount {
  readonly lane: string
  readonly read: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  readonly holes: number
  /** Of Kafka lanes: offsets consumed. Of files offsets are bytes, which no record counts. */
  readonly offsets: number | undefined
  /** Read and neither stored, duplicate nor quarantined; negative: more than was read. 0: the law holds. */
  readonly missingRecords: number
  /** Of Kafka lanes: offsets consumed that are neither read nor holes. */
  readonly missingOffsets: number | undefined
}

/** The conservation law over everything, in one snapshot. */
export interface Conservation {
  readonly lanes: readonly LaneAccount[]
  /** Events that are neither a record counted as stored, nor one released from quarantine, nor a decision. */
  readonly missingEvents: number
  readonly head: number
  readonly holds: boolean
}

/** A statement sees one snapshot, so that batches which commit meanwhile break nothing. */
const ACCOUNTS = `
SELECT lane, coalesce(read, 0) AS read, coalesce(stored, 0) AS stored, coalesce(duplicates, 0) AS duplicates,
  coalesce(quarantined, 0) AS quarantined, coalesce(holes, 0) AS holes,
  CASE WHEN lane LIKE 'kafka:%' THEN next - first END AS offsets,
  (SELECT position FROM ledger_head) AS head,
  (SELECT coalesce(sum(stored), 0) FROM intake) + (SELECT coalesce(sum(version), 0) FROM stream_head)
    + (SELECT count(*) FROM quarantine_release WHERE outcome = 'stored') AS expected
FROM (
  SELECT lane, sum(read) AS read, sum(stored) AS stored, sum(duplicates) AS duplicates, sum(quarantined) AS quarantined
  FROM intake GROUP BY lane
) AS counted FULL JOIN lane USING (lane)
RIGHT JOIN (VALUES (1)) AS always (here) ON true
ORDER BY lane`

type Row = Record<'read' | 'stored' | 'duplicates' | 'quarantined' | 'holes' | 'head' | 'expected', string> & {
  readonly lane: string | null
  readonly offsets: string | null
}

export async function readConservation(pool: pg.Pool): Promise<Conservation> {
  const { rows } = await pool.query<Row>(ACCOUNTS)
  const head = Number(rows[0]?.head ?? 0)
  const lanes = rows.flatMap(({ lane, offsets, ...counts }) =>
    lane === null
      ? []
      : [
          accountOf(lane, offsets === null ? undefined : Number(offsets), {
            read: Number(counts.read),
            stored: Number(counts.stored),
            duplicates: Number(counts.duplicates),
            quarantined: Number(counts.quarantined),
            holes: Number(counts.holes),
          }),
        ],
  )
  return conservationOf(lanes, head, head - Number(rows[0]?.expected ?? 0))
}

export function accountOf(
  lane: string,
  offsets: number | undefined,
  counts: Pick<LaneAccount, 'read' | 'stored' | 'duplicates' | 'quarantined' | 'holes'>,
): LaneAccount {
  const { read, stored, duplicates, quarantined, holes } = counts
  return {
    lane,
    ...counts,
    offsets,
    missingRecords: read - stored - duplicates - quarantined,
    missingOffsets: offsets === undefined ? undefined : offsets - read - holes,
  }
}

export function conservationOf(lanes: readonly LaneAccount[], head: number, missingEvents: number): Conservation {
  return { lanes, head, missingEvents, holds: missingEvents === 0 && lanes.every(isConserved) }
}

export function isConserved({ missingRecords, missingOffsets }: LaneAccount): boolean {
  return missingRecords === 0 && (missingOffsets ?? 0) === 0
}
