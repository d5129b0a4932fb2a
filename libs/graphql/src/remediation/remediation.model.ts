import type { Instant } from '@catena/domain'
import type { Course } from '@catena/remediation'
import { Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { DateTime } from '../scalars/index.js'

export type OrderStatus = Exclude<Course['status'], 'none'>
export const OrderStatuses = declareEnum<OrderStatus>('RemediationOrderStatus', 'Where an order of remediation stands.', {
  held: 'Something beyond the access would end with it: it waits for a person.',
  going: 'It is being carried out, or tried again later.',
  settled: 'Nothing more is done here. The item says whether it is applied, and the ledger whether it is verified.',
  failed: 'It could not be carried out.',
}) // prettier-ignore

@ObjectType({ description: 'One thing to be done at a system.' })
export class RemediationStep {
  @Field(() => String, { description: 'Id of the system in catena.yaml.' })
  readonly system!: string

  @Field(() => String, { description: 'What is done there, in words.' })
  readonly action!: string

  @Field(() => [String], { description: 'What else ends with it; empty: nothing beyond the access.' })
  readonly touches!: readonly string[]

  @Field(() => String, { nullable: true, description: 'How it was done; null while it was not.' })
  readonly done!: string | null
}

@ObjectType({ description: 'To whom an order was handed over.' })
export class RemediationHandOver {
  @Field(() => String, { description: 'Id of the receiver in catena.yaml.' })
  readonly to!: string

  @Field(() => String, { description: 'Where it went, in words.' })
  readonly how!: string
}

@ObjectType({ description: 'What a campaign ordered for one item, and how far it is carried out.' })
export class RemediationOrder {
  @Field(() => ID, { description: 'Of the order.' })
  readonly id!: string

  @Field(() => ID, { description: 'The review item.' })
  readonly item!: string

  @Field(() => ID, { description: 'The campaign.' })
  readonly campaign!: string

  @Field(() => OrderStatuses, { description: 'Where it stands.' })
  readonly status!: OrderStatus

  @Field(() => [RemediationStep], { description: 'What is done by Catena, in this order.' })
  readonly steps!: readonly RemediationStep[]

  @Field(() => Boolean, {
    description: 'True: the steps take the right away. False: they end what was obtained, and somebody must take the right away.',
  })
  readonly endsTheRight!: boolean

  @Field(() => [String], { description: 'What Catena cannot do, in words.' })
  readonly shortfalls!: readonly string[]

  @Field(() => [String], { description: 'What else would end, over all steps: why it is held.' })
  readonly touches!: readonly string[]

  @Field(() => [RemediationHandOver], { description: 'To whom the rest was handed over.' })
  readonly handedOver!: readonly RemediationHandOver[]

  @Field(() => Int, { description: 'Tries that failed.' })
  readonly failures!: number

  @Field(() => String, { nullable: true, description: 'Why the last try failed.' })
  readonly lastFailure!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it is tried again; null where nothing more is done.' })
  readonly nextTryAt!: Instant | null

  @Field(() => String, { nullable: true, description: 'Id of the caller who released it.' })
  readonly releasedBy!: string | null
} // prettier-ignore

@ObjectType({ description: 'A page of orders of remediation, by their ids.' })
export class RemediationOrderConnection extends connectionTypeOf('RemediationOrder', 'orders', () => RemediationOrder) {} // prettier-ignore

export const RemediationOrderResult = resultUnion('RemediationOrderResult', () => RemediationOrder)
