import type { Instant, Key } from '@catena/domain'
import type { DecisionKind, ItemStatus } from '@catena/recertification'
import { Extensions, Field, InputType, Int, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { DateTime, JsonScalar, KeyScalar, Position } from '../scalars/index.js'

export const ItemStatuses = declareEnum<ItemStatus>('ReviewItemStatus', 'Where a review item stands.', {
  pending: 'It waits: nobody is eligible, or its next stage has not begun.',
  assigned: 'Its reviewers have to decide.',
  escalated: 'It is overdue, and more or other reviewers have to decide.',
  drifted: 'The access changed since it was frozen: it has to be decided anew.',
  decided: 'Votes say what it comes to; they may still be superseded.',
  'outcome set': 'What it comes to is fixed.',
  remediating: 'An order was given.',
  'apply failed': 'The order could not be carried out.',
  applied: 'Somebody says that it was carried out.',
  verified: 'The ledger shows that it was, and silence after it.',
  regressed: 'The access came back.',
  closed: 'Done.',
  'expired unreviewed': 'Nobody answered. It certifies nothing.',
  moot: 'The access is gone, by an event of the ledger.',
  superseded: 'Another item took its place.',
})
export const DecisionKinds = declareEnum<DecisionKind>('ReviewDecisionKind', 'What a reviewer says.', {
  revoke: 'The access must end.',
  modify: 'It may stay, narrowed.',
  exception: 'It breaks a rule, and is tolerated for a time.',
  certify: 'It is needed as it is.',
  abstain: 'No judgement.',
})

@ObjectType({ description: 'One vote on a review item, with what it was made on.' })
export class ReviewVote {
  @Field(() => KeyScalar, { description: 'Who voted.' })
  readonly reviewer!: Key

  @Field(() => [KeyScalar], { description: 'In whose place, the assigned reviewer first; they stay accountable.' })
  readonly inPlaceOf!: Key[]

  @Field(() => DecisionKinds, { description: 'What was decided.' })
  readonly kind!: DecisionKind

  @Field(() => JsonScalar, { description: 'The whole decision: scope, end, compensating controls.' })
  readonly decision!: unknown

  @Field(() => String, { description: 'Why.' })
  readonly reason!: string

  @Field(() => Int, { description: 'In which stage, from 0.' })
  readonly stage!: number

  @Field(() => Boolean, { description: 'After the end of the stage, within the grace.' })
  readonly isLate!: boolean

  @Field(() => Boolean, { description: 'The reviewer had left by then, as the directory has it.' })
  readonly isAfterLeaving!: boolean

  @Field(() => String, { description: 'Hash of the evidence it was made on.' })
  readonly evidenceHash!: string

  @Field(() => DateTime, { description: 'When it was cast.' })
  readonly at!: Instant
}

@ObjectType({ description: 'What somebody said of a review item without deciding it.' })
export class ReviewComment {
  @Field(() => KeyScalar, { description: 'Who.' })
  readonly by!: Key

  @Field(() => String, { description: 'What.' })
  readonly text!: string

  @Field(() => DateTime, { description: 'When.' })
  readonly at!: Instant
}

@ObjectType({ description: 'A failure that somebody accepted for a time.' })
export class ReviewedException {
  @Field(() => String, { description: 'Its id.' })
  readonly id!: string

  @Field(() => String, { description: 'Why it was needed: no-granular-roles, vendor-portal, legacy-batch, accepted-risk.' })
  readonly kind!: string

  @Field(() => [String], { description: 'Ids of the controls that it excuses.' })
  readonly controls!: readonly string[]

  @Field(() => DateTime, { description: 'When it ends.' })
  readonly until!: Instant

  @Field(() => String, { nullable: true, description: 'What could be reached by misuse, as it was declared; null: nobody said.' })
  readonly blastRadius!: string | null
} // prettier-ignore

@ObjectType({ description: 'A copy of a credential outside its slot, as somebody declared it.' })
export class ReviewedCopy {
  @Field(() => String, { description: 'Kind of place: vault, ci-variable, runtime, code, configuration-file, image, ticket, chat, mail, connector, laptop.' })
  readonly kind!: string

  @Field(() => String, { description: 'Where.' })
  readonly place!: string

  @Field(() => Int, { nullable: true, description: 'Which version; null: nobody said.' })
  readonly version!: number | null
} // prettier-ignore

@ObjectType({ description: 'What became known after the seal of a campaign and speaks against what was decided.' })
export class SinceSealStatement {
  @Field(() => String, { description: 'What it is about: chain, uses, last use, started by, approved by, accessor, reviewer, came back.' })
  readonly about!: string

  @Field(() => String, { description: 'What, in words.' })
  readonly why!: string

  @Field(() => DateTime, { description: 'When it was seen.' })
  readonly at!: Instant

  @Field(() => Position, { description: 'Entry of the ledger up to which records had been read when it was seen.' })
  readonly position!: number
} // prettier-ignore

@Extensions({ evidence: 'id' })
@ObjectType({ description: 'One access in one campaign, with its evidence as it was frozen.' })
export class ReviewItem {
  @Field(() => String, { description: 'Opaque.' })
  readonly id!: string

  @Field(() => String, { description: 'The campaign.' })
  readonly campaign!: string

  @Field(() => String, { nullable: true, description: 'What the campaign is called; null: lists do not know of it yet.' })
  readonly campaignName!: string | null

  @Field(() => String, { description: 'Equal for the same access in every campaign.' })
  readonly subject!: string

  @Field(() => ItemStatuses, { description: 'Where it stands.' })
  readonly status!: ItemStatus

  @Field(() => DateTime, { nullable: true, description: 'Until when its stage is asked; what comes later is late. Null: its campaign was not launched.' })
  readonly dueAt!: Instant | null

  @Field(() => Int, { description: 'Hand it back as `saw` when deciding: who decided meanwhile is then not overlooked.' })
  readonly revision!: number

  @Field(() => [String], { description: 'What changed materially since the freeze, oldest first, in words: the evidence here is as it was frozen. Empty: nothing that is known.' })
  readonly changedSince!: readonly string[]

  @Field(() => String, { description: 'The credential, by the names of its source.' })
  readonly credential!: string

  @Field(() => String, { description: 'Id of the credential.' })
  readonly credentialId!: string

  @Field(() => String, { description: 'Who has the access, as far as the records carry.' })
  readonly accessor!: string

  @Field(() => String, { description: 'Kind of accessor: person, workload, shared, ambiguous, unknown.' })
  readonly accessorKind!: string

  @Field(() => String, { description: 'How far the chain carries: proven, inferred, ambiguous, missing.' })
  readonly chain!: string

  @Field(() => String, { description: 'The weakest link in words.' })
  readonly weakest!: string

  @Field(() => DateTime, { nullable: true, description: 'Last success, as known at the cut.' })
  readonly lastUsedAt!: Instant | null

  @Field(() => Int, { description: 'Successes, as known at the cut.' })
  readonly uses!: number

  @Field(() => String, { nullable: true, description: 'Network address of the newest attempt, successful or not, as its record has it; null: it has none.' })
  readonly lastFrom!: string | null

  @Field(() => [String], { description: 'Sources that recorded what was obtained, as known at the cut.' })
  readonly recordedBy!: readonly string[]

  @Field(() => String, { nullable: true, description: 'What the credential is for, as somebody declared; null: nobody did.' })
  readonly purpose!: string | null

  @Field(() => [ReviewedException], { description: 'Exceptions of the credential that were in force when it was frozen; empty: none was on record.' })
  readonly exceptions!: ReviewedException[]

  @Field(() => [ReviewedCopy], { description: 'Copies that somebody declared; empty: nobody did, which does not say that there are none.' })
  readonly copies!: ReviewedCopy[]

  @Field(() => KeyScalar, { nullable: true, description: 'Owner of the credential at the cut; null: nobody is on record.' })
  readonly owner!: Key | null

  @Field(() => String, { description: 'What the evidence speaks for: certify, revoke, modify, or look.' })
  readonly recommendation!: string

  @Field(() => String, { description: 'Why.' })
  readonly recommendationReason!: string

  @Field(() => Int, { description: '0 to 100; a reviewer’s work is ordered by it.' })
  readonly risk!: number

  @Field(() => String, { description: 'Items of one class rest on evidence of one kind, and may be decided together.' })
  readonly evidenceClass!: string

  @Field(() => String, { description: 'SHA-256 of the evidence as it was frozen.' })
  readonly evidenceHash!: string

  @Field(() => [Position], { description: 'Entries of the ledger behind the newest use.' })
  readonly positions!: number[]

  @Field(() => JsonScalar, { description: 'The whole access as it was frozen.' })
  readonly access!: unknown

  @Field(() => [KeyScalar], { description: 'Who has to decide now.' })
  readonly reviewers!: Key[]

  @Field(() => [KeyScalar], { description: 'To whom it was handed over, in order; whoever handed it over stays accountable, and may still decide.' })
  readonly handedTo!: Key[]

  @Field(() => JsonScalar, { description: 'Whom a rule named and why they do not review.' })
  readonly notReviewers!: unknown

  @Field(() => String, { nullable: true, description: 'Why nobody could review it when it was frozen, or can now; null: somebody could, and can.' })
  readonly blockedBecause!: string | null

  @Field(() => [ReviewVote], { description: 'All votes in order; a later one of the same reviewer supersedes, and both stay.' })
  readonly votes!: ReviewVote[]

  @Field(() => [ReviewComment], { description: 'What was said of it without deciding, in order.' })
  readonly comments!: readonly ReviewComment[]

  @Field(() => JsonScalar, { nullable: true, description: 'What it comes to, once votes say so.' })
  readonly outcome!: unknown

  @Field(() => String, { nullable: true, description: 'Campaign whose votes on the same access set the outcome here too; null: its own.' })
  readonly adoptedFrom!: string | null

  @Field(() => Boolean, { description: 'Evidence that came later contradicts what was decided.' })
  readonly isImpeached!: boolean

  @Field(() => [SinceSealStatement], { description: 'What speaks against it since the seal of the campaign, in order; it changes neither decision nor report.' })
  readonly sinceSeal!: SinceSealStatement[]
} // prettier-ignore

@ObjectType({ description: 'A page of review items.' })
export class ReviewItemConnection extends connectionTypeOf('ReviewItem', 'review items', () => ReviewItem) {}

@InputType({ description: 'What a reviewer decides.' })
export class ReviewDecisionInput {
  @Field(() => DecisionKinds, { description: 'What.' })
  readonly kind!: DecisionKind

  @Field(() => [String], { nullable: true, description: 'MODIFY: what remains of the scope.' })
  readonly scope?: string[] | null

  @Field(() => DateTime, { nullable: true, description: 'MODIFY and EXCEPTION: when it ends.' })
  readonly until?: Instant | null

  @Field(() => [String], { nullable: true, description: 'EXCEPTION: what is done instead.' })
  readonly compensatingControls?: string[] | null
}

@InputType({ description: 'The reason for one item of a bulk decision.' })
export class ItemReasonInput {
  @Field(() => String, { description: 'The item.' })
  readonly item!: string

  @Field(() => String, { description: 'Its reason.' })
  readonly reason!: string
}

@InputType({ description: 'Which revision of one item was seen.' })
export class ItemRevisionInput {
  @Field(() => String, { description: 'The item.' })
  readonly item!: string

  @Field(() => Int, { description: 'Its `revision`.' })
  readonly revision!: number
}

@ObjectType({ description: 'Review items as they stand after a command.' })
export class ReviewItemsChanged {
  @Field(() => [ReviewItem], { description: 'The items.' })
  readonly items!: ReviewItem[]
}

export const ReviewItemsResult = resultUnion('ReviewItemsResult', () => ReviewItemsChanged)
