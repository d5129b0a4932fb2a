import type pg from 'pg'
import { withoutTimeout } from './check-keys.js'
import type { Finding } from './finding.js'

const ASTRAY = `
SELECT id, quarantine_id, position FROM quarantine_release AS release
WHERE NOT EXISTS (SELECT FROM quarantine AS entry WHERE entry.id = release.quarantine_id)
  OR (position IS NOT NULL AND NOT EXISTS (
    SELECT FROM source_key AS key WHERE key.record_id = release.record_id AND key.position = release.position
  ))
ORDER BY id LIMIT $1`

/** Each release belongs to an entry, and its record is known at the position that it names. */
export async function checkReleases(pool: pg.Pool, max: number): Promise<Finding[]> {
  const { rows } = await withoutTimeout(pool, ASTRAY, [max])
  return (rows as { id: string; quarantine_id: string; position: string | null }[]).map((row) => ({
    kind: 'release-wrong',
    ...(row.position === null ? {} : { position: Number(row.position) }),
    detail: `release ${row.id} of quarantine entry ${row.quarantine_id} names an entry or a record that is not there`,
  }))
}
