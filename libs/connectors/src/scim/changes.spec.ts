import { describe, expect, it } from '@jest/globals'
import { patchedGroup, patchedUser } from './changes.js'

const UNSAID = { isWhole: false, members: [], removed: [] }

describe('an operation on members that the endpoint once accepted', () => {
  it.each([
    { op: 'remove', value: { members: [{ value: 'u1' }] } },
    { op: 'remove', path: 'members[display eq "Ann"]' },
    { op: 'remove', path: 'members[value ne "u1"]' },
    { op: 'remove', path: 'members[value eq "u1"].display' },
    { op: 'replace', path: 'members[value eq "u1"].display', value: 'Ann' },
    { op: 'add', path: 'members.display', value: 'Ann' },
  ])('R3.3 says of nobody that they are in or out where it does not tell who: %j', (operation) => {
    expect(patchedGroup([operation])).toEqual(UNSAID)
  })

  it('R3.3 of the whole attribute, or by ids, says who', () => {
    expect(patchedGroup([{ op: 'remove', path: 'members' }])).toEqual({ ...UNSAID, isWhole: true })
    const path = 'urn:ietf:params:scim:schemas:core:2.0:Group:members[value eq "u1" or value eq "u2"]'
    expect(patchedGroup([{ op: 'remove', path }])).toEqual({ ...UNSAID, removed: ['u1', 'u2'] })
  })
})

describe('an operation on a user that the endpoint once accepted', () => {
  it('R4.1 is read with the schema before its attribute', () => {
    const path = 'urn:ietf:params:scim:schemas:core:2.0:User:active'
    expect(patchedUser([{ op: 'replace', path, value: false }])).toEqual({ active: false })
  })

  it.each([
    { op: 'remove', value: { title: 'Engineer' } },
    { op: 'replace', path: 'emails[type eq "work"].primary', value: true },
    { op: 'replace', path: 'emails[type eq "work"].type', value: 'work' },
  ])('says nothing of what it does not name: %j', (operation) => {
    expect(patchedUser([operation])).toEqual({})
  })
})
