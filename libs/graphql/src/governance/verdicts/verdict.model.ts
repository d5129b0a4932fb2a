import type { Instant } from '@catena/domain'
import type { Verdict as VerdictWord } from '@catena/governance'
import { Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { declareEnum } from '../../scalars/declare-enum.js'
import { DateTime, Position } from '../../scalars/index.js'

export const VerdictEnum = declareEnum<VerdictWord>('Verdict', 'Was it under control? Unknown is never a pass.', {
  controlled: 'The records show that it was.',
  exception: 'It was not, and that is accepted for a time, with what compensates for it alive.',
  uncontrolled: 'The records show that it was not.',
  unknown: 'The records do not tell.',
})

@ObjectType({ description: 'What one control says of a credential.' })
export class ControlVerdict {
  @Field(() => ID, { description: 'Id of the control, as docs/controls names it.' })
  readonly control!: string

  @Field(() => Int, { description: 'Version of the control.' })
  readonly version!: number

  @Field(() => VerdictEnum, { description: 'Its answer.' })
  readonly verdict!: VerdictWord

  @Field(() => String, { description: 'Why, in a sentence.' })
  readonly reason!: string

  @Field(() => [Position], {
    description: 'Ledger positions that it rests on; none where the point is that nothing is recorded.',
  })
  readonly witnesses!: number[]

  @Field(() => DateTime, { nullable: true, description: 'When time alone may change it; null: only a new record can.' })
  readonly validUntil!: Instant | null
}

@ObjectType({ description: 'Whether the sharing of a credential was under control at a moment.' })
export class CredentialVerdict {
  @Field(() => VerdictEnum, { description: 'The worst of the controls that apply; unknown where none does.' })
  readonly verdict!: VerdictWord

  @Field(() => DateTime, { description: 'The moment that it is about.' })
  readonly at!: Instant

  @Field(() => [ControlVerdict], { description: 'What each control that applies says.' })
  readonly controls!: ControlVerdict[]
}
