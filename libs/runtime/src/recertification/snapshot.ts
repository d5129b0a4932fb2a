import { sharingView, stewardshipView, summaryStand } from '@catena/governance'
import { pause, waitForView } from '@catena/projections'
import type pg from 'pg'

/** Longest wait until the summaries have reached what the index shows: behind for longer, chains are walked. */
const SUMMARY_WAIT_MAX_MS = 5_000
const LOOK_EVERY_MS = 50

/** One state of the read models, held by a transaction. */
export interface Snapshot {
  readonly client: pg.ClientBase
  /** Of the summaries in it. */
  readonly position: number
}

/** Work of each pool that goes on: one after the other, so that those at work never wait for each other's connections. */
const turns = new WeakMap<pg.Pool, Promise<unknown>>()

export function inTurn<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(pool) ?? Promise.resolve()).then(work, work)
  turns.set(
    pool,
    turn.catch(() => undefined),
  )
  return turn
}

/** Undefined: the summaries were never made, or stay behind the index. */
export async function withSnapshot<T>(pool: pg.Pool, reached: () => Promise<number>, work: (snapshot: Snapshot | undefined) => Promise<T>): Promise<T> {
  if (!(await caughtUp(pool, await reached()))) return work(undefined)
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query('SET LOCAL statement_timeout = 0')
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0')
    const stand = await summaryStand(client)
    return await work(stand === undefined ? undefined : { client, position: stand.position })
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
} // prettier-ignore

async function caughtUp(pool: pg.Pool, position: number): Promise<boolean> {
  const deadline = performance.now() + SUMMARY_WAIT_MAX_MS
  for (;;) {
    const stand = await summaryStand(pool)
    if (stand === undefined || performance.now() > deadline) return false
    if (stand.position >= position) return decisionsShown(pool, position)
    await pause(LOOK_EVERY_MS, AbortSignal.timeout(SUMMARY_WAIT_MAX_MS))
  }
}

/** Grants and declarations are read from views, which must not lag behind the cut. */
async function decisionsShown(pool: pg.Pool, position: number): Promise<boolean> {
  for (const { name } of [stewardshipView, sharingView]) await waitForView(pool, name, position)
  return true
}
