import type { AccessRow } from '../ports/access-summary.js'
import type { Recommendation } from './recommend.js'

/** 0 to 100; orders a reviewer's work. What nobody recorded counts as half of the worst, never as harmless. */
export function riskOf(row: AccessRow, { decision }: Recommendation): number {
  const privileged = row.privileged === undefined ? 15 : row.privileged ? 30 : 0
  const accessor = { person: 0, workload: 0, ambiguous: 20, shared: 25, unknown: 30 }[row.accessor.kind]
  const chain = { proven: 0, inferred: 5, ambiguous: 10, missing: 15 }[row.chain]
  const verdict = { controlled: 0, exception: 5, unknown: 8, uncontrolled: 15 }[row.verdict]
  return Math.min(100, privileged + accessor + chain + verdict + (decision === 'revoke' ? 10 : 0))
}

/** Items of one class rest on evidence of the same kind: a reviewer may decide them together. */
export function evidenceClass(row: AccessRow, recommendation: Recommendation, risk: number): string {
  const band = risk >= 60 ? 'high' : risk >= 30 ? 'raised' : 'low'
  const grant = row.grant === undefined ? 'no grant' : 'granted'
  return [recommendation.decision, recommendation.rule, row.accessor.kind, row.chain, row.verdict, grant, band].join(
    ' · ',
  )
}
