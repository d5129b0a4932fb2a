import type { Instant } from '@catena/domain'
import { createUnionType, Field, InputType, Int, ObjectType } from '@nestjs/graphql'
import { connectionTypeOf } from '../paging/connection.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count, DateTime, Position } from '../scalars/index.js'

export const QuarantineStates = declareEnum<'open' | 'released'>('QuarantineState', 'What became of a record.', {
  open: 'It is not in the ledger.',
  released: 'It is in the ledger: a release stored it, or found it there.',
})

export type Outcome = 'stored' | 'duplicate' | 'unreadable' | 'gone' | 'unreached'

export const Outcomes = declareEnum<Outcome>('ReleaseOutcome', 'What became of an attempt to release a record.', {
  stored: 'It could be read now, and is in the ledger.',
  duplicate: 'It was in the ledger already.',
  unreadable: 'Its bytes were found again, and cannot be read.',
  gone: 'Its bytes are not to be had any more at the place where they were.',
  unreached: 'The place could not be looked at now; nothing was noted.',
})

@ObjectType({ description: 'A message of a topic.' })
export class KafkaPlace {
  @Field(() => String, { description: 'The topic.' })
  readonly topic!: string

  @Field(() => Int, { description: 'Its partition.' })
  readonly partition!: number

  @Field(() => String, { description: 'The offset in the partition.' })
  readonly offset!: string
}

@ObjectType({ description: 'A range of bytes of a file, counted in its unpacked content.' })
export class FilePlace {
  @Field(() => String, { description: 'The path as it was given; `-` is the standard input.' })
  readonly file!: string

  @Field(() => Count, { description: 'First byte.' })
  readonly from!: number

  @Field(() => Count, { description: 'Byte behind the last.' })
  readonly to!: number
}

@ObjectType({ description: 'A record of a request, of which no copy is kept.' })
export class HttpPlace {
  @Field(() => String, { description: 'The id that the answer to the request bore.' })
  readonly request!: string

  @Field(() => Int, { description: 'Which of its records, from 0.' })
  readonly index!: number
}

export type Place = KafkaPlace | FilePlace | HttpPlace

export const PlaceUnion = createUnionType({
  name: 'RecordPlace',
  description: 'Where the bytes of a record were read.',
  types: () => [KafkaPlace, FilePlace, HttpPlace] as const,
  resolveType: (place: Place) => ('topic' in place ? KafkaPlace : 'file' in place ? FilePlace : HttpPlace),
})

@ObjectType({ description: 'What one attempt to release a record came to.' })
export class ReleaseAttempt {
  @Field(() => Position, { description: 'Id of the record in quarantine.' })
  readonly id!: number

  @Field(() => Outcomes, { description: 'What became of it.' })
  readonly outcome!: Outcome

  @Field(() => Boolean, { description: 'False: it was released before, and this tells of then.' })
  readonly isNew!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'Source under which it was read; null where it was not looked at.',
  })
  readonly source!: string | null

  @Field(() => Position, { nullable: true, description: 'Where the record stands in the ledger.' })
  readonly position!: number | null

  @Field(() => String, { nullable: true, description: 'Why it stays in quarantine.' })
  readonly reason!: string | null

  @Field(() => String, { nullable: true, description: 'Who asked for it.' })
  readonly actor!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When; null where nothing was noted.' })
  readonly at!: Instant | null
}

@ObjectType({ description: 'A record that could not be read: everything about it but its content.' })
export class QuarantinedRecord {
  @Field(() => Position, { description: 'By which it is released.' })
  readonly id!: number

  @Field(() => String, { description: 'Id of its source, or the name that its message gave.' })
  readonly source!: string

  @Field(() => PlaceUnion, { description: 'Where its bytes were read.' })
  readonly place!: Place

  @Field(() => String, { description: 'Keyed hash of its exact bytes.' })
  readonly recordId!: string

  @Field(() => Count, { description: 'Its length in bytes.' })
  readonly lengthBytes!: number

  @Field(() => String, { description: 'Why it could not be read.' })
  readonly reason!: string

  @Field(() => String, { description: 'Its beginning with every letter and digit masked.' })
  readonly shape!: string

  @Field(() => Count, { description: 'How often it came.' })
  readonly seen!: number

  @Field(() => DateTime, { description: 'When it came first.' })
  readonly firstSeenAt!: Instant

  @Field(() => DateTime, { description: 'When it came last.' })
  readonly lastSeenAt!: Instant

  @Field(() => QuarantineStates, { description: 'What became of it.' })
  readonly state!: 'open' | 'released'

  @Field(() => Count, { description: 'Attempts to release it.' })
  readonly attempts!: number

  @Field(() => ReleaseAttempt, { nullable: true, description: 'The attempt that released it, else the newest.' })
  readonly lastAttempt!: ReleaseAttempt | null
}

@ObjectType({ description: 'A page of quarantined records, in the order in which they came.' })
export class QuarantineConnection extends connectionTypeOf(
  'QuarantinedRecord',
  'quarantined records',
  () => QuarantinedRecord,
) {}

@ObjectType({ description: 'How many records of a source are in quarantine.' })
export class QuarantineCount {
  @Field(() => String, { description: 'Id of the source, or the name that messages gave.' })
  readonly source!: string

  @Field(() => Count, { description: 'Not released.' })
  readonly open!: number

  @Field(() => Count, { description: 'Released.' })
  readonly released!: number
}

@InputType({ description: 'Which quarantined records; every member narrows.' })
export class QuarantineFilter {
  @Field(() => String, { nullable: true, description: 'Of this source.' })
  readonly source?: string | null

  @Field(() => QuarantineStates, { nullable: true, description: 'Open or released; left out: both.' })
  readonly state?: 'open' | 'released' | null
}
