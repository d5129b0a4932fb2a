import type { Instant } from '@catena/domain'
import type { ReportFigures } from '../campaign/facts.js'
import { bare } from '../ports/people.js'
import { conflictsOf } from '../reviewers/independence.js'
import { partiesKnown } from '../item/parties.js'
import type { ItemFacts } from './item-facts.js'

const OPEN = new Set(['pending', 'assigned', 'escalated', 'drifted', 'decided'])
const OUTCOMES = { certify: 'certified', revoke: 'revoked', modify: 'modified', exception: 'excepted' } as const

/** Counts items one after another. Every item is in exactly one of the figures that sum to `items`. */
export class FigureCount {
  private readonly counts = {
    items: 0, certified: 0, revoked: 0, modified: 0, excepted: 0, moot: 0, superseded: 0, expired: 0, open: 0, votes: 0, late: 0, afterLeaving: 0,
    selfReviews: 0, conflictsRefused: 0, conflictsFound: 0, neverAssigned: 0, impeached: 0, orders: 0, verified: 0, regressions: 0,
  } // prettier-ignore
  private readonly spans: number[] = []

  /** `hasClosed`: what nobody answered is expired, whether an event says so or not. */
  add(facts: ItemFacts, hasClosed: boolean): void {
    const { counts } = this
    const { item, state, votes, refused, conflictsFound, orderedAt, verifiedAt, regressions } = facts
    counts.items += 1
    counts[placeOf(facts, hasClosed)] += 1
    counts.votes += votes.length
    counts.late += votes.filter(({ isLate }) => isLate).length
    counts.afterLeaving += votes.filter(({ isAfterLeaving }) => isAfterLeaving).length
    counts.selfReviews += votes.filter((vote) => isOwn(facts, vote)).length
    counts.conflictsRefused += refused.filter((code) => code === 'CONFLICT_OF_INTEREST').length
    counts.conflictsFound += conflictsFound
    if (item.reviewers.length === 0 && state.reviewers.length === 0) counts.neverAssigned += 1
    if (state.isImpeached) counts.impeached += 1
    counts.regressions += regressions
    this.addRemediation(orderedAt, verifiedAt)
  }

  /** Items to which nothing happened; `blocked`: those that nobody was eligible to review. */
  addUntouched({ items, blocked }: Readonly<Record<'items' | 'blocked', number>>, hasClosed: boolean): void {
    this.counts.items += items
    this.counts[hasClosed ? 'expired' : 'open'] += items
    this.counts.neverAssigned += blocked
  }

  private addRemediation(orderedAt: Instant | undefined, verifiedAt: Instant | undefined): void {
    if (orderedAt === undefined) return
    this.counts.orders += 1
    if (verifiedAt === undefined) return
    this.counts.verified += 1
    this.spans.push(verifiedAt - orderedAt)
  }

  figures(): ReportFigures {
    const sorted = [...this.spans].sort((a, b) => a - b)
    return { ...this.counts, medianToVerifiedMs: sorted[Math.floor(sorted.length / 2)] }
  }
}

function placeOf({ state }: ItemFacts, hasClosed: boolean): PlaceName {
  if (state.status === 'moot' || state.status === 'superseded') return state.status
  const outcome = 'outcome' in state && state.status !== 'decided' ? state.outcome : undefined
  if (outcome !== undefined) return OUTCOMES[outcome.kind]
  return OPEN.has(state.status) && !hasClosed ? 'open' : 'expired'
}

type PlaceName = 'certified' | 'revoked' | 'modified' | 'excepted' | 'moot' | 'superseded' | 'expired' | 'open'

/** By what is on record with the item, whenever it became known. */
function isOwn({ item, state }: ItemFacts, { reviewer, inPlaceOf }: ItemFacts['votes'][number]): boolean {
  const people = [reviewer, ...inPlaceOf].map(bare)
  return conflictsOf(people, partiesKnown(item, state)).length > 0 || people.some(({ key }) => state.excluded?.includes(key))
} // prettier-ignore
