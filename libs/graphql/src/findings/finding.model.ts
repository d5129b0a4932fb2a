import type { Instant } from '@catena/domain'
import { type Severity } from '@catena/governance'
import { Extensions, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql'
import { resultUnion } from '../commands/refused.model.js'
import { connectionTypeOf } from '../paging/connection.js'
import { Evidenced } from '../records/evidenced.model.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { DateTime, Position } from '../scalars/index.js'

export const FindingSeverities = declareEnum<Severity>('FindingSeverity', 'How grave a failure is.', {
  critical: 'To be dealt with at once.',
  high: 'To be dealt with today.',
  medium: 'To be dealt with this week.',
  low: 'To be dealt with when there is time.',
})

export const FindingStates = declareEnum<'open' | 'closed'>('FindingState', 'Where a finding stands.', {
  open: 'The control fails.',
  closed: 'The facts say that it fails no more.',
})

@ObjectType({ description: 'What somebody said of a finding.' })
export class FindingComment {
  @Field(() => String, { description: 'The comment.' })
  readonly text!: string

  @Field(() => String, { description: 'Id of the caller who wrote it.' })
  readonly by!: string

  @Field(() => DateTime, { description: 'When.' })
  readonly at!: Instant
}

@Extensions({ evidence: 'id' })
@ObjectType({
  implements: () => [Evidenced],
  description: 'One control that fails on one credential. Opened and closed by the facts, never by hand.',
})
export class ControlFinding extends Evidenced {
  @Field(() => ID, { description: 'Opaque and stable, however often it opens.' })
  readonly id!: string

  @Field(() => ID, { description: 'The credential.' })
  readonly credential!: string

  @Field(() => String, { description: 'Id of the control, as docs/controls names it.' })
  readonly control!: string

  @Field(() => FindingStates, { description: 'Where it stands.' })
  readonly state!: 'open' | 'closed'

  @Field(() => FindingSeverities, { description: 'How grave it is.' })
  readonly severity!: Severity

  @Field(() => String, { description: 'Why it is that grave.' })
  readonly because!: string

  @Field(() => String, { description: 'What is wrong, or what closed it, in a sentence.' })
  readonly reason!: string

  @Field(() => DateTime, { description: 'When it opened last.' })
  readonly openedAt!: Instant

  @Field(() => DateTime, { nullable: true, description: 'When it closed; null while it is open.' })
  readonly closedAt!: Instant | null

  @Field(() => Int, { description: 'How often it opened.' })
  readonly episode!: number

  @Field(() => String, { nullable: true, description: 'Who works on it.' })
  readonly assignedTo!: string | null

  @Field(() => [FindingComment], { description: 'What people said of it, oldest first.' })
  readonly comments!: readonly FindingComment[]
}

@ObjectType({ description: 'A page of findings, gravest first, then those last heard of first.' })
export class ControlFindingConnection extends connectionTypeOf('ControlFinding', 'findings', () => ControlFinding) {}

@InputType({ description: 'Which findings; every member narrows.' })
export class FindingQuery {
  @Field(() => FindingStates, { nullable: true, description: 'Where they stand; left out: anywhere.' })
  readonly state?: 'open' | 'closed' | null

  @Field(() => FindingSeverities, { nullable: true, description: 'How grave they are.' })
  readonly severity?: Severity | null

  @Field(() => String, { nullable: true, description: 'Of this control.' })
  readonly control?: string | null

  @Field(() => ID, { nullable: true, description: 'Of this credential.' })
  readonly credential?: string | null
}

@ObjectType({ description: 'What was done about a finding.' })
export class FindingChanged {
  @Field(() => ID, { description: 'The finding.' })
  readonly id!: string

  @Field(() => Position, { description: 'Place of the decision in the ledger.' })
  readonly position!: number
}

export const FindingResult = resultUnion('FindingResult', () => FindingChanged)
