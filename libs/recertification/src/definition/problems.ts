import { isPersonKey, type Instant } from '@catena/domain'
import { firstOccurrences } from '../schedule/occurrences.js'
import { BadSchedule } from '../schedule/rule.js'
import { isTimeZone } from '../schedule/wall-clock.js'
import { WATCH_DAYS_MAX, type Definition, type Stage } from './definition.js'
import { BadScope, parseScope } from './scope.js'

const DAY_MS = 86_400_000
/** Occurrences over which intervals are compared with the length of a campaign. */
const LOOK_AHEAD = 40
const NAME_MAX = 200
/** Ten years, which no campaign takes: days that no calendar counts would stop its clock. */
const DAYS_MAX = 3_660

/** Everything that is wrong with a definition, a sentence each that says what to do; empty: it can be kept. */
export function problemsOf(definition: Definition): string[] {
  return [
    ...problemsOfNames(definition),
    ...problemsOfScope(definition),
    ...problemsOfStages(definition.stages),
    ...problemsOfSchedule(definition),
    ...problemsOfNumbers(definition),
  ]
}

/** Days from launch until late decisions are refused. */
export function lengthDays({ stages, graceDays }: Pick<Definition, 'stages' | 'graceDays'>): number {
  return Math.max(0, ...stages.map(({ toDay }) => toDay)) + graceDays
}

function problemsOfNames({ name, zone }: Definition): string[] {
  const problems = []
  if (name.trim() === '' || name.length > NAME_MAX) problems.push(`name: write 1 to ${NAME_MAX} characters`)
  if (!isTimeZone(zone)) problems.push(`zone: there is no time zone ${zone}: write one such as Europe/Berlin`)
  return problems
}

function problemsOfScope({ scope }: Definition): string[] {
  try {
    parseScope(scope)
    return []
  } catch (error) {
    if (error instanceof BadScope) return [`scope: ${error.message}`]
    throw error
  }
}

function problemsOfStages(stages: readonly Stage[]): string[] {
  if (stages.length === 0) return ['stages: a campaign needs at least one']
  return stages.flatMap((stage, index) => [...problemsOfStage(stage), ...overlap(stages[index - 1], stage)])
}

function problemsOfStage({ name, fromDay, toDay, reviewers, quorum }: Stage): string[] {
  const problems = []
  if (!Number.isInteger(fromDay) || !Number.isInteger(toDay) || fromDay < 0 || toDay <= fromDay)
    problems.push(`stage ${name}: it runs from day ${fromDay} to day ${toDay}: its end lies behind its beginning, in whole days`)
  if (toDay > DAYS_MAX) problems.push(`stage ${name}: it ends on day ${toDay}: choose at most ${DAYS_MAX}`)
  if (reviewers.length === 0) problems.push(`stage ${name}: it has no reviewer rule, so nobody would review`)
  if (reviewers.some((rule) => rule.kind === 'people' && rule.people.length === 0))
    problems.push(`stage ${name}: a rule of named people names nobody`)
  for (const person of reviewers.flatMap((rule) => (rule.kind === 'people' ? rule.people : [])))
    if (!isPersonKey(person)) problems.push(`stage ${name}: ${person} is no key of a person: write it as person:<system>:<id>`)
  if (!Number.isInteger(quorum) || quorum < 1) problems.push(`stage ${name}: the quorum is ${quorum}: ask for at least one vote`)
  return problems
} // prettier-ignore

function overlap(before: Stage | undefined, stage: Stage): string[] {
  if (before === undefined || stage.fromDay >= before.toDay) return []
  return [
    `stages ${before.name} and ${stage.name} overlap: the second begins on day ${stage.fromDay}, before the first ends on day ${before.toDay}`,
  ]
}

function problemsOfSchedule(definition: Definition): string[] {
  if (definition.schedule === undefined) return []
  try {
    const occurrences = firstOccurrences(definition.schedule, LOOK_AHEAD)
    if (occurrences.length === 0) return [`schedule: ${definition.schedule.rule} never fires: correct the rule or its start`]
    return tooLong(definition, occurrences)
  } catch (error) {
    if (error instanceof BadSchedule) return [`schedule: ${error.message}`]
    throw error
  }
} // prettier-ignore

/** The shortest interval counts: two campaigns of one definition must not run at once. */
function tooLong(definition: Definition, occurrences: readonly Instant[]): string[] {
  const intervals = occurrences.slice(1).map((at, index) => at - (occurrences[index] ?? at))
  const shortest = Math.min(...intervals) / DAY_MS
  const days = lengthDays(definition)
  if (days < shortest) return []
  return [
    `schedule: a campaign takes ${days} days with its grace, and the next begins after ${Math.floor(shortest)}: shorten it or widen the interval`,
  ]
}

function problemsOfNumbers(definition: Definition): string[] {
  const range = (name: keyof Definition, low: number, high: number): string[] => {
    const value = definition[name]
    const isIn = typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high
    return isIn ? [] : [`${name}: it is ${JSON.stringify(value)}: choose ${low} to ${high}`]
  }
  return [
    ...range('graceDays', 0, 365),
    ...range('silenceWindowDays', 1, 365),
    ...range('remediationDays', 1, 365),
    ...range('bulkMax', 1, 10_000),
    ...range('reasonAboveRisk', 0, 100),
    ...range('evidenceDaysMax', 1, 365),
    ...(definition.reviewsPerWeekMax === undefined ? [] : range('reviewsPerWeekMax', 1, 10_000)),
    ...(definition.watchDays === undefined ? [] : range('watchDays', 0, WATCH_DAYS_MAX)),
    ...range('incompletePercentMax', 0, 100),
    ...problemsOfReminders(definition),
    ...problemsOfEscalation(definition),
  ]
}

function problemsOfReminders({ remindDaysBefore }: Definition): string[] {
  const far = remindDaysBefore.find((days) => !isNear(days))
  return far === undefined ? [] : [`remindDaysBefore: it has ${far}: choose ${-DAYS_MAX} to ${DAYS_MAX}`]
}

function isNear(days: number): boolean {
  return Math.abs(days) <= DAYS_MAX
}

function problemsOfEscalation({ escalation }: Definition): string[] {
  return escalation.flatMap(({ action, to = [], afterDays }) => {
    if (!isNear(afterDays))
      return [`escalation: ${action} comes after ${afterDays} days: choose ${-DAYS_MAX} to ${DAYS_MAX}`]
    return to.length === 0 && (action === 'add-reviewer' || action === 'replace')
      ? [`escalation: ${action} after ${afterDays} days names nobody: say who in \`to\``]
      : []
  })
}
