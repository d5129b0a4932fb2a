import type { Instant } from '@catena/domain'
import type { DestinationKind, DestinationStatus, FormatName, SeverityName } from '@catena/siem'
import { Field, ID, Int, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { Count, DateTime, Position } from '../scalars/index.js'

export const DestinationKinds = declareEnum<DestinationKind>('ExportKind', 'By what way events leave.', {
  kafka: 'A topic of Kafka.',
  syslog: 'Syslog (RFC 5424) over TLS, TCP or UDP.',
  webhook: 'Signed requests over HTTPS.',
  'event-collector': 'An HTTP event collector, as Splunk has it.',
  files: 'Files on the disk of the worker.',
})

export const ExportFormats = declareEnum<FormatName>('ExportFormat', 'In what format events leave.', {
  ocsf: 'OCSF 1.8.0.',
  ecs: 'Elastic Common Schema.',
  cef: 'ArcSight Common Event Format.',
  cloudevents: 'CloudEvents 1.0, structured JSON.',
})

export const DestinationStates = declareEnum<DestinationStatus>('ExportState', 'Whether a destination is sent to.', {
  active: 'It is sent to.',
  paused: 'A person stopped it; its backlog is kept.',
  disabled: 'Catena stopped it, because its receiver or address is not to be sent to; a person resumes it.',
})

export const ExportSeverities = declareEnum<SeverityName>('ExportSeverity', 'How grave an event of the feed is.', {
  informational: 'Nothing to do.',
  low: 'Worth a look some time.',
  medium: 'Worth a look this week.',
  high: 'Worth a look today.',
  critical: 'Act at once.',
})

@ObjectType({ description: 'What a destination has not acknowledged yet.' })
export class ExportBacklog {
  @Field(() => Count, { description: 'Events of the feed behind its checkpoint.' })
  readonly events!: number

  @Field(() => Count, { description: 'Their content as the feed holds it, bytes.' })
  readonly bytes!: number

  @Field(() => Count, { description: 'Seconds since the oldest of them entered the feed; 0 where there is none.' })
  readonly ageSeconds!: number
}

@ObjectType({
  description: 'Where the feed is sent, and how far it is. Secrets of a destination are named, never shown.',
})
export class ExportDestination {
  @Field(() => ID, { description: 'Its name.' })
  readonly id!: string

  @Field(() => DestinationKinds, { description: 'By what way events leave.' })
  readonly kind!: DestinationKind

  @Field(() => ExportFormats, { description: 'In what format.' })
  readonly format!: FormatName

  @Field(() => String, { description: 'Where to: host and port, URL without its query, topic or folder.' })
  readonly address!: string

  @Field(() => DestinationStates, { description: 'Whether it is sent to.' })
  readonly state!: DestinationStatus

  @Field(() => String, { nullable: true, description: 'Why Catena disabled it; null: it did not.' })
  readonly reason!: string | null

  @Field(() => [String], { description: 'Kinds of events that it gets; empty: all.' })
  readonly kinds!: readonly string[]

  @Field(() => [String], { description: 'Sources whose events it gets; empty: all.' })
  readonly sources!: readonly string[]

  @Field(() => ExportSeverities, { nullable: true, description: 'It gets this severity and worse; null: all.' })
  readonly severity!: SeverityName | null

  @Field(() => Position, { description: 'Last sequence of the feed that it acknowledged; 0: none.' })
  readonly sequence!: number

  @Field(() => Count, { description: 'Events that it took, repetitions not counted.' })
  readonly delivered!: number

  @Field(() => Count, { description: 'Events that it refused for good.' })
  readonly deadLetters!: number

  @Field(() => ExportBacklog, { description: 'What it has not acknowledged yet.' })
  readonly backlog!: ExportBacklog

  @Field(() => Int, { description: 'Failures in a row; 0 while it works.' })
  readonly failures!: number

  @Field(() => String, { nullable: true, description: 'The last of these failures; null: none since it worked.' })
  readonly lastError!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When that was; null: never.' })
  readonly lastErrorAt!: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'When its checkpoint last moved; null: never.' })
  readonly movedAt!: Instant | null
}

@ObjectType({ description: 'A page of destinations, by name.' })
export class ExportDestinationConnection extends connectionTypeOf('ExportDestination', 'destinations', () => ExportDestination) {} // prettier-ignore

@ObjectType({ description: 'An event of the feed that a destination will never take.' })
export class ExportDeadLetter {
  @Field(() => ID, { description: 'Number of the entry, ascending.' })
  readonly id!: string

  @Field(() => String, { description: 'Name of the destination.' })
  readonly destination!: string

  @Field(() => Position, { description: 'Sequence of the event in the feed.' })
  readonly sequence!: number

  @Field(() => String, { description: 'Id of the event, as receivers see it.' })
  readonly eventId!: string

  @Field(() => String, { description: 'Why it was refused, or must not leave.' })
  readonly reason!: string

  @Field(() => DateTime, { description: 'When.' })
  readonly refusedAt!: Instant
}

@ObjectType({ description: 'A page of dead letters, the newest first.' })
export class ExportDeadLetterConnection extends connectionTypeOf('ExportDeadLetter', 'dead letters', () => ExportDeadLetter) {} // prettier-ignore

@ObjectType({ description: 'What came of a test message.' })
export class ExportTest {
  @Field(() => String, { description: 'The exact line that was sent; empty where none could be.' })
  readonly line!: string

  @Field(() => String, { nullable: true, description: 'Why the receiver did not take it; null: it did.' })
  readonly fault!: string | null
}

export const ChangeDestinationResult = resultUnion('ChangeExportResult', () => ExportDestination)
export const TestDestinationResult = resultUnion('TestExportResult', () => ExportTest)
