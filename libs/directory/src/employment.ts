import type { Activity, Instant } from '@catena/domain'
import type { Employment, EmploymentState, Validity } from './port.js'
import { inOrder, statementsOf, timeOf, type Statement } from './statements.js'

/** Words of an import; anything else is not understood and says nothing. */
const STATED: Readonly<Record<string, EmploymentState>> = {
  active: 'active',
  'on leave': 'on leave',
  disabled: 'disabled',
  left: 'left',
}

/**
 * Whether the person worked here at the moment. The newest statement decides; what was only stated later says nothing of when it began,
 * except that whoever is there later, and was not created since, was there before.
 */
export function employmentAt(descriptions: readonly Activity[], at: Instant): Employment {
  const statements = employmentStatements(descriptions)
  const startsAt = newest(descriptions, 'startsAt')
  if (startsAt !== undefined && at < startsAt.at) return { state: 'unknown', evidence: startsAt.fact.positions }
  const past = statements.filter((statement) => statement.at <= at)
  const last = past.at(-1)
  if (last === undefined) return before(statements, at)
  const run = past.slice(past.findLastIndex(({ value }) => value !== last.value) + 1)
  const [first] = run
  const since = first !== undefined && (first.isChange || first !== statements[0]) ? { since: first.at } : {}
  return { state: last.value, ...since, evidence: evidenceOf([last, ...(first === undefined ? [] : [first])]) }
}

/** Nobody has left, or is locked, because a list of later says so; that a change made it so says what it was before. */
function before([next]: readonly Statement<EmploymentState>[], at: Instant): Employment {
  if (next === undefined || next.fact.attributes.created === true) return { state: 'unknown', evidence: [] }
  const { createdAt } = next.fact.attributes
  if (typeof createdAt === 'number' && at < createdAt) return { state: 'unknown', evidence: next.fact.positions }
  const isThere = next.value === 'active' && !next.isChange
  return { state: isThere ? 'active' : 'unknown', evidence: next.fact.positions }
}

const AWAY: ReadonlySet<EmploymentState> = new Set(['left', 'disabled'])

/** When the person certainly had left or was locked out: from the record that says so to the one that takes it back, or, of a list, to the last that says so. */
export function absencesIn(descriptions: readonly Activity[]): Validity[] {
  const absences: Validity[] = []
  let away: { from: Instant; last: Instant } | undefined
  for (const { value, at, isChange } of employmentStatements(descriptions)) {
    if (AWAY.has(value)) away = { from: away?.from ?? at, last: at }
    else if (away !== undefined) {
      absences.push({ from: away.from, to: isChange ? at : away.last })
      away = undefined
    }
  }
  return away === undefined ? absences : [...absences, { from: away.from }]
}

/** In order of time. A last day that is on record is the day of leaving, whenever it was written down; the newest word on it counts. */
export function employmentStatements(descriptions: readonly Activity[]): Statement<EmploymentState>[] {
  const stated = descriptions
    .filter((fact) => fact.outcome === 'succeeded')
    .flatMap((fact): Statement<EmploymentState>[] => {
      const value = stateIn(fact)
      return value === undefined ? [] : [{ value, ...timeOf(fact), fact }]
    })
  const end = newest(descriptions, 'endsAt')
  const left = end === undefined ? [] : [{ value: 'left' as const, at: end.at, isChange: true, fact: end.fact }]
  return [...stated, ...left].sort(inOrder)
}

/** The day that the newest statement of it names; undefined also where that takes an earlier one back. */
function newest(descriptions: readonly Activity[], attribute: string): { at: Instant; fact: Activity } | undefined {
  const last = statementsOf(descriptions, attribute).at(-1)
  return typeof last?.value === 'number' ? { at: last.value, fact: last.fact } : undefined
}

function stateIn({ attributes }: Activity): EmploymentState | undefined {
  if (attributes.deleted === true) return 'left'
  if (typeof attributes.employment === 'string') return STATED[attributes.employment]
  if (attributes.enabled === false) return 'disabled'
  return attributes.enabled === true || attributes.created === true ? 'active' : undefined
}

function evidenceOf(statements: readonly Statement<EmploymentState>[]): number[] {
  return [...new Set(statements.flatMap(({ fact }) => fact.positions))].sort((a, b) => a - b)
}
