import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** Longest wait for a view: an answer after a command is then given from what the view holds. */
export const VIEW_WAIT_MAX_MS = 2_000
const LOOK_EVERY_MS = 10

/**
 * Waits until the view has folded the position, so that who decided sees it in the next list. False: it did not within the time, for
 * instance because no projector runs.
 */
export async function waitForView(
  pool: pg.Pool,
  name: string,
  position: number,
  timeoutMs = VIEW_WAIT_MAX_MS,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const { rows } = await pool.query<{ position: string }>({
      name: 'decision-view-position',
      text: 'SELECT position FROM decisions.view WHERE name = $1',
      values: [name],
    })
    if (Number(rows[0]?.position ?? 0) >= position) return true
    if (performance.now() >= deadline) return false
    await sleep(LOOK_EVERY_MS)
  }
}
