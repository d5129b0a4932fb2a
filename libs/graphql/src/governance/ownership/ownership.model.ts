import type { Instant, Key } from '@catena/domain'
import { CREDENTIAL_KINDS, STEWARD_ROLES, type CredentialKind, type StewardRole } from '@catena/governance'
import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../../commands/refused.model.js'
import { DateTime, KeyScalar, Position } from '../../scalars/index.js'
import { declareEnum } from '../../scalars/declare-enum.js'
import { DeclaredCheckout, DeclaredCopy, Registration } from './declarations.model.js'

const described = (words: readonly string[], what: string) =>
  Object.fromEntries(words.map((word) => [word, `${what}: ${word.replaceAll('-', ' ')}.`]))

export const CredentialKindEnum = declareEnum<CredentialKind>(
  'CredentialKind',
  'What a credential is, as declared.',
  described(CREDENTIAL_KINDS, 'Declared to be') as Record<CredentialKind, string>,
)
export const StewardRoleEnum = declareEnum<StewardRole>(
  'StewardRole',
  'What somebody does for a credential without owning it.',
  described(STEWARD_ROLES, 'Acts as') as Record<StewardRole, string>,
)

@ObjectType({ description: 'The one person or team that answers for a credential.' })
export class Owner {
  @Field(() => KeyScalar, { description: 'Key of the person, team or workload.' })
  readonly key!: Key

  @Field(() => String, { description: 'Name that people know.' })
  readonly name!: string

  @Field(() => DateTime, { description: 'Since when, by decision.' })
  readonly at!: Instant

  @Field(() => String, { description: 'Who said so.' })
  readonly by!: string

  @Field(() => String, {
    nullable: true,
    description: 'Id of the rule that says so, where nobody was assigned by name.',
  })
  readonly rule!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When this owner attested it; null: never.' })
  readonly attestedAt!: Instant | null
}

@ObjectType({ description: 'A custodian or requester of a credential.' })
export class Steward {
  @Field(() => KeyScalar, { description: 'Key of the person, team or workload.' })
  readonly key!: Key

  @Field(() => String, { description: 'Name that people know.' })
  readonly name!: string

  @Field(() => StewardRoleEnum, { description: 'What they do for it.' })
  readonly role!: StewardRole
}

@ObjectType({ description: 'Who answers for a credential, and what people declare of it. Declared is not proven.' })
export class Stewardship {
  @Field(() => Owner, { nullable: true, description: 'Exactly one, or null: nobody.' })
  readonly owner!: Owner | null

  @Field(() => [Steward], { description: 'Custodians and requesters.' })
  readonly stewards!: Steward[]

  @Field(() => CredentialKindEnum, { nullable: true, description: 'Declared kind.' })
  readonly kind!: CredentialKind | null

  @Field(() => String, { nullable: true, description: 'Declared environment.' })
  readonly environment!: string | null

  @Field(() => String, { nullable: true, description: 'Declared purpose.' })
  readonly purpose!: string | null

  @Field(() => Boolean, { nullable: true, description: 'Declared to be meant for several.' })
  readonly shared!: boolean | null

  @Field(() => String, { nullable: true, description: 'Declared scope: what it permits.' })
  readonly scope!: string | null

  @Field(() => [String], { description: 'Systems, accounts and pipelines that are declared to be reached with it.' })
  readonly reaches!: string[]

  @Field(() => Registration, { nullable: true, description: 'Null where it was not registered by hand.' })
  readonly registration!: Registration | null

  @Field(() => [DeclaredCopy], { description: 'Copies outside its slot, as declared.' })
  readonly copies!: DeclaredCopy[]

  @Field(() => [DeclaredCheckout], { description: 'Who had it, as declared.' })
  readonly checkouts!: DeclaredCheckout[]
}

@InputType({ description: 'What is declared of a credential; what is left out stays as it was.' })
export class DeclaredFactsInput {
  @Field(() => CredentialKindEnum, { nullable: true, description: 'What it is.' })
  readonly kind?: CredentialKind | null

  @Field(() => String, { nullable: true, description: 'Environment, e.g. production.' })
  readonly environment?: string | null

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  readonly purpose?: string | null

  @Field(() => Boolean, { nullable: true, description: 'Is it meant for several to use?' })
  readonly shared?: boolean | null

  @Field(() => String, { nullable: true, description: 'What it permits.' })
  readonly scope?: string | null

  @Field(() => [String], {
    nullable: true,
    description: 'All systems, accounts and pipelines that can be reached with it.',
  })
  readonly reaches?: string[] | null

  @Field(() => Int, { nullable: true, description: 'Longest age of what it holds, days.' })
  readonly rotationDays?: number | null
}

@ObjectType({ description: 'A command about a credential was decided.' })
export class CredentialDecided {
  @Field(() => ID, { description: 'Id of the credential.' })
  readonly credential!: string

  @Field(() => Position, {
    nullable: true,
    description: 'Ledger position of the newest decision; null where nothing was ever decided.',
  })
  readonly position!: number | null
}

export const CredentialDecidedResult = resultUnion('CredentialDecidedResult', () => CredentialDecided)

@ObjectType({ description: 'What came of a list of owners.' })
export class OwnersImported {
  @Field(() => Int, { description: 'Lines that have one meaning.' })
  readonly lines!: number

  @Field(() => Int, { description: 'Credentials that have another owner now.' })
  readonly assigned!: number

  @Field(() => Int, { description: 'Custodians that were added.' })
  readonly custodians!: number

  @Field(() => Position, { nullable: true, description: 'Ledger position of the last decision; null where nothing was imported.' })
  readonly position!: number | null

  @Field(() => [String], { description: 'What is wrong with lines. Where there is any, nothing was imported.' })
  readonly problems!: string[]
} // prettier-ignore
