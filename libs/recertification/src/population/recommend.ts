import type { Instant } from '@catena/domain'
import type { AccessRow } from '../ports/access-summary.js'

/** What the evidence speaks for. `look`: for nothing by itself; somebody has to look. Never `certify` on a guess. */
export interface Recommendation {
  readonly decision: 'certify' | 'revoke' | 'modify' | 'look'
  /** Which rule, stable: part of the evidence class. */
  readonly rule: string
  readonly reason: string
}

const DAY_MS = 86_400_000
/** Unused for longer, an access is recommended for revocation. */
export const UNUSED_DAYS = 90

/** The first rule that applies, worst first. */
export function recommend(row: AccessRow, at: Instant, hasLeft: boolean | undefined): Recommendation {
  const unused = row.lastUsedAt === undefined ? undefined : Math.floor((at - row.lastUsedAt) / DAY_MS)
  if (hasLeft === true) return revoke('left', 'The directory has the accessor as left or disabled.')
  if (row.verdict === 'uncontrolled') return revoke('uncontrolled', `Controls fail: ${row.failedControls.join(', ') || 'see the credential'}.`)
  if (unused === undefined) return revoke('never used', 'No successful use is on record.')
  if (unused > UNUSED_DAYS) return revoke('unused', `${row.uses === 0 ? 'Perhaps last' : 'Last'} used ${unused} days ago.`)
  if (row.uses === 0) return look('perhaps used', `Whether it was ever used is not known; perhaps ${unused} days ago.`)
  if (row.accessor.kind === 'unknown') return look('unknown accessor', `Nobody is known to have made these accesses: ${row.accessor.reason}.`)
  if (row.accessor.kind === 'ambiguous') return look('ambiguous accessor', `${row.accessor.candidates.length} principals fit; none is proven.`)
  if (row.accessor.kind === 'shared') return look('shared identity', 'Many hold this identity; which of them used it is not recorded.')
  if (row.chain !== 'proven' && row.chain !== 'inferred') return look(`chain ${row.chain}`, `The chain is ${row.chain}: ${row.weakest}.`)
  if (row.grant === undefined) return look('no grant', 'No grant is recorded for this access.')
  if (row.grant.until === undefined) return { decision: 'modify', rule: 'endless grant', reason: 'The grant has no end: give it one.' }
  if (row.grant.until < at) return revoke('grant ended', 'The grant has ended.')
  if (row.verdict !== 'controlled') return look(`verdict ${row.verdict}`, `The verdict on the credential is ${row.verdict}.`)
  return { decision: 'certify', rule: `used, ${row.chain}`, reason: `Used ${row.uses} times, last ${unused} days ago, within its grant; the chain is ${row.chain}.` }
} // prettier-ignore

function revoke(rule: string, reason: string): Recommendation {
  return { decision: 'revoke', rule, reason }
}

function look(rule: string, reason: string): Recommendation {
  return { decision: 'look', rule, reason }
}
