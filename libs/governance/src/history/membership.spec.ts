import { makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { ana, NOW, person } from '../testing/histories.js'
import { anyInGroupAt } from './membership.js'

const team = makeKey('group', 'keycloak/acme', 'ops')

describe('somebody of whom no account is known', () => {
  it('R1.12 is perhaps in a group, as nothing says that they are not', () => {
    expect(anyInGroupAt({}, [], team, NOW)).toBe('perhaps')
    expect(anyInGroupAt({ [ana]: { ...person(ana), groupsToldFrom: NOW } }, [ana], team, NOW)).toBe('no')
  })
})
