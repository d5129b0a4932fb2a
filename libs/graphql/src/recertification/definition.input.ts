import type { Key } from '@catena/domain'
import {
  DEFINITION_DEFAULTS,
  type Definition,
  type EscalationAction,
  type ReviewerRule,
  type Trigger,
} from '@catena/recertification'
import { Field, InputType, Int } from '@nestjs/graphql'
import { badInput } from '../errors/api-error.js'
import { declareEnum } from '../scalars/declare-enum.js'
import { KeyScalar } from '../scalars/index.js'

type RuleKind = ReviewerRule['kind']
const ReviewerRuleKinds = declareEnum<RuleKind>('ReviewerRuleKind', 'Who is asked to review.', {
  owner: 'Whoever answers for the credential.',
  'owners-manager': 'The manager of the owner.',
  'accessors-manager': 'The manager of whoever has the access.',
  sponsor: 'Whoever answers for the workload or agent that has the access.',
  people: 'The people named.',
  group: 'Members of the group named.',
})
const EscalationActions = declareEnum<EscalationAction>('EscalationAction', 'What is done about what is overdue.', {
  remind: 'Remind again who has not finished.',
  'add-reviewer': 'Ask somebody else too.',
  replace: 'Ask somebody else instead.',
  'default-outcome': 'Let the rule for silence end it.',
})
const SilenceRules = declareEnum<'expire' | 'revoke'>('SilenceRule', 'What an unanswered item ends with. Never with a certify.', {
  expire: 'It expires unreviewed.',
  revoke: 'It is revoked, once somebody has looked at the impact.',
}) // prettier-ignore
const Modes = declareEnum<Definition['remediation']>('RemediationMode', 'How a revoke or modify is carried out.', {
  automatic: 'By a connector that was given the right to.',
  'hand-over': 'By people: an order with a due date.',
  'report-only': 'Not by Catena: it is reported.',
})
const CatchUps = declareEnum<Definition['catchUp']>('CatchUp', 'What becomes of occurrences that passed while nothing ran.', {
  all: 'Each is begun.',
  latest: 'The latest is begun; those before are noted as missed.',
  none: 'None is begun; all are noted as missed.',
}) // prettier-ignore

const Triggers = declareEnum<Trigger>('ReviewTrigger', 'What makes a micro-certification at once.', {
  'owner left': 'Whoever answers for the credential left, or nobody does.',
  'new consumer': 'Somebody obtained it for the first time.',
  'wider privilege': 'An access became privileged.',
  'human used a workload credential': 'A person obtained what workloads use.',
  'copied to another environment': 'It is used in two environments.',
  'rotation overdue': 'It was not rotated in time.',
  'break-glass used': 'It was opened in an emergency.',
  'accessor left': 'Somebody who has the access left.',
  'role changed': 'Somebody who has the access moved to other groups, or goes on using it after a move.',
  'control failed': 'Any control came to uncontrolled.',
  'decision contradicted': 'What became known after the seal of a campaign speaks against what was decided there.',
}) // prettier-ignore

@InputType({ description: 'One rule of a stage. Rules are tried in order until one finds somebody eligible.' })
export class ReviewerRuleInput {
  @Field(() => ReviewerRuleKinds, { description: 'Who.' })
  readonly kind!: RuleKind

  @Field(() => [KeyScalar], { nullable: true, description: 'Keys of the people, of the kind PEOPLE.' })
  readonly people?: Key[] | null

  @Field(() => KeyScalar, { nullable: true, description: 'Key of the group, of the kind GROUP.' })
  readonly group?: Key | null
}

@InputType({ description: 'One stage of a campaign.' })
export class StageInput {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string

  @Field(() => Int, { description: 'First day, counted from the launch.' })
  readonly fromDay!: number

  @Field(() => Int, { description: 'Day on which it ends.' })
  readonly toDay!: number

  @Field(() => Int, { defaultValue: 1, description: 'Votes that an outcome needs; abstentions do not count.' })
  readonly quorum!: number

  @Field(() => [ReviewerRuleInput], { description: 'Who reviews; later rules are fallbacks.' })
  readonly reviewers!: ReviewerRuleInput[]
}

@InputType({ description: 'When campaigns begin by themselves.' })
export class ScheduleInput {
  @Field(() => String, { description: 'A recurrence rule of RFC 5545 without its start, e.g. `FREQ=MONTHLY;INTERVAL=3`.' })
  readonly rule!: string

  @Field(() => String, { description: 'Time zone of the IANA database, e.g. `Europe/Berlin`.' })
  readonly zone!: string

  @Field(() => String, { description: 'First time of day in that zone, e.g. `2026-01-01T09:00`.' })
  readonly start!: string
} // prettier-ignore

@InputType({ description: 'One step of the ladder for what is overdue.' })
export class EscalationInput {
  @Field(() => Int, { description: 'Days after the end of the stage.' })
  readonly afterDays!: number

  @Field(() => EscalationActions, { description: 'What is done.' })
  readonly action!: EscalationAction

  @Field(() => [ReviewerRuleInput], { nullable: true, description: 'Whom ADD_REVIEWER adds and REPLACE puts in.' })
  readonly to?: ReviewerRuleInput[] | null
}

@InputType({ description: 'What a campaign is to be.' })
export class CampaignDefinitionInput {
  @Field(() => String, { description: 'Its name.' })
  readonly name!: string

  @Field(() => String, { description: 'A filter over accesses, e.g. `system = "vault/prod" and unused_days > 90`; `all` is everything.' })
  readonly scope!: string

  @Field(() => ScheduleInput, { nullable: true, description: 'Left out: begun by hand.' })
  readonly schedule?: ScheduleInput | null

  @Field(() => String, { nullable: true, description: 'Zone of deadlines where no schedule names one; UTC where left out.' })
  readonly zone?: string | null

  @Field(() => [StageInput], { description: 'At least one; they do not overlap.' })
  readonly stages!: StageInput[]

  @Field(() => [Triggers], { nullable: true, description: 'What makes a micro-certification of what it happened to, at once; none where left out.' })
  readonly triggers?: Trigger[] | null

  @Field(() => Int, { nullable: true, description: 'Items that triggers may give one reviewer within seven days; what is more waits. 25 where left out.' })
  readonly reviewsPerWeekMax?: number | null

  @Field(() => CatchUps, { nullable: true, description: 'LATEST where left out.' })
  readonly catchUp?: Definition['catchUp'] | null

  @Field(() => [Int], { nullable: true, description: 'Days before the end of a stage on which reviewers are reminded; negative: after it.' })
  readonly remindDaysBefore?: number[] | null

  @Field(() => [EscalationInput], { nullable: true, description: 'The ladder for what is overdue.' })
  readonly escalation?: EscalationInput[] | null

  @Field(() => Int, { nullable: true, description: 'Days after the last stage in which late decisions are accepted.' })
  readonly graceDays?: number | null

  @Field(() => SilenceRules, { nullable: true, description: 'EXPIRE where left out.' })
  readonly silence?: Definition['silence'] | null

  @Field(() => Modes, { nullable: true, description: 'HAND_OVER where left out.' })
  readonly remediation?: Definition['remediation'] | null

  @Field(() => Int, { nullable: true, description: 'Days without a success after which a revoke is verified.' })
  readonly silenceWindowDays?: number | null

  @Field(() => Int, { nullable: true, description: 'Days until a remediation is due.' })
  readonly remediationDays?: number | null

  @Field(() => Int, { nullable: true, description: 'Most items of one bulk decision.' })
  readonly bulkMax?: number | null

  @Field(() => Int, { nullable: true, description: 'Above this risk each item of a bulk decision needs its own reason; 0 to 100.' })
  readonly reasonAboveRisk?: number | null

  @Field(() => Int, { nullable: true, description: 'Days after which evidence is too old for a bulk decision.' })
  readonly evidenceDaysMax?: number | null

  @Field(() => Int, { nullable: true, description: 'Sources that may be incomplete before a launch is blocked, in percent.' })
  readonly incompletePercentMax?: number | null

  @Field(() => Boolean, { nullable: true, description: 'Launch although more are incomplete, with the caveat written into the campaign.' })
  readonly launchIncomplete?: boolean | null

  @Field(() => Int, { nullable: true, description: 'Days after the seal in which what becomes known is still compared with what was decided; 0: none. 92 where left out.' })
  readonly watchDays?: number | null
} // prettier-ignore

export function toDefinition({ stages, escalation, schedule, ...given }: CampaignDefinitionInput): Definition {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value != null))
  return {
    ...DEFINITION_DEFAULTS,
    ...(set as typeof given & { name: string; scope: string }),
    stages: stages.map(({ name, fromDay, toDay, quorum, reviewers }) => ({ name, fromDay, toDay, quorum, reviewers: reviewers.map(toRule) })),
    ...(schedule == null ? {} : { schedule: { rule: schedule.rule, zone: schedule.zone, start: schedule.start } }),
    ...(escalation == null ? {} : { escalation: escalation.map(({ to, ...step }) => ({ ...step, ...(to == null ? {} : { to: to.map(toRule) }) })) }),
  } as Definition
} // prettier-ignore

function toRule({ kind, people, group }: ReviewerRuleInput): ReviewerRule {
  if (kind === 'people') return { kind, people: people ?? [] }
  if (kind !== 'group') return { kind }
  if (group == null) throw badInput('a rule of the kind GROUP names its group')
  return { kind, group }
}
