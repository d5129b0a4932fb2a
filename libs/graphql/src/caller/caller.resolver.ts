import { PEOPLE_ROLES, ROLES, VAULT_ROLES, type Caller as Asking, type Role } from '@catena/domain'
import { Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql'
import { declareEnum } from '../scalars/declare-enum.js'
import { Allow, inVaults } from './allow.js'
import { CurrentCaller } from './current-caller.js'

const MEANINGS: Readonly<Record<Role, string>> = {
  auditor: 'Reads everything, changes nothing.',
  'security-engineer': 'Reads evidence; findings, controls and destinations.',
  'campaign-manager': 'Defines, launches and closes campaigns; decides nothing.',
  reviewer: 'Decides own review items.',
  'credential-owner': 'Answers for own credentials.',
  operator: 'Sources, sinks, tokens and health; reads no evidence.',
  ingest: 'A machine that delivers records.',
  export: 'A machine that reads the feed.',
}
const Roles = declareEnum<Role>('Role', 'What a caller may do.', MEANINGS)

@ObjectType({
  description: 'A role that is held for a part of the evidence only: credentials that fit every list that is given.',
})
export class RoleWithin {
  @Field(() => Roles, { description: 'The role.' })
  readonly role!: Role

  @Field(() => [String], { nullable: true, description: 'Names of vaults; null: of any.' })
  readonly vaults?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'Environments that credentials are declared to be of; null: of any.',
  })
  readonly environments?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'Teams that own the credentials, or departments of the people who do; null: of any.',
  })
  readonly units?: readonly string[] | null
}

@ObjectType({ description: 'Who asks.' })
export class Caller {
  @Field(() => ID, { description: 'The actor of what it decides, as the ledger names it.' })
  readonly id!: string

  @Field(() => String, { description: 'For people to read.' })
  readonly name!: string

  @Field(() => [Roles], { description: 'What it may do.' })
  readonly roles!: readonly Role[]

  @Field(() => [RoleWithin], { description: 'What it may do for a part of the evidence only.' })
  readonly within!: readonly RoleWithin[]
}

@Resolver(() => Caller)
export class CallerResolver {
  @Allow(...PEOPLE_ROLES, ...VAULT_ROLES.map(inVaults))
  @Query(() => Caller, { description: 'Who asks, as Catena knows them.' })
  caller(@CurrentCaller() { id, name, roles, within = [] }: Asking): Caller {
    return { id, name, roles: ROLES.filter((role) => roles.includes(role)), within }
  }
}
