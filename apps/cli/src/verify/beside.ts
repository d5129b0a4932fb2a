import type { LookedAt } from '@catena/ledger'
import { verifyVerdicts } from '@catena/governance'
import { asDatabaseError, createPool } from '@catena/platform'
import { verifySeals } from '@catena/recertification'
import type { Instance } from '@catena/runtime'
import { verifyFeed } from '@catena/siem'

/** What stands beside the ledger and was looked at; a part that was not asked for is absent. */
export interface BesideLedger {
  readonly feed?: LookedAt
  readonly campaigns?: LookedAt
  readonly verdicts?: LookedAt
}

/** Feed and campaigns with the whole ledger, verdicts with the read models. */
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
    }
  } catch (error) {
    throw asDatabaseError(error, databaseUrl)
  } finally {
    await pool.end()
  }
}
