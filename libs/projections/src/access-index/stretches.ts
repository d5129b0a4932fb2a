import type { Instant } from '@catena/domain'
import type pg from 'pg'
import { MAX_US } from './rows.js'

/** A stretch of time; both ends belong to it. Undefined: as early or as late as may be. */
export interface Stretch {
  readonly from?: Instant
  readonly to?: Instant
}

const BEGIN_OF = `SELECT occurred_us FROM access_fact WHERE retrieval AND occurred_us <= $1::bigint ORDER BY occurred_us DESC
  OFFSET $2::int LIMIT 1`

/**
 * Stretches of time that hold about `size` retrievals each, newest first. All of them together hold every moment once, so that whoever lists them
 * one by one, in any order, has every retrieval that does not change its time meanwhile. Retrievals that came after a cut are counted too: a stretch
 * may hold fewer than `size` of it.
 */
export async function* everyStretch(pool: Pick<pg.Pool, 'query'>, size: number): AsyncGenerator<Stretch, undefined> {
  for (let toUs: number | undefined; ;) {
    const { rows } = await pool.query<{ occurred_us: string }>({ name: 'access-stretch', text: BEGIN_OF, values: [toUs ?? MAX_US, size - 1] }) // prettier-ignore
    const to = toUs === undefined ? {} : { to: toUs / 1000 }
    const [first] = rows
    if (first === undefined) {
      yield to
      return undefined
    }
    const fromUs = Number(first.occurred_us)
    yield { from: fromUs / 1000, ...to }
    toUs = fromUs - 1
  }
}
