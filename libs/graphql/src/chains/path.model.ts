import type { Caveat, Link as ChainLink, LinkState, MissingReason } from '@catena/access-chain'
import type { Key } from '@catena/domain'
import { Field, ID, ObjectType } from '@nestjs/graphql'
import { Evidenced } from '../records/evidenced.model.js'
import { KeyScalar } from '../scalars/index.js'
import { Caveats, LinkKinds, LinkStates, MissingReasons } from './words.js'

@ObjectType({
  implements: () => [Evidenced],
  description: 'One step of the way back from a request to who held the authority.',
})
export class Link extends Evidenced {
  @Field(() => ID, { description: 'Id of the fact that presented the key.' })
  readonly from!: string

  @Field(() => [ID], {
    description: 'Ids of the facts that established it; several where they are one or are candidates.',
  })
  readonly to!: readonly string[]

  @Field(() => KeyScalar, { nullable: true, description: 'The key that joins them.' })
  readonly key!: Key | null

  @Field(() => LinkStates, { description: 'How far the records carry the step.' })
  readonly state!: LinkState

  @Field(() => LinkKinds, { description: 'How the authority passed on.' })
  readonly by!: ChainLink['by']

  @Field(() => MissingReasons, { nullable: true, description: 'Why the step is missing.' })
  readonly reason!: MissingReason | null

  @Field(() => [KeyScalar], { description: 'All that fit, where several do.' })
  readonly candidates!: readonly Key[]

  @Field(() => [Caveats], { description: 'What weakens the step.' })
  readonly caveats!: readonly Caveat[]

  @Field(() => String, { description: 'The step in a sentence.' })
  readonly words!: string
}

@ObjectType({ description: 'Through which tokens, sessions and runs the authority came.' })
export class Path {
  @Field(() => LinkStates, { description: 'State of the weakest link.' })
  readonly state!: LinkState

  @Field(() => MissingReasons, { nullable: true, description: 'Why the path breaks off.' })
  readonly reason!: MissingReason | null

  @Field(() => KeyScalar, { nullable: true, description: 'Session or run attempt at the far end.' })
  readonly through!: Key | null

  @Field(() => [KeyScalar], { description: 'Sessions or attempts that fit, where several do.' })
  readonly candidates!: readonly Key[]

  @Field(() => [Caveats], { description: 'What weakens the path.' })
  readonly caveats!: readonly Caveat[]

  @Field(() => [Link], { description: 'The steps, beginning at the request.' })
  readonly links!: readonly Link[]
}
