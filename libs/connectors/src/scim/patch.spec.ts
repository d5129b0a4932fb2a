import { describe, expect, it } from '@jest/globals'
import type { Activity, Attributes, Json } from '@catena/domain'
import { bareSource, interpretRaw } from '../fixture-cases.js'
import { scim } from './index.js'

function patched(resourceType: 'User' | 'Group', ...Operations: Json[]): Activity {
  const request = { at: '2026-01-01T00:00:00Z', operation: 'patch', resourceType, id: 'r1', body: { Operations } }
  return interpretRaw(scim, bareSource('scim'), JSON.stringify(request))
}

const user = (...operations: Json[]): Attributes => patched('User', ...operations).attributes
const persons = (activity: Activity, role: string): string[] =>
  activity.groups
    .filter((group) => group.role.startsWith(role))
    .flatMap(({ forms }) => forms.map(({ key }) => key.split(':').at(-1)!))

describe('an attribute that a PATCH names with its schema', () => {
  it('R3.3 is the attribute: a leaver is disabled by either name', () => {
    const path = 'urn:ietf:params:scim:schemas:core:2.0:User:active'
    expect(user({ op: 'Replace', path, value: 'False' }).enabled).toBe(false)
  })

  it('is the attribute of a group, too', () => {
    const path = 'urn:ietf:params:scim:schemas:core:2.0:Group:members'
    expect(persons(patched('Group', { op: 'add', path, value: [{ value: 'u1' }] }), 'member')).toEqual(['u1'])
  })

  it('is that of the enterprise extension', () => {
    const path = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'
    expect(user({ op: 'replace', path, value: 'Ops' }).department).toBe('Ops')
  })
})

describe('the e-mail address that a PATCH names', () => {
  it.each([
    ['emails[type eq "work"].value', 'ann@acme.example'],
    ['emails[type eq "Work"]', { value: 'ann@acme.example' }],
    ['emails[primary eq true].value', 'ann@acme.example'],
    ['emails', [{ value: 'ann@home.example', type: 'home' }, { value: 'ann@acme.example', type: 'work' }]],
  ])('R1.4 counts by %s', (path, value) => {
    expect(user({ op: 'replace', path, value }).email).toBe('ann@acme.example')
  })

  it.each(['emails', 'emails[type eq "work"]', 'emails[primary eq true]', 'emails[Type Eq "Work"].value', 'emails[ primary eq  True ]'])(
    'R1.4 is taken away by the removal of %s',
    (path) => expect(user({ op: 'remove', path }).email).toBeNull(),
  )

  it.each([
    ['replace', 'emails[type eq "home"].value', 'ann@home.example'],
    ['replace', 'emails[type eq "work"].type', 'other'],
    ['replace', 'emails[type eq "work"].display', 'Ann'],
    ['add', 'emails[type eq "other"].value', 'ann@home.example'],
    ['add', 'emails', [{ value: 'ann@home.example', type: 'home' }]],
    ['remove', 'emails[value eq "ann@home.example"]', null],
    ['remove', 'emails[value eq "ann]@home.example"]', null],
    ['remove', 'emails[primary eq false]', null],
    ['remove', 'emails[not (type eq "work")]', null],
    ['remove', 'emails[type eq "work" and value ew "@home.example"]', null],
    ['replace', 'emails[type ne "work"].value', 'ann@home.example'],
    ['replace', 'emails[value eq "ann@home.example"].value', 'ann@new.example'],
  ])('R1.4 is no other one than that for work: %s %s', (op, path, value) => {
    const activity = patched('User', { op, path, value })
    expect([activity.attributes.email, persons(activity, 'email')]).toEqual([undefined, []])
  })
}) // prettier-ignore

describe('the removal of members', () => {
  it('takes out those whom it names', () => {
    const removed = patched('Group', { op: 'remove', path: 'members[value eq "u1"]' })
    expect([persons(removed, 'removed'), removed.attributes.allMembers]).toEqual([['u1'], undefined])
  })

  it('R3.1 by a filter that names nobody does not empty the group', () => {
    expect(patched('Group', { op: 'remove', path: 'members[display eq "Bo"]' }).attributes.allMembers).toBeUndefined()
  })

  it('is of all where none is named', () => {
    expect(patched('Group', { op: 'remove', path: 'members' }).attributes.allMembers).toBe(true)
  })
})
