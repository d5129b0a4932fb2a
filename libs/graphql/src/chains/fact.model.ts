import type { ActivityKind, Instant, Json, Outcome } from '@catena/domain'
import { Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { Evidenced } from '../records/evidenced.model.js'
import { DateTime, JsonScalar } from '../scalars/index.js'
import { ActivityKinds, Outcomes } from './words.js'

@ObjectType({ description: 'What a request yielded or touched.' })
export class Target {
  @Field(() => String, { description: 'The system, as `<kind>/<scope>`.' })
  readonly system!: string

  @Field(() => String, {
    nullable: true,
    description: 'Immutable id of the container; a denied request may not name it.',
  })
  readonly container!: string | null

  @Field(() => String, { nullable: true, description: 'Name under which the container was addressed, e.g. `secret/`.' })
  readonly containerName!: string | null

  @Field(() => String, { description: 'Path inside the container.' })
  readonly path!: string

  @Field(() => Int, { nullable: true, description: 'Version, where one is recorded.' })
  readonly version!: number | null

  @Field(() => ID, {
    nullable: true,
    description: 'The credential; null where the request did not name its container.',
  })
  readonly credentialId!: string | null
}

@ObjectType({
  implements: () => [Evidenced],
  description: 'Something that happened, as one or several records tell of it.',
})
export class Fact extends Evidenced {
  @Field(() => ID, { description: 'Equal for all records of the fact.' })
  readonly id!: string

  @Field(() => String, { description: 'Id of the source.' })
  readonly source!: string

  @Field(() => ActivityKinds, { description: 'What happened.' })
  readonly kind!: ActivityKind

  @Field(() => String, { description: 'The source\u2019s own name of what happened.' })
  readonly type!: string

  @Field(() => DateTime, { description: 'When it happened, by the source\u2019s clock.' })
  readonly occurredAt!: Instant

  @Field(() => DateTime, { nullable: true, description: 'Its last moment, where it spans time.' })
  readonly completedAt!: Instant | null

  @Field(() => Outcomes, { description: 'How it went.' })
  readonly outcome!: Outcome

  @Field(() => Target, { nullable: true, description: 'What it yielded or touched.' })
  readonly target!: Target | null

  @Field(() => JsonScalar, { description: 'What the records tell besides, by names that no vendor owns.' })
  readonly attributes!: Json

  @Field(() => [String], { description: 'Attributes on which records of the fact contradict each other.' })
  readonly conflicts!: readonly string[]
}
