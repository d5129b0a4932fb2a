import type pg from 'pg'
import type { Verdict } from '../controls/control.js'
import { aggregate } from '../controls/evaluate.js'
import { CROSSWALK, type FrameworkCoverage } from './crosswalk.js'

export interface CoverageNow {
  readonly crosswalkVersion: number
  /** Credentials that were judged. */
  readonly credentials: number
  /** The oldest state of knowledge among the verdicts; absent where nothing was judged. */
  readonly position?: number
  readonly entries: readonly FrameworkCoverage[]
}

/** How far each entry of the frameworks is met by the verdicts that are kept. Credentials of the same verdicts are counted together. */
export async function readCoverage(pool: Pick<pg.Pool, 'query'>): Promise<CoverageNow> {
  const { rows } = await pool.query<Counted>(
    `SELECT verdicts, count(*)::int AS credentials, min(position) AS position FROM (
       SELECT (SELECT jsonb_object_agg(result ->> 'control', result ->> 'verdict') FROM jsonb_array_elements(body -> 'results') result) AS verdicts,
         (body ->> 'position')::bigint AS position
       FROM governance.evaluation) judged GROUP BY verdicts`,
  )
  const positions = rows.map(({ position }) => Number(position))
  return {
    crosswalkVersion: CROSSWALK.version,
    credentials: rows.reduce((sum, { credentials }) => sum + credentials, 0),
    ...(positions.length === 0 ? {} : { position: Math.min(...positions) }),
    entries: CROSSWALK.entries.map((entry) => ({ entry, verdicts: countUnder(entry.controls, rows) })),
  }
}

interface Counted {
  /** Null where no control applies. */
  readonly verdicts: Readonly<Record<string, Verdict>> | null
  readonly credentials: number
  readonly position: string
}

function countUnder(controls: readonly string[], counted: readonly Counted[]): Record<Verdict, number> {
  const counts = { controlled: 0, exception: 0, uncontrolled: 0, unknown: 0 }
  for (const { verdicts, credentials } of counted) {
    const own = controls.flatMap((control) => verdicts?.[control] ?? [])
    if (own.length > 0) counts[aggregate(own)] += credentials
  }
  return counts
}
