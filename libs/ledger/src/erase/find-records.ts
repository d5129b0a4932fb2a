import type pg from 'pg'

/** Positions of the records of these ids (hex), also of those that stand in files; unknown ids are left out. */
export async function findRecords(pool: pg.Pool, recordIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ id: string; position: string }>(
    `SELECT encode(record_id, 'hex') AS id, position FROM source_key
     WHERE record_id = ANY(SELECT decode(id, 'hex') FROM unnest($1::text[]) AS id)`,
    [recordIds],
  )
  return new Map(rows.map(({ id, position }) => [id, Number(position)]))
}
