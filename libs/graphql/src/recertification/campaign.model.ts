import type { Instant } from '@catena/domain'
import type { CampaignStatus } from '@catena/recertification'
import { Field, Float, Int, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count, DateTime, JsonScalar, KeyScalar, Position } from '../scalars/index.js'

export const CampaignStatuses = declareEnum<CampaignStatus>('CampaignStatus', 'Where a campaign stands.', {
  draft: 'Nothing was decided of it.',
  scheduled: 'It will be launched.',
  populating: 'Its population is being frozen.',
  blocked: 'It cannot be launched: the records are incomplete.',
  ready: 'Its population is frozen.',
  vacuous: 'Its scope selected nothing: an end, and no pass.',
  active: 'Reviewers decide.',
  paused: 'No decisions are taken for now.',
  closing: 'Time is up, or everything is answered; it waits for its sign-off.',
  remediating: 'What was decided is being carried out.',
  verifying: 'What was carried out is being verified from the ledger.',
  sealed: 'Figures and report are fixed.',
  reiterated: 'A later campaign asks again what nobody answered.',
  voided: 'Two people declared it void; nothing of it is deleted.',
})

@ObjectType({ description: 'One run of a campaign definition over a frozen population.' })
export class Campaign {
  @Field(() => String, { description: 'Its id.' })
  readonly id!: string

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string

  @Field(() => CampaignStatuses, { description: 'Where it stands.' })
  readonly status!: CampaignStatus

  @Field(() => String, { description: 'Why it is blocked, paused or void; else empty.' })
  readonly why!: string

  @Field(() => String, { description: 'The definition.' })
  readonly definitionId!: string

  @Field(() => String, { description: 'The occurrence of the schedule, or what else began it.' })
  readonly cause!: string

  @Field(() => [String], { description: 'What happened to the accesses that a micro-certification asks about; empty of any other campaign.' })
  readonly triggers!: readonly string[]

  @Field(() => Int, { description: 'Version of the definition that it was begun with, and keeps.' })
  readonly definitionVersion!: number

  @Field(() => String, { description: 'The scope, as text.' })
  readonly scope!: string

  @Field(() => Count, { nullable: true, description: 'Items that were frozen.' })
  readonly items!: number | null

  @Field(() => Count, { nullable: true, description: 'Items for which nobody was eligible.' })
  readonly blockedItems!: number | null

  @Field(() => Count, { nullable: true, description: 'Items that are in because nobody recorded whether the scope selects them.' })
  readonly uncertainItems!: number | null

  @Field(() => String, { nullable: true, description: 'Hash of the population: the same scope, position and time give it again.' })
  readonly populationHash!: string | null

  @Field(() => Position, { nullable: true, description: 'Position of the ledger at which the population was frozen.' })
  readonly frozenAt!: number | null

  @Field(() => JsonScalar, { nullable: true, description: 'The completeness certificate: per source what was heard, gaps and caveats.' })
  readonly certificate!: unknown

  @Field(() => Int, { nullable: true, description: 'The stage that is open, from 0.' })
  readonly stage!: number | null

  @Field(() => DateTime, { nullable: true, description: 'When the last stage ends.' })
  readonly dueAt!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Until when late decisions are accepted.' })
  readonly graceUntil!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Until when what becomes known is compared with what was decided; null: it is not sealed.' })
  readonly watchUntil!: Instant | null

  @Field(() => Position, { nullable: true, description: 'Entry of the ledger up to which it was compared; null: it still is, or is not sealed.' })
  readonly watchedTo!: number | null
} // prettier-ignore

@ObjectType({ description: 'How much one reviewer would have to decide.' })
export class ReviewerLoad {
  @Field(() => KeyScalar, { description: 'The reviewer.' })
  readonly reviewer!: string

  @Field(() => Count, { description: 'Items.' })
  readonly items!: number

  @Field(() => Count, { description: 'Classes of evidence: decisions it comes to where items are decided together.' })
  readonly classes!: number
}

@ObjectType({ description: 'What a campaign would ask, and of whom; nothing is written.' })
export class CampaignDryRun {
  @Field(() => Count, { description: 'Items.' })
  readonly items!: number

  @Field(() => String, { description: 'Hash of the population.' })
  readonly hash!: string

  @Field(() => Count, { description: 'Items that are in because nobody recorded whether the scope selects them.' })
  readonly uncertain!: number

  @Field(() => Count, { description: 'Items of credentials without an owner on record.' })
  readonly orphans!: number

  @Field(() => Count, { description: 'Items for which nobody is eligible.' })
  readonly blocked!: number

  @Field(() => Count, { description: 'Times that a rule named somebody who may not review.' })
  readonly conflicts!: number

  @Field(() => [ReviewerLoad], { description: 'Per reviewer, most items first.' })
  readonly load!: ReviewerLoad[]

  @Field(() => JsonScalar, { description: 'The completeness certificate.' })
  readonly certificate!: unknown
}

@ObjectType({ description: 'A definition that was kept.' })
export class CampaignDefined {
  @Field(() => String, { description: 'Its id.' })
  readonly id!: string
}

@ObjectType({ description: 'One campaign as the ledger tells of it: what it was, what happened to it, what it came to, and how it was reviewed.' })
export class CampaignReport {
  @Field(() => Campaign, { description: 'The campaign.' })
  readonly campaign!: Campaign

  @Field(() => Position, { description: 'Last entry of the ledger that is in it.' })
  readonly position!: number

  @Field(() => JsonScalar, { description: 'What happened to the campaign itself, in order: what, when, by whom, why, and where in the ledger.' })
  readonly steps!: unknown

  @Field(() => JsonScalar, { description: 'Counts: outcomes, which sum to the items; votes, late ones, self-reviews, refused conflicts; orders, verified, regressions.' })
  readonly figures!: unknown

  @Field(() => Count, { description: 'Since the seal: items against whose decision something speaks that became known after it. `campaignItems(sinceSeal: true)` lists them. In no figure of the report.' })
  readonly contradictedSinceSeal!: number

  @Field(() => JsonScalar, { description: 'Per reviewer: pace, evidence opened, runs, equal words, certified against the evidence, and a score from five decisions on. It changes no decision.' })
  readonly quality!: unknown
} // prettier-ignore

@ObjectType({ description: 'Whether a population can be made again as it was frozen.' })
export class PopulationCheck {
  @Field(() => String, { description: 'Hash of the population as it comes out now, for the same scope, position and time.' })
  readonly hash!: string

  @Field(() => Boolean, { description: 'Population and supplements come out as they were frozen.' })
  readonly isSame!: boolean

  @Field(() => Boolean, { description: 'Rows are made by the same rules as when it was frozen. Where not, another hash says nothing about the records.' })
  readonly isSameVersion!: boolean

  @Field(() => JsonScalar, { description: 'The same of each supplement.' })
  readonly supplements!: unknown
} // prettier-ignore

@ObjectType({ description: 'A page of campaigns.' })
export class CampaignConnection extends connectionTypeOf('Campaign', 'campaigns', () => Campaign) {}

@ObjectType({ description: 'One campaign among several, in numbers.' })
export class CampaignFiguresRow {
  @Field(() => Campaign, { description: 'The campaign.' })
  readonly campaign!: Campaign

  @Field(() => JsonScalar, { description: 'Counts, as in the report of the campaign.' })
  readonly figures!: unknown

  @Field(() => Float, { nullable: true, description: 'Share of the items that were answered, moot or taken over; null without items.' })
  readonly coverage!: number | null

  @Field(() => Float, { nullable: true, description: 'Share of the votes that were in time; null without votes.' })
  readonly timeliness!: number | null
} // prettier-ignore

@ObjectType({ description: 'Several campaigns in numbers, counted from the ledger.' })
export class CampaignFigures {
  @Field(() => [CampaignFiguresRow], { description: 'Each campaign, the oldest first; of more than 100 the newest.' })
  readonly campaigns!: CampaignFiguresRow[]

  @Field(() => Boolean, { description: 'There are older ones, which are in none of these numbers: narrow the question.' })
  readonly truncated!: boolean

  @Field(() => JsonScalar, { description: 'All of them together: outcomes, late votes, self-reviews, orders, median time to the proof, regressions.' })
  readonly total!: unknown

  @Field(() => Float, { nullable: true, description: 'Share of all items that were answered, moot or taken over; null without items.' })
  readonly coverage!: number | null

  @Field(() => Float, { nullable: true, description: 'Share of all votes that were in time; null without votes.' })
  readonly timeliness!: number | null
} // prettier-ignore

export const DefineCampaignResult = resultUnion('DefineCampaignResult', () => CampaignDefined)
export const CampaignResult = resultUnion('CampaignResult', () => Campaign)
