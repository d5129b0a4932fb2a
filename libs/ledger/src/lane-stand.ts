import type pg from 'pg'
import type { LaneStand } from './port.js'

const LANE_STAND = 'SELECT next, content FROM lane WHERE lane = $1'

export async function readLaneStand(pool: pg.Pool, lane: string): Promise<LaneStand | undefined> {
  const { rows } = await pool.query<{ next: string; content: Buffer | null }>(LANE_STAND, [lane])
  return rows[0] && { next: BigInt(rows[0].next), content: rows[0].content ?? undefined }
}
