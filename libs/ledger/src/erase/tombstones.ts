import type pg from 'pg'
import { ERASURE_STREAM_PREFIX, positionsNamedBy, TOMBSTONE_TYPE } from './erasure.js'

/** Positions that tombstones name. Grows with what was erased, not with the ledger. */
export class Tombstones {
  private readonly named = new Set<number>()
  private read = 0

  constructor(private readonly pool: Pick<pg.ClientBase, 'query'>) {}

  /** Positions of which no tombstone speaks. Tombstones may be appended while the verification runs, so it looks again. */
  async unnamed(positions: readonly number[]): Promise<number[]> {
    const open = positions.filter((position) => !this.named.has(position))
    if (open.length === 0) return []
    await this.follow()
    return open.filter((position) => !this.named.has(position))
  }

  /** Does a tombstone that was read name it? */
  names(position: number): boolean {
    return this.named.has(position)
  }

  /** Reads those that were appended since. */
  async follow(): Promise<void> {
    const { rows } = await this.pool.query<{ position: string; payload: Buffer | null }>(
      `SELECT position, payload FROM event
       WHERE starts_with(stream, $2) AND stream_version IS NOT NULL AND type = $3 AND position > $1 ORDER BY position`,
      [this.read, ERASURE_STREAM_PREFIX, TOMBSTONE_TYPE],
    )
    for (const { position, payload } of rows) {
      this.read = Number(position)
      for (const named of positionsNamedBy(payload ?? undefined)) this.named.add(named)
    }
  }
}
