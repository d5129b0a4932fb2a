import { formatInstant, notAFormula } from '@catena/domain'
import { accessorName } from '../population/identity.js'
import type { ItemFacts } from './item-facts.js'

const COLUMNS = [
  'number', 'item', 'subject', 'system', 'container', 'path', 'accessor', 'accessor kind', 'grant', 'chain', 'verdict', 'last used', 'uses', 'owner',
  'recommended', 'why recommended', 'risk', 'status', 'outcome', 'reviewers', 'votes', 'reasons', 'late', 'impeached', 'ordered', 'verified',
  'regressions', 'evidence hash',
] as const // prettier-ignore

export function csvHead(): string {
  return line(COLUMNS)
}

/** One item. What programs that show tables would run as a formula is marked as text. */
export function csvLine({ item, state, votes, orderedAt, verifiedAt, regressions }: ItemFacts): string {
  const { access, recommendation } = item
  return line([
    item.number, item.id, item.subject, access.credential.system, access.credential.container, access.credential.path, accessorName(access.accessor),
    access.accessor.kind, access.grant?.id ?? 'none', access.chain, access.verdict, time(access.lastUsedAt), access.uses, item.owner ?? '',
    recommendation.decision, recommendation.reason, item.risk, state.status, 'outcome' in state ? state.outcome.kind : '', state.reviewers.join(' '),
    votes.map(({ reviewer, decision, at }) => `${reviewer} ${decision.kind} ${formatInstant(at)}`).join('; '), votes.map(({ reason }) => reason).join('; '),
    votes.some(({ isLate }) => isLate) ? 'yes' : 'no', state.isImpeached ? 'yes' : 'no', time(orderedAt), time(verifiedAt), regressions, item.evidenceHash,
  ]) // prettier-ignore
}

function time(at: number | undefined): string {
  return at === undefined ? '' : formatInstant(at)
}

function line(values: readonly (string | number)[]): string {
  return `${values.map(cell).join(',')}\r\n`
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = notAFormula(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
