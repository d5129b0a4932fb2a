import { csvRow, formatInstant } from '@catena/domain'
import { accessorKeys, accessorName } from '../population/identity.js'
import type { ItemFacts } from './item-facts.js'

const COLUMNS = [
  'number', 'item', 'subject', 'system', 'container', 'path', 'accessor', 'accessor kind', 'grant', 'chain', 'verdict', 'last used', 'uses', 'owner',
  'recommended', 'why recommended', 'risk', 'status', 'outcome', 'reviewers', 'votes', 'reasons', 'late', 'impeached', 'ordered', 'verified',
  'regressions', 'evidence hash', 'comments', 'records', 'accessor keys',
] as const // prettier-ignore

export function csvHead(): string {
  return csvRow(COLUMNS)
}

/** One item. What programs that show tables would run as a formula is marked as text. */
export function csvLine({ item, state, votes, orderedAt, verifiedAt, regressions }: ItemFacts): string {
  const { access, recommendation } = item
  return csvRow([
    item.number, item.id, item.subject, access.credential.system, access.credential.container, access.credential.path, accessorName(access.accessor),
    access.accessor.kind, access.grant?.id ?? 'none', access.chain, access.verdict, time(access.lastUsedAt), access.uses, item.owner ?? '',
    recommendation.decision, recommendation.reason, item.risk, state.status, 'outcome' in state ? state.outcome.kind : '', state.reviewers.join(' '),
    votes.map(({ reviewer, decision, at }) => `${reviewer} ${decision.kind} ${formatInstant(at)}`).join('; '), votes.map(({ reason }) => reason).join('; '),
    votes.some(({ isLate }) => isLate) ? 'yes' : 'no', state.isImpeached ? 'yes' : 'no', time(orderedAt), time(verifiedAt), regressions, item.evidenceHash,
    (state.comments ?? []).map(({ by, at, text }) => `${by} ${formatInstant(at)}: ${text}`).join('; '), access.evidence.join(' '), accessorKeys(access.accessor).join(' '),
  ]) // prettier-ignore
}

function time(at: number | undefined): string {
  return at === undefined ? '' : formatInstant(at)
}
