import type { Instant, Key } from '@catena/domain'
import type { AccessorKind, Basis, CredentialKind, InventoryEntry as Entry, LocationKind } from '@catena/governance'
import { Field, Int, ObjectType } from '@nestjs/graphql'
import { declareEnum } from '../../scalars/declare-enum.js'
import { DateTime, KeyScalar } from '../../scalars/index.js'
import { LocationKindEnum } from '../ownership/declarations.model.js'
import { CredentialKindEnum } from '../ownership/ownership.model.js'

export const IssuanceEnum = declareEnum<Entry['issuance']>('Issuance', 'How a credential comes to whoever uses it.', {
  static: 'The same secret until somebody changes it.',
  dynamic: 'Issued anew for each use; it ends by itself.',
  'kept key': 'It stays in its store and is only used there.',
  unknown: 'Nobody was seen to obtain it, and nobody declared it.',
})

export const BasisEnum = declareEnum<Basis>('Basis', 'What a statement rests on.', {
  observed: 'Records show it.',
  declared: 'People say so.',
})

export const AccessorKindEnum = declareEnum<AccessorKind>('AccessorKind', 'Who stands behind an access.', {
  person: 'One person.',
  workload: 'One workload.',
  agent: 'One agent.',
  shared: 'An identity that many hold.',
  ambiguous: 'One of several, all named.',
  unknown: 'Nobody knows; what its system called it stands in the name.',
})

@ObjectType({ description: 'A place where a credential lies.' })
export class CredentialLocation {
  @Field(() => LocationKindEnum, { description: 'What sort of place.' })
  readonly kind!: LocationKind

  @Field(() => String, { description: 'Which place.' })
  readonly place!: string

  @Field(() => BasisEnum, { description: 'Seen in records, or declared.' })
  readonly basis!: Basis

  @Field(() => Int, { nullable: true, description: 'Version that it holds; null: not known.' })
  readonly version!: number | null

  @Field(() => Boolean, { description: 'It may still hold what was before the last rotation.' })
  readonly residual!: boolean
}

@ObjectType({ description: 'Who or what took a credential out.' })
export class Extractor {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string

  @Field(() => AccessorKindEnum, { description: 'What it is.' })
  readonly kind!: AccessorKind

  @Field(() => DateTime, { description: 'When it was taken out last.' })
  readonly lastAt!: Instant
}

@ObjectType({ description: 'What hangs on a credential: who obtained it, and what is declared to be reached with it.' })
export class CredentialReach {
  @Field(() => [KeyScalar], { description: 'Workloads that obtained it: pipelines, service accounts.' })
  readonly workloads!: Key[]

  @Field(() => [KeyScalar], { description: 'Agents that obtained it.' })
  readonly agents!: Key[]

  @Field(() => [KeyScalar], { description: 'People who obtained it.' })
  readonly people!: Key[]

  @Field(() => [String], { description: 'Systems, accounts and pipelines that are declared to be reached with it.' })
  readonly declared!: string[]
}

@ObjectType({ description: 'Who would notice if a credential were revoked now.' })
export class RevocationImpact {
  @Field(() => [Extractor], { description: 'Who obtained it in the last 30 days, the newest first.' })
  readonly consumers!: Extractor[]

  @Field(() => Boolean, {
    description: 'Somebody in particular is known behind each of them; false: there may be more.',
  })
  readonly complete!: boolean

  @Field(() => Int, { description: 'Declared copies.' })
  readonly copies!: number
}

@ObjectType({ description: 'What is known of a credential at a moment. What no record and nobody says is null, never guessed.' })
export class InventoryEntry {
  @Field(() => DateTime, { description: 'The moment that it is about.' })
  readonly at!: Instant

  @Field(() => CredentialKindEnum, { nullable: true, description: 'What it is, as declared: records do not tell a password from a token.' })
  readonly kind!: CredentialKind | null

  @Field(() => IssuanceEnum, { description: 'Static or dynamic.' })
  readonly issuance!: Entry['issuance']

  @Field(() => Boolean, { description: 'More than one obtained it, or somebody behind whom several stand.' })
  readonly sharedObserved!: boolean

  @Field(() => Boolean, { nullable: true, description: 'Declared to be meant for several; null: not said.' })
  readonly sharedDeclared!: boolean | null

  @Field(() => String, { nullable: true, description: 'Declared environment.' })
  readonly environment!: string | null

  @Field(() => [String], { description: 'Environments that it was obtained for, as records tell.' })
  readonly environmentsSeen!: string[]

  @Field(() => String, { nullable: true, description: 'Declared purpose.' })
  readonly purpose!: string | null

  @Field(() => String, { nullable: true, description: 'Declared scope: what it permits.' })
  readonly scope!: string | null

  @Field(() => String, { nullable: true, description: 'Id of the rule that makes it privileged; null: none does.' })
  readonly privilegedBy!: string | null

  @Field(() => Int, { description: 'Versions that records name.' })
  readonly versionsSeen!: number

  @Field(() => DateTime, { nullable: true, description: 'When it was given its present value; null: not on record.' })
  readonly lastRotation!: Instant | null

  @Field(() => Int, { nullable: true, description: 'Age of what it holds, whole days; null: not known.' })
  readonly ageDays!: number | null

  @Field(() => Boolean, { description: 'It is at least so old: no rotation is on record.' })
  readonly ageAtLeast!: boolean

  @Field(() => DateTime, { nullable: true, description: 'When it was obtained last; null: never seen to be.' })
  readonly lastUse!: Instant | null

  @Field(() => [CredentialLocation], { description: 'Every place: its slot, declared copies, whoever took it out.' })
  readonly locations!: CredentialLocation[]

  @Field(() => [Extractor], { description: 'Who and what took it out, the newest first.' })
  readonly extractors!: Extractor[]

  @Field(() => CredentialReach, { description: 'What hangs on it.' })
  readonly reach!: CredentialReach

  @Field(() => RevocationImpact, { description: 'What would break if it were revoked.' })
  readonly wouldBreak!: RevocationImpact
} // prettier-ignore
