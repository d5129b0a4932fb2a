import { Extensions, Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../../paging/connection.js'
import { Evidenced } from '../../records/evidenced.model.js'
import { CutScalar } from '../../scalars/index.js'

@Extensions({ evidence: 'credential' })
@ObjectType({
  implements: () => [Evidenced],
  description: 'How hard the sharing of a credential is to defend. It rests on the newest records of who obtained it.',
})
export class RankedCredential extends Evidenced {
  @Field(() => ID, { description: 'The credential.' })
  readonly credential!: string

  @Field(() => String, { description: 'The system that keeps it.' })
  readonly system!: string

  @Field(() => String, { description: 'Its name there.' })
  readonly name!: string

  @Field(() => Int, { description: 'Workloads that obtain it, copies and what it is declared to reach; at least 1.' })
  readonly systems!: number

  @Field(() => Int, { description: 'People who obtain it; somebody of whom nothing is known counts as two.' })
  readonly operators!: number

  @Field(() => Boolean, { description: 'It is issued for a time and ends without anybody.' })
  readonly endsByItself!: boolean

  @Field(() => Int, { description: 'Systems × operators, three times where it does not end by itself.' })
  readonly score!: number
}

@ObjectType({ description: 'A page of credentials, the hardest to defend first.' })
export class RankedCredentialConnection extends connectionTypeOf('RankedCredential', 'ranked credentials', () => RankedCredential) {
  @Field(() => CutScalar, { description: 'The state of knowledge of the ranking.' })
  readonly cut!: string

  @Field(() => Boolean, { description: 'There may be others behind the last one: a ranking ends where others might come before.' })
  readonly truncated!: boolean
} // prettier-ignore
