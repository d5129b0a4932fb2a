import type { SharingKind } from '@catena/governance'
import { Extensions, Field, ID, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { Evidenced } from '../records/evidenced.model.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { JsonScalar, Position } from '../scalars/index.js'

export const SharingKinds = declareEnum<SharingKind>('SharingKind', 'What can be decided about sharing.', {
  'sharing-workflow': 'Which credentials are shared, with whom, by whose leave, for how long.',
  grant: 'A request for access and what became of it.',
  'break-glass': 'Emergency access to one credential: the plan, and each activation to its review.',
  incident: 'A token for one incident.',
  migration: 'A shared CI credential on its way out.',
  exception: 'A bounded, compensated exception from controls.',
  'signing-release': 'Access to a signing key for one release.',
  'job-token': 'A token tied to a scheduled job.',
  exposure: 'A report that a secret leaked, was misused or was sent in the open.',
  alert: 'An anomaly alert that watches a credential.',
})

@Extensions({ evidence: 'id' })
@ObjectType({
  implements: () => [Evidenced],
  description: 'Something decided about the sharing of credentials, as it stands in this state of knowledge.',
})
export class SharingThing extends Evidenced {
  @Field(() => SharingKinds, { description: 'What it is.' })
  readonly kind!: SharingKind

  @Field(() => ID, { description: 'Its id among those of its kind; of break-glass, the credential.' })
  readonly id!: string

  @Field(() => String, {
    nullable: true,
    description: 'Where it stands, e.g. `requested` or `granted`; null where its kind has one course.',
  })
  readonly status!: string | null

  @Field(() => [ID], { description: 'The credentials it is about.' })
  readonly credentials!: readonly string[]

  @Field(() => JsonScalar, { description: 'All that was decided, by the names of docs/sharing.md.' })
  readonly state!: unknown
}

@ObjectType({ description: 'A page of things of sharing, those last decided on first.' })
export class SharingThingConnection extends connectionTypeOf('SharingThing', 'things of sharing', () => SharingThing) {}

@ObjectType({ description: 'What was decided.' })
export class SharingDecided {
  @Field(() => SharingKinds, { description: 'Of what kind of thing.' })
  readonly kind!: SharingKind

  @Field(() => ID, { description: 'Its id among those of its kind.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: 'Where it stands now; null where its kind has one course.' })
  readonly status!: string | null

  @Field(() => Position, { description: 'Place of the last decision in the ledger.' })
  readonly position!: number
}

export const SharingResult = resultUnion('SharingResult', () => SharingDecided)
