import { makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { ana, days, grant, history, person } from '../testing/histories.js'
import { ANA, BEN, EITHER, SHOP } from '../testing/retrievals.js'
import { grantedBy, type Granted } from './granted.js'
import type { SharingGrant } from './sharing-record.js'

const granted = (more: Partial<SharingGrant>, daysAgo: number, accessor = ANA): Granted =>
  grantedBy(history({ sharing: { grants: [grant(more)] } }), { accessor, at: days(daysAgo) })

describe('a grant', () => {
  const open = { from: days(9), until: days(3) }

  it('R3.1 covers what was obtained from its beginning until its window ends, or it was taken back', () => {
    expect([10, 9, 4, 3].map((daysAgo) => granted(open, daysAgo))).toEqual(['no', 'yes', 'yes', 'no'])
    expect([7, 6, 4].map((daysAgo) => granted({ ...open, endedAt: days(6) }, daysAgo))).toEqual(['yes', 'no', 'no'])
  })

  it('R3.1 covers whom it names, and perhaps one of several among whom they are', () => {
    expect([ANA, BEN, EITHER, SHOP].map((accessor) => granted(open, 5, accessor))).toEqual([
      'yes',
      'no',
      'perhaps',
      'no',
    ])
  })

  it('R3.1 to a role covers who was in it then; who that was of others than people is not known', () => {
    const team = makeKey('group', 'keycloak/acme', 'ops')
    const member = { group: team, groupName: 'ops', person: ana, readBack: false, evidence: [5] }
    const memberships = [{ ...member, saidFrom: days(8), saidTo: days(0), to: days(4) }]
    const people = { [ana]: { ...person(ana), groupsToldFrom: days(20), memberships } }
    const given = history({ people, sharing: { grants: [grant({ ...open, to: team, toRole: true })] } })
    const at = (daysAgo: number, accessor = ANA): Granted => grantedBy(given, { accessor, at: days(daysAgo) })
    expect([5, 4].map((daysAgo) => at(daysAgo))).toEqual(['yes', 'no'])
    expect([at(5, SHOP), at(5, EITHER)]).toEqual(['perhaps', 'perhaps'])
  })
})
