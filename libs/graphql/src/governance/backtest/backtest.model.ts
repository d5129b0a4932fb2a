import type { Instant } from '@catena/domain'
import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql'
import { DateTime, Position } from '../../scalars/index.js'

@InputType({ description: 'Another value of a parameter of a control.' })
export class ParameterValueInput {
  @Field(() => String, { description: 'Name of the parameter, as docs/controls names it.' })
  readonly name!: string

  @Field(() => Float, { description: 'Its value, in its unit.' })
  readonly value!: number
}

@ObjectType({ description: 'A stretch of time over which a control would have failed.' })
export class Firing {
  @Field(() => DateTime, { description: 'The look that found it first.' })
  readonly since!: Instant

  @Field(() => DateTime, { nullable: true, description: 'The last look before that found no failure; null: it failed from the first look on.' })
  readonly passedAt!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'The look that found it gone; null: it failed to the end.' })
  readonly until!: Instant | null

  @Field(() => String, { description: 'Why, as it was told first.' })
  readonly reason!: string

  @Field(() => [Position], { description: 'Ledger positions behind it, of all its looks.' })
  readonly witnesses!: readonly number[]
} // prettier-ignore

@ObjectType({ description: 'What a control would have said of a credential over a past period. Nothing is recorded by it.' })
export class Backtest {
  @Field(() => [Firing], { description: 'When it would have failed. What came and went between two looks is not seen.' })
  readonly firings!: Firing[]

  @Field(() => DateTime, { description: 'The last look.' })
  readonly lookedTo!: Instant

  @Field(() => Int, { description: 'Looks that found it under control.' })
  readonly controlled!: number

  @Field(() => Int, { description: 'Looks that found an exception in force.' })
  readonly exception!: number

  @Field(() => Int, { description: 'Looks that found it not under control.' })
  readonly uncontrolled!: number

  @Field(() => Int, { description: 'Looks that could not tell: neither failure nor pass.' })
  readonly unknown!: number

  @Field(() => Int, { description: 'Looks at which the control did not apply.' })
  readonly notApplicable!: number
} // prettier-ignore
