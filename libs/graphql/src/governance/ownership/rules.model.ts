import { Field, ID, InputType, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../../commands/refused.model.js'
import { Count } from '../../scalars/index.js'
import { NamedKey } from '../../sharing/sharing.inputs.js'

@InputType({ description: 'Whose the credentials are that lie at a path. Of several rules that fit, the most specific counts.' })
export class OwnershipRuleInput {
  @Field(() => ID, { description: 'Its own name in the list, shown with the owner.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: 'Of this system alone, e.g. `vault/prod-1`; left out: of any.' })
  readonly system?: string | null

  @Field(() => String, { description: 'Pattern of container and path, e.g. `secret/payments/**`.' })
  readonly path!: string

  @Field(() => NamedKey, { description: 'The person, team or workload that answers for them.' })
  readonly owner!: NamedKey
} // prettier-ignore

@InputType({ description: 'What makes a credential privileged: all that it names must hold. What is left out asks nothing.' })
export class PrivilegeRuleInput {
  @Field(() => ID, { description: 'Its own name in the list, shown with what it makes privileged.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: 'Of this system alone, e.g. `vault/prod-1`.' })
  readonly system?: string | null

  @Field(() => String, { nullable: true, description: 'Pattern of container and path, e.g. `secret/prod/**`.' })
  readonly path?: string | null

  @Field(() => [String], { nullable: true, description: 'One of these policies granted it.' })
  readonly policies?: string[] | null

  @Field(() => [String], { nullable: true, description: 'One of these is declared to be reached with it.' })
  readonly reaches?: string[] | null
} // prettier-ignore

@ObjectType({ description: 'A list of rules that is in force now.' })
export class RulesPublished {
  @Field(() => Count, { description: 'Its number, from 1. Earlier lists count for what was known earlier.' })
  readonly version!: number
}

export const RulesResult = resultUnion('RulesResult', () => RulesPublished)
