import type { Instant, SourceKind } from '@catena/domain'
import type { SourceStatus } from '@catena/ledger'
import { Field, Float, ObjectType } from '@nestjs/graphql'
import { Count, DateTime } from '../scalars/index.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Delay, LaneAccount, SourceStatuses } from './health.model.js'

export const SourceKinds = declareEnum<SourceKind>('SourceKind', 'Kinds of systems whose records Catena reads.', {
  vault: 'HashiCorp Vault.',
  keycloak: 'Keycloak.',
  okta: 'Okta.',
  github: 'GitHub.',
  'aws-cloudtrail': 'AWS CloudTrail.',
  teleport: 'Teleport.',
  cyberark: 'CyberArk.',
  onepassword: '1Password.',
  spire: 'SPIFFE/SPIRE.',
  cloudevents: 'Events in the CloudEvents profile of Catena.',
  kubernetes: 'Kubernetes.',
  gitlab: 'GitLab.',
  entra: 'Microsoft Entra ID.',
  'azure-key-vault': 'Azure Key Vault.',
  'google-cloud': 'Google Cloud audit logs.',
  scim: 'A directory that a provisioning client sends by SCIM 2.0.',
  'directory-csv': 'A directory that is imported as a file.',
})

@ObjectType({ isAbstract: true })
abstract class Tally {
  @Field(() => Count, { description: 'Records received: stored, duplicate or quarantined.' })
  readonly read!: number

  @Field(() => Count, { description: 'Records in the ledger.' })
  readonly stored!: number

  @Field(() => Count, { description: 'Records that were stored before.' })
  readonly duplicates!: number

  @Field(() => Count, { description: 'Records that could not be read; they wait in quarantine.' })
  readonly quarantined!: number

  @Field(() => DateTime, { nullable: true, description: 'When the last record arrived.' })
  readonly lastReceivedAt!: Instant | null

  @Field(() => DateTime, {
    nullable: true,
    description: 'Latest time that the source wrote into a record; none counts as later than its receipt.',
  })
  readonly lastOccurredAt!: Instant | null
}

@ObjectType({ description: 'Where records of the source arrive in order: a Kafka partition or a file.' })
export class Lane extends Tally {
  @Field(() => String, { description: 'Its name; `direct` for records that came by HTTP.' })
  readonly name!: string

  @Field(() => String, { nullable: true, description: 'Offset up to which it was read: a Kafka offset or a byte.' })
  readonly next!: string | null

  @Field(() => LaneAccount, { description: 'What became of all that the lane brought, of whatever source.' })
  readonly account!: LaneAccount
}

@ObjectType({ description: 'A field of a login\u2019s metadata that carries a claim of the issuer\u2019s token.' })
export class MappedClaim {
  @Field(() => String, { description: 'The claim, e.g. `run_id`.' })
  readonly claim!: string

  @Field(() => String, { description: 'The field that carries it.' })
  readonly field!: string
}

@ObjectType({ description: 'Whose identities a mount accepts, as the operator declared it.' })
export class Federation {
  @Field(() => String, { description: 'The auth mount, e.g. `auth/oidc/`.' })
  readonly mount!: string

  @Field(() => String, { description: 'The issuer, as `<kind>/<scope>`.' })
  readonly issuer!: string

  @Field(() => [MappedClaim], { description: 'The claims that its logins carry.' })
  readonly claims!: readonly MappedClaim[]

  @Field(() => String, { nullable: true, description: 'Client of the identity provider through which people sign in.' })
  readonly client!: string | null
}

@ObjectType({ description: 'First and last moment a source is heard of, in this state of knowledge.' })
export class Coverage {
  @Field(() => DateTime, { description: 'First moment.' })
  readonly from!: Instant

  @Field(() => DateTime, { description: 'Last moment.' })
  readonly to!: Instant
}

@ObjectType({
  description:
    'A system whose records Catena receives. Counts are of this moment, coverage is of the state of knowledge.',
})
export class Source extends Tally {
  @Field(() => String, { description: 'Its id in the configuration.' })
  readonly id!: string

  @Field(() => SourceKinds, { description: 'What kind of system it is.' })
  readonly kind!: SourceKind

  @Field(() => String, { description: 'Cluster, realm, tenant or host, as other sources refer to it.' })
  readonly scope!: string

  @Field(() => SourceStatuses, { description: 'Whether it is alive.' })
  readonly status!: SourceStatus

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Newest moment that a readable record tells of, and not later than its receipt: a clock that is ahead proves no later life.',
  })
  readonly heardAt!: Instant | null

  @Field(() => Float, { nullable: true, description: 'Longest silence that is normal, as declared; seconds.' })
  readonly heartbeatSeconds!: number | null

  @Field(() => Delay, {
    nullable: true,
    description: 'How late its records arrive; null where none is among the newest of the ledger.',
  })
  readonly delay!: Delay | null

  @Field(() => Boolean, { description: 'Is everything that its lanes brought accounted for?' })
  readonly conserved!: boolean

  @Field(() => Coverage, {
    nullable: true,
    description: 'When it was first and last heard of, no later than its records were received; null where it was not.',
  })
  readonly coverage!: Coverage | null

  @Field(() => Count, {
    description:
      'Records that its connector failed on, in this state of knowledge. They are stored, read again by the next version of Catena, and until then gaps of the source.',
  })
  readonly notInterpreted!: number

  @Field(() => [Lane], { description: 'Where its records arrive.' })
  readonly lanes!: readonly Lane[]

  @Field(() => [Federation], { description: 'Whose identities its mounts accept; undeclared ones are not joined.' })
  readonly federations!: readonly Federation[]

  @Field(() => [String], { description: 'Mounts or accounts that many hold, as prefixes.' })
  readonly sharedIdentities!: readonly string[]
}
