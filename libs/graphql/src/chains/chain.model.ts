import { Extensions, Field, ID, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../paging/connection.js'
import { ActorUnion, type Actor } from './actor.model.js'
import { AuthenticationStrength, Content, Effect, End, Finding, Right, Sideways } from './aspects.model.js'
import { Fact } from './fact.model.js'
import { Path } from './path.model.js'

@ObjectType({
  description: 'The identity as the recording system knows it: proven as that system\u2019s identity, no more.',
})
export class SystemIdentity {
  @Field(() => String, { description: 'Id of the source.' })
  readonly system!: string

  @Field(() => String, { nullable: true, description: 'Display name in that system.' })
  readonly displayName!: string | null

  @Field(() => String, { nullable: true, description: 'Id of its entity in that system.' })
  readonly entityId!: string | null

  @Field(() => String, { nullable: true, description: 'Account that logged in.' })
  readonly account!: string | null

  @Field(() => String, { nullable: true, description: 'Method by which it logged in, e.g. `oidc`.' })
  readonly method!: string | null

  @Field(() => String, { nullable: true, description: 'Role of that system under which it logged in.' })
  readonly role!: string | null

  @Field(() => AuthenticationStrength, { nullable: true, description: 'How strongly the person was authenticated.' })
  readonly strength!: AuthenticationStrength | null
}

@Extensions({ evidence: 'id' })
@ObjectType({
  description:
    'Everything the records say about one request: who used a credential, by what right, through what, and whether it ended. Each statement has its own state and evidence.',
})
export class Chain {
  @Field(() => ID, { description: 'Id of the fact at its end; asks for this chain again.' })
  readonly id!: string

  @Field(() => Fact, { description: 'The request.' })
  readonly fact!: Fact

  @Field(() => Path, { description: 'Through which tokens, sessions and runs the authority came.' })
  readonly path!: Path

  @Field(() => ActorUnion, { description: 'Who held it at that moment.' })
  readonly actor!: Actor

  @Field(() => SystemIdentity, { nullable: true, description: 'The identity as the recording system knows it.' })
  readonly identity!: SystemIdentity | null

  @Field(() => Right, { description: 'By which policy or approval.' })
  readonly right!: Right

  @Field(() => Effect, { description: 'What it yielded.' })
  readonly effect!: Effect

  @Field(() => Content, {
    nullable: true,
    description: 'Which credential had been wrapped; null where it unwrapped none, or no record tells.',
  })
  readonly content!: Content | null

  @Field(() => End, { description: 'Whether and how the yield ended.' })
  readonly end!: End

  @Field(() => End, {
    nullable: true,
    description: 'Whether and how the caller\u2019s token ended; null where none was seen.',
  })
  readonly callerEnd!: End | null

  @Field(() => [Sideways], { description: 'Who stands beside the path: who started the run, who made the token.' })
  readonly sideways!: readonly Sideways[]

  @Field(() => [Finding], { description: 'What about these records needs a look.' })
  readonly findings!: readonly Finding[]
}

@ObjectType({ description: 'A page of chains, newest request first.' })
export class ChainConnection extends connectionTypeOf('Chain', 'chains', () => Chain) {
  @Field(() => Boolean, {
    description: 'More came through the keys that were followed than one look forward takes: the list is not complete.',
  })
  readonly truncated!: boolean
}
