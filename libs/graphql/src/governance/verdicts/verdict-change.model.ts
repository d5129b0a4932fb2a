import type { Instant } from '@catena/domain'
import type { ChangeCause, Verdict as VerdictWord } from '@catena/governance'
import { Extensions, Field, ID, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../../paging/connection.js'
import { Evidenced } from '../../records/evidenced.model.js'
import { declareEnum } from '../../scalars/declare-enum.js'
import { DateTime, Position } from '../../scalars/index.js'
import { VerdictEnum } from './verdict.model.js'

const ChangeCauses = declareEnum<ChangeCause>('VerdictChangeCause', 'Why a verdict became another.', {
  first: 'The credential was judged by this control for the first time.',
  control: 'The control itself has another version.',
  evidence: 'Records that it rests on are newer than the change before.',
  time: 'No record that it rests on is newer: time passed, or something ceased to be.',
})

@Extensions({ evidence: 'id' })
@ObjectType({
  implements: () => [Evidenced],
  description: 'The verdict of one control on one credential became another. It rests on the witnesses of the new verdict.',
}) // prettier-ignore
export class VerdictChange extends Evidenced {
  @Field(() => ID, { description: 'Id of the change: the same change has the same id.' })
  readonly id!: string

  @Field(() => String, { description: 'Id of the control.' })
  readonly control!: string

  @Field(() => VerdictEnum, { nullable: true, description: 'The verdict before; null where there was none.' })
  readonly from!: VerdictWord | null

  @Field(() => VerdictEnum, { nullable: true, description: 'The verdict since; null where the control applies no more.' })
  readonly to!: VerdictWord | null

  @Field(() => String, { description: 'Why the new verdict is what it is, in a sentence.' })
  readonly reason!: string

  @Field(() => DateTime, { description: 'The moment that the new verdict was about.' })
  readonly at!: Instant

  @Field(() => Position, { description: 'Place of the change in the ledger.' })
  readonly recordedAt!: number

  @Field(() => ChangeCauses, { description: 'What made it another.' })
  readonly cause!: ChangeCause

  @Field(() => [Position], { description: 'The records among its witnesses that were new.' })
  readonly news!: readonly number[]
} // prettier-ignore

@ObjectType({ description: 'A page of changes, newest first.' })
export class VerdictChangeConnection extends connectionTypeOf('VerdictChange', 'changes', () => VerdictChange) {}
