import type { Instant, Key } from '@catena/domain'
import { Extensions, Field, InputType, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { Evidenced } from '../records/evidenced.model.js'
import { DateTime, KeyScalar, Position } from '../scalars/index.js'

@Extensions({ evidence: 'alias' })
@ObjectType({
  implements: () => [Evidenced],
  description: 'Two names that may be one person\u2019s: equal text, which joins nothing.',
})
export class IdentitySuggestion extends Evidenced {
  @Field(() => KeyScalar, { description: 'The name that may be the person\u2019s.' })
  readonly alias!: Key

  @Field(() => KeyScalar, { description: 'The person.' })
  readonly principal!: Key

  @Field(() => String, { description: 'What is equal.' })
  readonly why!: string
}

@InputType({ description: 'A name, the person it may be, and why it is so decided.' })
export class IdentityPair {
  @Field(() => KeyScalar, { description: 'An account, an entity, or a person of another directory.' })
  readonly alias!: Key

  @Field(() => KeyScalar, { description: 'The person.' })
  readonly principal!: Key

  @Field(() => String, { description: 'Why: what an auditor reads.' })
  readonly reason!: string
}

@InputType({ description: 'The times of which a join tells; left out: all.' })
export class JoinSpan {
  @Field(() => DateTime, { nullable: true, description: 'Since when the name is the person\u2019s.' })
  readonly from?: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Until when, exclusive.' })
  readonly to?: Instant | null
}

@ObjectType({ description: 'What was decided of a name.' })
export class IdentityDecided {
  @Field(() => KeyScalar, { description: 'The name.' })
  readonly alias!: Key

  @Field(() => [KeyScalar], { description: 'Persons that it is joined to now, each for its time.' })
  readonly joinedTo!: readonly Key[]

  @Field(() => Position, {
    description: 'Place of the decision in the ledger: chains know it once the read model has reached it.',
  })
  readonly position!: number
}

export const IdentityResult = resultUnion('IdentityResult', () => IdentityDecided)
