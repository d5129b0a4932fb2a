import type pg from 'pg'

type Reads = Pick<pg.Pool, 'query'>

/** Position up to which a part that follows decisions has come; 0 where it never began. */
export async function followedTo(pool: Reads, name: string): Promise<number> {
  return (await followerAt(pool, name)) ?? 0
}

/** Undefined: it never began. */
export async function followerAt(pool: Reads, name: string): Promise<number | undefined> {
  const { rows } = await pool.query<{ position: string }>('SELECT position FROM governance.review_follower WHERE name = $1', [name]) // prettier-ignore
  return rows[0] === undefined ? undefined : Number(rows[0].position)
}

export async function moveFollower(pool: Reads, name: string, position: number): Promise<void> {
  await pool.query(
    `INSERT INTO governance.review_follower VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET position = greatest(governance.review_follower.position, excluded.position)`,
    [name, position],
  )
}
