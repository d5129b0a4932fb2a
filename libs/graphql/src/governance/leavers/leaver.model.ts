import type { Instant } from '@catena/domain'
import { Extensions, Field, Float, ID, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../../paging/connection.js'
import { Evidenced } from '../../records/evidenced.model.js'
import { DateTime } from '../../scalars/index.js'

@Extensions({ evidence: 'credential' })
@ObjectType({
  implements: () => [Evidenced],
  description: 'A static secret that a person obtained, or perhaps obtained, and whether what they saw is still valid.',
})
export class SeenSecret extends Evidenced {
  @Field(() => ID, { description: 'The credential.' })
  readonly credential!: string

  @Field(() => String, { description: 'Its name where it is kept.' })
  readonly name!: string

  @Field(() => DateTime, { description: 'When they obtained it last.' })
  readonly lastSeenAt!: Instant

  @Field(() => DateTime, { nullable: true, description: 'When they left; null while they are here, or where it is not known.' })
  readonly leftAt!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'When what they saw ended; null: it is valid still.' })
  readonly endedAt!: Instant | null

  @Field(() => Float, { nullable: true, description: 'Hours from leaving to the end, or to the moment asked about while it is valid; null while they are here.' })
  readonly hoursOpen!: number | null

  @Field(() => Boolean, { description: 'Only perhaps theirs: they are one of several candidates, or whether they obtained it is not known.' })
  readonly perhaps!: boolean
} // prettier-ignore

@ObjectType({
  description: 'A page of secrets that a person has seen: what is valid still first, the longest wait first.',
})
export class SeenSecretConnection extends connectionTypeOf('SeenSecret', 'secrets', () => SeenSecret) {
  @Field(() => Boolean, {
    description: 'More came through the names of the person than one look forward takes: the list is not complete.',
  })
  readonly truncated!: boolean
}
