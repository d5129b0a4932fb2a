import type { Instant } from '@catena/domain'
import { Field, ObjectType } from '@nestjs/graphql'
import { Evidenced } from '../../records/evidenced.model.js'
import { DateTime } from '../../scalars/index.js'

@ObjectType({
  implements: () => [Evidenced],
  description: 'One use of a shared credential, held against the six conditions of PCI DSS 8.2.2. False: not met, or not on record.',
})
export class SharedUse extends Evidenced {
  @Field(() => DateTime, { description: 'When it was obtained.' })
  readonly at!: Instant

  @Field(() => String, { description: 'Who obtained it, as far as known.' })
  readonly accessor!: string

  @Field(() => Boolean, { description: 'A grant or an approval was needed: none stands for ever.' })
  readonly preventedByDefault!: boolean

  @Field(() => Boolean, { description: 'It had an end.' })
  readonly limitedInTime!: boolean

  @Field(() => Boolean, { description: 'It says what for.' })
  readonly justified!: boolean

  @Field(() => Boolean, { description: 'Somebody else than who asked agreed.' })
  readonly approved!: boolean

  @Field(() => Boolean, { description: 'One identity is confirmed to have obtained it.' })
  readonly individualConfirmed!: boolean

  @Field(() => Boolean, { description: 'A path leads from it to that identity.' })
  readonly attributable!: boolean
} // prettier-ignore
