import type { LookedAt } from '@catena/ledger'
import { verifyVerdicts } from '@catena/governance'
import { asDatabaseError, createPool } from '@catena/platform'
import { verifyDecisionViews } from '@catena/projections'
import { verifySeals } from '@catena/recertification'
import { DECISION_VIEWS, type Instance } from '@catena/runtime'
import { verifyFeed } from '@catena/siem'

/** What stands beside the ledger and was looked at; a part that was not asked for is absent. */
export interface BesideLedger {
  readonly feed?: LookedAt
  readonly campaigns?: LookedAt
  readonly verdicts?: LookedAt
  /** Decisions, against the lists that are folded from them. */
  readonly decisions?: LookedAt
}

/** Feed and campaigns with the whole ledger, verdicts with the read models, lists of decisions with all of them. */
export async function verifyBeside(
  { databaseUrl, ledger: streams }: Instance,
  isWhole: boolean,
  extent: 'all' | number | undefined,
  seed: string,
): Promise<BesideLedger> {
  const pool = createPool(databaseUrl, { applicationName: 'catena-verify', max: 1, statementTimeoutMs: 0 })
  try {
    return {
      ...(isWhole ? { feed: await verifyFeed(pool), campaigns: await verifySeals({ pool, streams }) } : {}),
      ...(extent === undefined ? {} : { verdicts: await verifyVerdicts({ pool, streams }, extent, seed) }),
      ...(extent === 'all'
        ? { decisions: await verifyDecisionViews({ databaseUrl, log: streams, views: DECISION_VIEWS }) }
        : {}),
    }
  } catch (error) {
    throw asDatabaseError(error, databaseUrl)
  } finally {
    await pool.end()
  }
}
