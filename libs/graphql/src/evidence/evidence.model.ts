import type { Instant } from '@catena/domain'
import type { Cut } from '@catena/ledger'
import type { KnownAsOf } from '@catena/projections'
import { Field, InputType, ObjectType } from '@nestjs/graphql'
import { CutScalar, DateTime, Position } from '../scalars/index.js'

@InputType({ description: 'What a question may use. Left out: everything known now, of any time.' })
export class AsOf {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Only what happened up to this time counts, whenever it was recorded.',
  })
  readonly validAt?: Instant | null

  @Field(() => CutScalar, {
    nullable: true,
    description: 'Only what was recorded up to this cut counts. The same cut gives the same answer for ever.',
  })
  readonly knownAt?: Cut | null
}

@ObjectType({ description: 'Everything Catena can tell from its records, in one state of knowledge.' })
export class Evidence {
  @Field(() => CutScalar, { description: 'The state of knowledge of this answer. Give it as knownAt to ask again.' })
  readonly cut!: Cut

  @Field(() => DateTime, { nullable: true, description: 'The time up to which events count; null where all count.' })
  readonly validAt!: Instant | null

  readonly asOf!: KnownAsOf
}

@ObjectType({ description: 'How far the read models, from which answers are made, have followed the ledger.' })
export class ReadModel {
  @Field(() => Position, { description: 'Last entry of the ledger that answers take into account.' })
  readonly position!: number

  @Field(() => Position, { description: 'Last entry of the ledger.' })
  readonly head!: number

  @Field(() => Position, { description: 'Entries that are stored but not yet part of answers.' })
  readonly lag!: number
}
