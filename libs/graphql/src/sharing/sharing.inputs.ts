import type { Instant, Key } from '@catena/domain'
import { EXCEPTION_KINDS, EXPOSURE_KINDS } from '@catena/governance'
import { Field, Float, ID, InputType } from '@nestjs/graphql'
import { declareEnum } from '../scalars/declare-enum.js'
import { DateTime, KeyScalar } from '../scalars/index.js'

export const ExceptionKinds = declareEnum<(typeof EXCEPTION_KINDS)[number]>(
  'SharingExceptionKind',
  'Why a control cannot hold.',
  {
    'no-granular-roles': 'The target has no roles finer than this credential.',
    'vendor-portal': 'A portal of a vendor that knows one account.',
    'legacy-batch': 'A batch job that cannot be changed yet.',
    'accepted-risk': 'The risk is known and accepted for a time.',
  },
)

export const ExposureKinds = declareEnum<(typeof EXPOSURE_KINDS)[number]>('ExposureKind', 'How a secret came out.', {
  leak: 'It was found where it should not be.',
  scanner: 'A scanner reported it.',
  misuse: 'It was used by somebody who should not have it.',
  'insecure-sharing': 'It was sent by mail, chat or ticket.',
})

@InputType({ description: 'A person, workload or group, by key and name.' })
export class NamedKey {
  @Field(() => KeyScalar, { description: 'Its key, as answers name it.' })
  readonly key!: Key

  @Field(() => String, { description: 'Its name, for people to read.' })
  readonly name!: string
}

@InputType({ description: 'Who should have access to what, why and how long.' })
export class AccessRequestInput {
  @Field(() => [ID], { description: 'The credentials.' })
  readonly credentials!: string[]

  @Field(() => NamedKey, { nullable: true, description: 'For whom; left out: for the caller.' })
  readonly to?: NamedKey | null

  @Field(() => Boolean, { defaultValue: false, description: 'It is a role or group: whoever is in it at the time.' })
  readonly toRole!: boolean

  @Field(() => String, { description: 'Why.' })
  readonly reason!: string

  @Field(() => DateTime, { nullable: true, description: 'Since when; left out: now.' })
  readonly from?: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Until when, exclusive; without an end it is a finding.' })
  readonly until?: Instant | null

  @Field(() => String, { nullable: true, description: 'For what part of what it opens, in words.' })
  readonly scope?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'The sharing workflow under which it is asked: its approver decides.',
  })
  readonly workflow?: string | null
}

@InputType({ description: 'What of a request is granted; what is left out is granted as asked.' })
export class ApprovalInput {
  @Field(() => DateTime, { nullable: true, description: 'Since when; not before what was asked.' })
  readonly from?: Instant | null

  @Field(() => DateTime, { nullable: true, description: 'Until when, exclusive; not after what was asked.' })
  readonly until?: Instant | null

  @Field(() => String, { nullable: true, description: 'For what part, in words.' })
  readonly scope?: string | null

  @Field(() => String, { nullable: true, description: 'Why.' })
  readonly reason?: string | null
}

@InputType({ description: 'The parts of a sharing workflow. One that is left out is a finding.' })
export class SharingWorkflowInput {
  @Field(() => [ID], { description: 'The credentials that it shares.' })
  readonly credentials!: string[]

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string

  @Field(() => NamedKey, { nullable: true, description: 'The one identity that owns it.' })
  readonly owner?: NamedKey | null

  @Field(() => String, { nullable: true, description: 'Group or pipeline that shares.' })
  readonly sharedWith?: string | null

  @Field(() => NamedKey, { nullable: true, description: 'Who approves.' })
  readonly approver?: NamedKey | null

  @Field(() => Float, { nullable: true, description: 'Longest access window, hours.' })
  readonly windowHours?: number | null

  @Field(() => String, { nullable: true, description: 'Where uses are logged.' })
  readonly loggingDestination?: string | null

  @Field(() => String, { nullable: true, description: 'How it is replaced when it must be, at once.' })
  readonly replacementPath?: string | null

  @Field(() => String, { nullable: true, description: 'Whom to call when something is wrong.' })
  readonly escalation?: string | null

  @Field(() => Boolean, { defaultValue: false, description: 'Agents take part in it.' })
  readonly aiEnabled!: boolean

  @Field(() => Boolean, { nullable: true, description: 'A person confirms what crosses a trust boundary.' })
  readonly confirmed?: boolean | null
}

@InputType({ description: 'Who may break the glass, when, and how it is reviewed.' })
export class BreakGlassPlanInput {
  @Field(() => [NamedKey], { description: 'People or groups who may activate it.' })
  readonly mayActivate!: NamedKey[]

  @Field(() => String, { description: 'When it may be activated, in words.' })
  readonly condition!: string

  @Field(() => Float, { description: 'Hours from the activation to its close.' })
  readonly closeWithinHours!: number

  @Field(() => Float, { description: 'Hours from the activation to its review.' })
  readonly reviewWithinHours!: number

  @Field(() => NamedKey, { description: 'Who reviews.' })
  readonly reviewer!: NamedKey
}

@InputType({ description: 'A control that compensates for an exception, and how often it is heard.' })
export class CompensationInput {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string

  @Field(() => Float, { description: 'Longest silence that is still normal, hours; after it the exception is void.' })
  readonly heartbeatHours!: number
}

@InputType({ description: 'An exception that is asked for.' })
export class ExceptionInput {
  @Field(() => [ID], { description: 'The credentials.' })
  readonly credentials!: string[]

  @Field(() => ExceptionKinds, { description: 'Why a control cannot hold.' })
  readonly kind!: (typeof EXCEPTION_KINDS)[number]

  @Field(() => [String], { description: 'Ids of the controls that it excuses.' })
  readonly controls!: string[]

  @Field(() => String, { description: 'Why.' })
  readonly reason!: string

  @Field(() => String, { description: 'What could be reached if it went wrong.' })
  readonly blastRadius!: string

  @Field(() => DateTime, { nullable: true, description: 'Since when; left out: now.' })
  readonly from?: Instant | null

  @Field(() => DateTime, { description: 'Until when, exclusive.' })
  readonly until!: Instant

  @Field(() => [CompensationInput], { description: 'What compensates for it.' })
  readonly compensations!: CompensationInput[]
}

@InputType({ description: 'A secret that came out. Never write its value.' })
export class ExposureInput {
  @Field(() => [ID], { description: 'The credentials.' })
  readonly credentials!: string[]

  @Field(() => ExposureKinds, { description: 'How it came out.' })
  readonly how!: (typeof EXPOSURE_KINDS)[number]

  @Field(() => DateTime, { nullable: true, description: 'When, as far as known; left out: now.' })
  readonly exposedAt?: Instant | null

  @Field(() => String, { description: 'Where and how, in words.' })
  readonly words!: string
}
