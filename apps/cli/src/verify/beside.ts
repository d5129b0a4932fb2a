import type { LookedAt, OnLooked } from '@catena/ledger'
import { verifyAccesses, verifyVerdicts, type VerifiedAccesses } from '@catena/governance'
import { asDatabaseError, createPool } from '@catena/platform'
import { verifyDecisionViews } from '@catena/projections'
import { verifySeals } from '@catena/recertification'
import { DECISION_VIEWS, openReader, type Instance } from '@catena/runtime'
import { verifyFeed } from '@catena/siem'
import type { Draw, Part } from './progress.js'

/** What stands beside the ledger and was looked at; a part that was not asked for is absent. */
export interface BesideLedger {
  readonly feed?: LookedAt
  readonly campaigns?: LookedAt
  /** What is kept of each retrieval, and their sums, against the walk of the access index. */
  readonly accesses?: VerifiedAccesses
  readonly verdicts?: LookedAt
  /** Decisions, against the lists that are folded from them. */
  readonly decisions?: LookedAt
}

/** Connections that chains are walked by. */
const WALK_CONNECTIONS_MAX = 2

/** Feed and campaigns with the whole ledger, accesses and verdicts with the read models, lists of decisions with all of them. */
export async function verifyBeside(
  instance: Instance,
  isWhole: boolean,
  extent: 'all' | number | undefined,
  seed: string,
  draw: Draw,
): Promise<BesideLedger> {
  const { databaseUrl, ledger: streams } = instance
  const watch = (part: Part) => watching(draw, part)
  const pool = createPool(databaseUrl, { applicationName: 'catena-verify', max: 1, statementTimeoutMs: 0 })
  try {
    return {
      ...(isWhole
        ? {
            feed: await verifyFeed(pool, watch('feed')),
            campaigns: await verifySeals({ pool, streams }, watch('campaigns')),
          }
        : {}),
      ...(extent === undefined
        ? {}
        : {
            accesses: await verifyAccessesOf(instance, pool, extent, seed, draw),
            verdicts: await verifyVerdicts({ pool, streams }, extent, seed, watch('verdicts')),
          }),
      ...(extent === 'all'
        ? {
            decisions: await verifyDecisionViews({
              databaseUrl,
              log: streams,
              views: DECISION_VIEWS,
              onLooked: watch('lists of decisions'),
            }),
          }
        : {}),
    }
  } catch (error) {
    throw asDatabaseError(error, databaseUrl)
  } finally {
    await pool.end()
  }
}

async function verifyAccessesOf(
  instance: Instance,
  pool: ReturnType<typeof createPool>,
  extent: 'all' | number,
  seed: string,
  draw: Draw,
): Promise<VerifiedAccesses> {
  const { reader, close } = openReader(instance, { connectionsMax: WALK_CONNECTIONS_MAX })
  try {
    const onSums = (done: number): void => draw('sums of accesses', done)
    return await verifyAccesses({ pool, reader }, extent, seed, { onRetrievals: watching(draw, 'accesses'), onSums })
  } finally {
    await close()
  }
}

/** Shows at once what is looked at: some of it takes long before the first of it is done. */
function watching(draw: Draw, part: Part): OnLooked {
  draw(part, 0)
  return (done, of) => draw(part, done, of)
}
