import type { Caveat, LinkState, MissingReason } from '@catena/access-chain'
import { createUnionType, Field, ObjectType } from '@nestjs/graphql'
import { Principal } from '../principals/principal.model.js'
import { Evidenced } from '../records/evidenced.model.js'
import { Caveats, LinkStates, MissingReasons } from './words.js'

@ObjectType({ isAbstract: true })
abstract class ActorStatement extends Evidenced {
  @Field(() => LinkStates, { description: 'How far the records carry the statement.' })
  readonly state!: LinkState

  @Field(() => [Caveats], { description: 'What weakens the statement.' })
  readonly caveats!: readonly Caveat[]
}

@ObjectType({ implements: () => [Evidenced], description: 'The records name one principal, proven or inferred.' })
export class AttributedActor extends ActorStatement {
  readonly is!: 'attributed'

  @Field(() => Principal, { description: 'Who held the authority.' })
  readonly principal!: Principal
}

@ObjectType({ implements: () => [Evidenced], description: 'Several principals fit, and nothing decides between them.' })
export class AmbiguousActor extends ActorStatement {
  readonly is!: 'ambiguous'

  @Field(() => [Principal], { description: 'All who fit.' })
  readonly candidates!: readonly Principal[]
}

@ObjectType({ implements: () => [Evidenced], description: 'The records do not tell who it was.' })
export class MissingActor extends ActorStatement {
  readonly is!: 'missing'

  @Field(() => MissingReasons, { description: 'Why not.' })
  readonly reason!: MissingReason

  @Field(() => String, {
    nullable: true,
    description: 'The identity that many hold, e.g. `root`; the person is not guessed.',
  })
  readonly shared!: string | null

  @Field(() => Principal, { nullable: true, description: 'Whose authority a handed-over bearer carries.' })
  readonly authority!: Principal | null
}

export type Actor = AttributedActor | AmbiguousActor | MissingActor

const TYPES = { attributed: AttributedActor, ambiguous: AmbiguousActor, missing: MissingActor }

export const ActorUnion = createUnionType({
  name: 'Actor',
  description: 'Who held the authority at that moment.',
  types: () => [AttributedActor, AmbiguousActor, MissingActor] as const,
  resolveType: (actor: Actor) => TYPES[actor.is],
})
