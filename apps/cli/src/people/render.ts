import type { Employment, Membership, Validity } from '@catena/directory'
import { scopeOf, type Instant } from '@catena/domain'
import { Marks } from '../trace/marks.js'
import { dateTime } from '../terminal/numbers.js'
import { dim, paint, plain, type Paper, type Span, type Style } from '../terminal/paint.js'
import { paintTree, type Branch } from '../terminal/tree.js'
import type { DescribedPerson, NamedMember } from './describe.js'

const LABEL_COLUMNS = 10
const STATES: Readonly<Record<Employment['state'], Style>> = {
  active: 'green',
  'on leave': 'yellow',
  disabled: 'red',
  left: 'red',
  unknown: 'yellow',
}

export function renderPersons(persons: readonly DescribedPerson[], at: Instant, paper: Paper): string {
  const title = paint([dim(`at ${dateTime(at)}; times are UTC`)], paper)
  return [title, ...persons.map((person) => paintTree(personTree(person), paper))].map((part) => `${part}\n`).join('\n')
}

function personTree({ entry, managerName, groups, alsoKnownAs, changes }: DescribedPerson): Branch {
  const marks = new Marks()
  const { employment, manager } = entry
  const details = [entry.displayName, entry.email, entry.title, entry.department].filter((text) => text !== undefined)
  const since = employment.since === undefined ? '' : ` since ${day(employment.since)}`
  const readBack = manager?.readBack === true ? ', read back' : ''
  return {
    text: [
      { text: entry.name, style: 'bold' },
      plain(`  ${scopeOf(entry.person)}${details.length === 0 ? '' : `: ${details.join(', ')}`}`),
    ],
    branches: [
      line(
        'state',
        { text: employment.state, style: STATES[employment.state] },
        plain(since),
        marks.positions(employment.evidence),
      ),
      ...(manager === undefined
        ? []
        : [line('manager', plain(`${managerName ?? ''}${readBack}`), marks.positions(manager.evidence))]),
      ...groups.map((group) =>
        line('group', plain(`${group.groupName}, ${spanWords(group)}`), marks.positions(group.evidence)),
      ),
      ...alsoKnownAs.map((key) => line('also', plain(key))),
      ...changes.map(({ kind, at, about, evidence }) =>
        line(
          'change',
          plain(`${day(at)} ${kind}${about === undefined ? '' : `: ${about}`}`),
          marks.positions(evidence),
        ),
      ),
    ],
  }
}

function line(label: string, ...text: Span[]): Branch {
  return { head: [{ text: label.padEnd(LABEL_COLUMNS), style: 'bold' }], text }
}

export function renderMembers(name: string, members: readonly NamedMember[], at: Instant, paper: Paper): string {
  const marks = new Marks()
  const branches = members.map((member) => ({
    text: [
      { text: member.name, style: 'bold' as const },
      plain(`  ${scopeOf(member.person)}, ${spanWords(member)}`),
      marks.positions(member.evidence),
    ],
  }))
  const title = [{ text: name, style: 'bold' as const }, dim(`  at ${dateTime(at)}; times are UTC`)]
  return `${paintTree({ text: title, branches }, paper)}\n`
}

function spanWords(span: Validity & Pick<Membership, 'readBack' | 'perhaps'>): string {
  const from = span.from === undefined ? 'since before the records' : `since ${day(span.from)}`
  const to = span.to === undefined ? '' : `, until ${day(span.to)}`
  if (span.perhaps === true) return `${from}${to}, perhaps: the group was deleted and restored`
  return `${from}${to}${span.readBack ? ', read back' : ''}`
}

function day(instant: Instant): string {
  return dateTime(instant).slice(0, 16)
}
