import type { EndAspect, LinkState, MissingReason, Sideways as ChainSideways, ChainFinding } from '@catena/access-chain'
import type { Instant } from '@catena/domain'
import { Field, ID, ObjectType } from '@nestjs/graphql'
import { Principal } from '../principals/principal.model.js'
import { Evidenced } from '../records/evidenced.model.js'
import { DateTime } from '../scalars/index.js'
import { Target } from './fact.model.js'
import { EndKinds, FindingKinds, LinkStates, MissingReasons, SidewaysRoles } from './words.js'

@ObjectType({ isAbstract: true })
abstract class Aspect extends Evidenced {
  @Field(() => LinkStates, { description: 'How far the records carry the statement.' })
  readonly state!: LinkState

  @Field(() => MissingReasons, { nullable: true, description: 'Why it is missing.' })
  readonly reason!: MissingReason | null
}

@ObjectType({ implements: () => [Evidenced], description: 'An approval that a source recorded.' })
export class Approval extends Evidenced {
  @Field(() => LinkStates, { description: 'How far the records tie it to this request.' })
  readonly state!: LinkState

  @Field(() => String, { description: 'What was decided, in the source\u2019s words.' })
  readonly decision!: string

  @Field(() => Boolean, {
    description: 'It stood at the use: given before, within its window, by somebody else, and not taken back by then.',
  })
  readonly permits!: boolean

  @Field(() => Principal, { nullable: true, description: 'Who decided, where recorded.' })
  readonly approver!: Principal | null

  @Field(() => DateTime, { description: 'When it was decided.' })
  readonly at!: Instant
}

@ObjectType({ implements: () => [Evidenced], description: 'By which policy or approval: recorded, not judged.' })
export class Right extends Aspect {
  @Field(() => [String], { description: 'Policies that the vault recorded as granting the request.' })
  readonly policies!: readonly string[]

  @Field(() => [Approval], { description: 'Approvals of the run or request.' })
  readonly approvals!: readonly Approval[]
}

@ObjectType({ implements: () => [Evidenced], description: 'What it yielded, and what was done with it.' })
export class Effect extends Aspect {
  @Field(() => String, {
    nullable: true,
    description: 'What was obtained: a version, a lease, a token, a wrapped response.',
  })
  readonly yielded!: string | null
}

@ObjectType({
  implements: () => [Evidenced],
  description: 'Which credential had been wrapped, of a request that unwrapped it.',
})
export class Content extends Aspect {
  @Field(() => [Target], {
    description: 'Credentials that it may have been; the fact has the first of them as its target.',
  })
  readonly targets!: readonly Target[]

  @Field(() => Boolean, {
    description:
      'More requests made the wrapping than are looked at: it may be of a credential that is not among these.',
  })
  readonly isCut!: boolean

  @Field(() => [ID], { description: 'Ids of the facts that had it wrapped.' })
  readonly facts!: readonly string[]
}

@ObjectType({ implements: () => [Evidenced], description: 'Whether and how it ended.' })
export class End extends Aspect {
  @Field(() => EndKinds, { nullable: true, description: 'How it ended.' })
  readonly how!: NonNullable<EndAspect['how']> | null

  @Field(() => DateTime, { nullable: true, description: 'When it ended.' })
  readonly at!: Instant | null

  @Field(() => ID, { nullable: true, description: 'Id of the fact that asked for the end.' })
  readonly by!: string | null

  @Field(() => String, { description: 'The end in a sentence.' })
  readonly words!: string
}

@ObjectType({ implements: () => [Evidenced], description: 'Who or what stands beside the path, never on it.' })
export class Sideways extends Evidenced {
  @Field(() => SidewaysRoles, { description: 'Its part.' })
  readonly role!: ChainSideways['role']

  @Field(() => LinkStates, { description: 'How far the records carry the statement.' })
  readonly state!: LinkState

  @Field(() => Principal, { nullable: true, description: 'Who, where the records tell.' })
  readonly principal!: Principal | null

  @Field(() => String, { nullable: true, description: 'A name, where only that is recorded.' })
  readonly name!: string | null

  @Field(() => ID, { nullable: true, description: 'Id of the fact that tells of it.' })
  readonly fact!: string | null
}

@ObjectType({
  implements: () => [Evidenced],
  description: 'Something about the records of this chain that needs a look.',
})
export class Finding extends Evidenced {
  @Field(() => FindingKinds, { description: 'What is wrong.' })
  readonly kind!: ChainFinding['kind']

  @Field(() => String, { description: 'The finding in a sentence.' })
  readonly words!: string
}

@ObjectType({ description: 'How the person authenticated, as far as the identity provider recorded it.' })
export class AuthenticationStrength {
  @Field(() => String, { nullable: true, description: 'Authentication context class (`acr`).' })
  readonly acr!: string | null

  @Field(() => [String], { description: 'Authentication methods (`amr`).' })
  readonly amr!: readonly string[]

  @Field(() => String, { nullable: true, description: 'The second factor.' })
  readonly secondFactor!: string | null
}
