import type { SourceStatus } from '@catena/ledger'
import { Field, Float, ObjectType } from '@nestjs/graphql'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count } from '../scalars/index.js'

export const SourceStatuses = declareEnum<SourceStatus>('SourceStatus', 'Whether a source is alive.', {
  healthy: 'Heard within its declared heartbeat.',
  silent: 'Not heard for longer than its declared heartbeat, since `heardAt`.',
  'never-heard': 'Nothing readable ever came of it.',
  unknown: 'It declares no heartbeat, so its silence cannot be told.',
})

@ObjectType({
  description:
    'From the time that records bear to their entry into the ledger, of the source\u2019s records among the newest of the ledger; negative where the source\u2019s clock is ahead.',
})
export class Delay {
  @Field(() => Count, { description: 'Records that were looked at.' })
  readonly records!: number

  @Field(() => Float, { description: 'Median, seconds.' })
  readonly medianSeconds!: number

  @Field(() => Float, { description: 'Greatest, seconds.' })
  readonly greatestSeconds!: number
}

@ObjectType({
  description:
    'The conservation law of a lane, over all sources that it carries: everything read is stored, a duplicate or quarantined, and every offset of a Kafka partition is read or a hole.',
})
export class LaneAccount {
  @Field(() => Count, { description: 'Offsets that held no record: compacted, blank, or a marker.' })
  readonly holes!: number

  @Field(() => Count, { nullable: true, description: 'Offsets consumed; null where the lane is no Kafka partition.' })
  readonly offsets!: number | null

  @Field(() => Float, { description: 'Records read that became nothing; 0 where the law holds.' })
  readonly missingRecords!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Offsets that are neither read nor holes; 0 where the law holds, null where there are none.',
  })
  readonly missingOffsets!: number | null

  @Field(() => Boolean, { description: 'Does the law hold?' })
  readonly conserved!: boolean
}
