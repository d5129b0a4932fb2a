import type { Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Identity } from '../ports/people.js'
import { conflictsOf, type Parties } from './independence.js'

const key = (text: string) => `person:idp:${text}` as Key
const person = (name: string, more: Partial<Identity> = {}): Identity => ({
  key: key(name), name, aliases: [], groups: [], leftAt: undefined, ...more,
}) // prettier-ignore
const NOBODY: Parties = { accessors: [], groups: [], requesters: [], beneficiaries: [], approvers: [], initiators: [] }
const PARTS = ['accessors', 'requesters', 'beneficiaries', 'approvers', 'initiators'] as const

describe('R6.2 reviewer in conflict', () => {
  it.each(PARTS)('who is among the %s does not review', (part) => {
    const parties = { ...NOBODY, [part]: [key('ada')] }
    expect(conflictsOf([person('ada')], parties)).toHaveLength(1)
    expect(conflictsOf([person('bob')], parties)).toEqual([])
  })

  it('neither by a second identity, nor through a group, nor as a candidate, nor in the place of somebody in conflict', () => {
    const parties = { ...NOBODY, accessors: [key('ada'), key('eve')] }
    expect(conflictsOf([person('other', { aliases: [key('ada')] })], parties)).toMatchObject([{ as: 'accessor' }])
    expect(conflictsOf([person('eve')], parties)).toMatchObject([{ as: 'accessor' }])
    expect(conflictsOf([person('bob'), person('ada')], parties)).toMatchObject([{ person: key('ada') }])
    const group = 'group:idp:ops' as Key
    expect(conflictsOf([person('bob', { groups: [group] })], { ...NOBODY, groups: [group] })).toMatchObject([
      { as: 'member of the group' },
    ])
    expect(conflictsOf([person('bob', { groups: [group] })], { ...NOBODY, accessors: [group] })).toMatchObject([
      { as: 'member of the group' },
    ])
  })

  it('owning the credential alone is no conflict', () => {
    expect(conflictsOf([person('owner')], { ...NOBODY, accessors: [key('ada')] })).toEqual([])
  })

  it('finds the conflict by whatever name both sides use', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 })
    fc.assert(fc.property(names, fc.constantFrom(...PARTS), fc.nat(), fc.nat(), (all, part, a, b) => {
      const [own, seen] = [all[a % all.length]!, all[b % all.length]!]
      const one = person(own, { aliases: all.map(key) })
      expect(conflictsOf([one], { ...NOBODY, [part]: [key(seen)] })).not.toEqual([])
    })) // prettier-ignore
  })
})
