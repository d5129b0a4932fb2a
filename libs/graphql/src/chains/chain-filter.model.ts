import type { ActivityKind, Instant, Key, Outcome } from '@catena/domain'
import { Field, ID, InputType } from '@nestjs/graphql'
import { DateTime, KeyScalar } from '../scalars/index.js'
import { ActivityKinds, Outcomes } from './words.js'

@InputType({ description: 'Which requests; every member narrows.' })
export class ChainFilter {
  @Field(() => ID, { nullable: true, description: 'Of this credential.' })
  readonly credential?: string | null

  @Field(() => String, { nullable: true, description: 'Recorded by this source, by its configured id.' })
  readonly source?: string | null

  @Field(() => String, { nullable: true, description: 'In this vault, by the name of its mount, e.g. `secret/`.' })
  readonly vault?: string | null

  @Field(() => [ActivityKinds], { nullable: true, description: 'Of these kinds.' })
  readonly kinds?: ActivityKind[] | null

  @Field(() => [Outcomes], { nullable: true, description: 'That went this way.' })
  readonly outcomes?: Outcome[] | null

  @Field(() => DateTime, { nullable: true, description: 'Not before this time.' })
  readonly from?: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Not after this time.' })
  readonly to?: Instant | null

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Only what obtained a credential or tried to; false: every request that was recorded.',
  })
  readonly retrievalsOnly!: boolean

  @Field(() => KeyScalar, {
    nullable: true,
    description:
      'Whose actor is this person, CI attempt or repository, or has it among its candidates. Of an account or entity of a vault: what came through it.',
  })
  readonly principal?: Key | null
}
