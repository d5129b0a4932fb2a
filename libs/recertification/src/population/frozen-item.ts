import { hash } from 'node:crypto'
import { canonicalJson, type Instant, type Json, type Key } from '@catena/domain'
import type { AccessRow } from '../ports/access-summary.js'
import { itemId, subjectOf } from './identity.js'
import { recommend, type Recommendation } from './recommend.js'
import { evidenceClass, riskOf } from './risk.js'

/** A review item as it was frozen. Never changes; what happens to it stands in its stream. */
export interface FrozenItem {
  readonly id: string
  readonly campaign: string
  /** Place in the population, from 1. */
  readonly number: number
  /** Equal for the same access in every campaign. */
  readonly subject: string
  readonly access: AccessRow
  readonly recommendation: Recommendation
  readonly risk: number
  readonly evidenceClass: string
  /** True: the scope could not tell, so the item is in. */
  readonly isUncertain: boolean
  readonly owner: Key | undefined
  /** The directory had the owner as left or disabled. */
  readonly ownerLeft?: true
  /** Of the first stage. Empty: nobody was eligible, and the item is blocked. */
  readonly reviewers: readonly Key[]
  /** Why somebody whom a rule named does not review. */
  readonly notReviewers: readonly { readonly person: Key; readonly why: string }[]
  /** SHA-256 over what the reviewer sees, as computed at the cut. */
  readonly evidenceHash: string
}

export type Assignment = Pick<FrozenItem, 'owner' | 'reviewers' | 'notReviewers'>

export interface FreezeContext {
  readonly campaign: string
  /** Time as of which the scope and the recommendations speak. */
  readonly at: Instant
}

export function freezeItem(
  { campaign, at }: FreezeContext,
  number: number,
  access: AccessRow,
  more: Assignment & Pick<FrozenItem, 'ownerLeft'> & { readonly hasLeft: boolean | undefined; readonly isUncertain: boolean }, // prettier-ignore
): FrozenItem {
  const { hasLeft, ...assigned } = more
  const recommendation = recommend(access, at, hasLeft)
  const risk = riskOf(access, recommendation)
  const subject = subjectOf(access)
  return {
    id: itemId(campaign, subject),
    campaign,
    number,
    subject,
    access,
    recommendation,
    risk,
    evidenceClass: evidenceClass(access, recommendation, risk),
    evidenceHash: evidenceHash(access, recommendation),
    ...assigned,
  }
}

/** Rebuilding the evidence at the same cut gives the same hash. */
export function evidenceHash(access: AccessRow, recommendation: Recommendation): string {
  return hash('sha256', canonicalJson([access, recommendation] as unknown as Json), 'hex')
}
