import type { Key } from '@catena/domain'
import type { KnownAsOf } from '@catena/projections'
import { Extensions, Field, ObjectType } from '@nestjs/graphql'
import { KeyScalar } from '../scalars/index.js'

@ObjectType({ description: 'One thing that a word may name.' })
export class Meaning {
  @Field(() => KeyScalar, { description: 'The thing as a correlation key.' })
  readonly key!: Key

  @Field(() => String, { description: 'What it is, e.g. `lease` or `e-mail address`.' })
  readonly kind!: string

  @Field(() => String, { description: 'The system in which the word means it.' })
  readonly system!: string
}

@Extensions({ evidence: true })
@ObjectType({
  description: 'What a word may mean: an accessor, a lease, a run, a session, a login name, an e-mail address.',
})
export class Lookup {
  @Field(() => String, { description: 'The word.' })
  readonly term!: string

  @Field(() => [Meaning], { description: 'All that it names in records, in any system.' })
  readonly meanings!: readonly Meaning[]

  readonly asOf!: KnownAsOf
}
