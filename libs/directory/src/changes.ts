import type { Activity, Key } from '@catena/domain'
import { employmentStatements } from './employment.js'
import type { DirectoryChange, DirectoryChangeKind, EmploymentState, Membership } from './port.js'
import { statementsOf } from './statements.js'

const BECAME: Readonly<Record<EmploymentState, DirectoryChangeKind | undefined>> = {
  active: 'enabled',
  disabled: 'disabled',
  'on leave': undefined,
  left: 'left',
  unknown: undefined,
}

/** What happened to one person. A list that differs from the one before tells of a change at the latest by its time. */
export function changesIn(
  person: Key,
  descriptions: readonly Activity[],
  memberships: readonly Membership[],
): DirectoryChange[] {
  return [
    ...employmentChanges(person, descriptions),
    ...valueChanges(person, descriptions, 'manager', 'manager changed'),
    ...valueChanges(person, descriptions, 'department', 'moved'),
    ...memberships.filter(({ perhaps }) => perhaps !== true).flatMap(membershipChanges),
  ]
}

function employmentChanges(person: Key, descriptions: readonly Activity[]): DirectoryChange[] {
  let before: EmploymentState | undefined
  return employmentStatements(descriptions).flatMap(({ value, at, isChange, fact }) => {
    const isFirst = before === undefined
    if (value === before) return []
    before = value
    const kind = fact.attributes.created === true ? 'joined' : BECAME[value]
    return kind === undefined || (isFirst && !isChange) ? [] : [{ kind, person, at, evidence: fact.positions }]
  })
}

function valueChanges(
  person: Key,
  descriptions: readonly Activity[],
  attribute: string,
  kind: DirectoryChangeKind,
): DirectoryChange[] {
  const statements = statementsOf(descriptions, attribute)
  return statements.flatMap(({ value, at, fact }, index) => {
    const before = statements[index - 1]
    if (before === undefined || before.value === value) return []
    return [{ kind, person, at, ...(typeof value === 'string' ? { about: value } : {}), evidence: fact.positions }]
  })
}

function membershipChanges({ person, group, groupName, from, to, evidence }: Membership): DirectoryChange[] {
  const about = groupName === '' ? group : groupName
  return [
    ...(from === undefined ? [] : [{ kind: 'entered group' as const, person, at: from, about, evidence }]),
    ...(to === undefined ? [] : [{ kind: 'left group' as const, person, at: to, about, evidence }]),
  ]
}
