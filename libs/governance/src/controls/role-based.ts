import { counted, isWorkload, merged } from '../history/questions.js'
import { control, controlled, uncontrolled } from './control.js'

export const roleBased = control({
  id: 'role-based',
  version: 2,
  title: 'Sharing is by role',
  question: 'Is it granted to roles, and not to many people one by one?',
  method:
    'Asked of credentials with grants. Uncontrolled: running grants name more than peopleMax people one by one. Controlled: roles, or ' +
    'no more people than that. Workloads are named one by one and are no people.',
  requirements: ['R3.3'],
  severity: 'low',
  because: 'grants to people one by one stay when people move',
  parameters: { peopleMax: { default: 2, unit: 'count', meaning: 'people who may be named in grants at once' } },
  applies: ({ sharing }) => sharing.grants.length > 0,
  test: ({ sharing, at }, { peopleMax }) => {
    const open = sharing.grants.filter(
      ({ to, from, until, endedAt, toRole }) =>
        !toRole && from <= at && at < Math.min(until ?? Infinity, endedAt ?? Infinity) && !isWorkload(to),
    )
    const people = new Set(open.map(({ to }) => to))
    const ends = open.flatMap(({ until }) => until ?? [])
    const validUntil = ends.length === 0 ? {} : { validUntil: Math.min(...ends) }
    if (people.size > peopleMax)
      return uncontrolled(`It is granted to ${counted(people.size, 'person', 'people')} one by one.`, {
        witnesses: merged(open.map(({ positions }) => positions)),
        ...validUntil,
      })
    const starts = sharing.grants.map(({ from }) => from).filter((from) => from > at)
    return controlled(
      'It is granted to roles, to workloads, or to few people.',
      starts.length === 0 ? validUntil : { validUntil: Math.min(...starts, ...ends) },
    )
  },
})
