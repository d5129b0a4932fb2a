import type { Instant, Json } from '@catena/domain'
import { Extensions, Field, ObjectType } from '@nestjs/graphql'
import { DateTime, JsonScalar, Position } from '../scalars/index.js'

@Extensions({ evidence: 'position' })
@ObjectType({
  description: 'An entry of the ledger as it is stored: redacted before it was written, never changed since.',
})
export class EvidenceRecord {
  @Field(() => Position, { description: 'Its place in the ledger.' })
  readonly position!: number

  @Field(() => String, {
    description: 'Id of the source that wrote it, as configured; `catena` for decisions made here.',
  })
  readonly source!: string

  @Field(() => String, { description: 'Which of the source\u2019s streams, e.g. `audit`, `server`, `webhooks`.' })
  readonly stream!: string

  @Field(() => String, { description: 'The source\u2019s own name of the type.' })
  readonly type!: string

  @Field(() => DateTime, { description: 'When it happened, by the source\u2019s clock.' })
  readonly occurredAt!: Instant

  @Field(() => DateTime, { description: 'When Catena stored it.' })
  readonly recordedAt!: Instant

  @Field(() => String, {
    description: 'Keyed hash of the exact record, in hex: the same record again has the same id.',
  })
  readonly recordId!: string

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'What is stored of the record: allowed fields in clear, others as keyed hashes. Null after an erasure.',
  })
  readonly payload!: Json
}
