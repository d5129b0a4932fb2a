import { MemoryFacts } from '@catena/access-chain'
import { form, makeKey, type Activity, type Key, type KeyGroup } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { ana, ben } from '../testing/histories.js'
import { teamsOf } from './teams-of.js'

const [payments, platform] = ['payments', 'platform'].map((id) => makeKey('group', 'keycloak/acme', id)) as [Key, Key]

function told(factId: string, groups: readonly (readonly [string, KeyGroup['verb'], Key])[]): Activity {
  return {
    factId, source: 'idp', kind: 'membership-changed', type: 'told', occurredAt: 1, resolutionMs: 0, outcome: 'succeeded', attributes: {},
    groups: groups.map(([role, verb, key]) => ({ role, verb, trust: 'verified', forms: [form(key)] })), conflicts: [], positions: [1],
  }
} // prettier-ignore

describe('teams of somebody who was spoken of', () => {
  it('R2.2 are those that a change or a list ever named them with', async () => {
    const facts = new MemoryFacts()
    facts.add(told('1', [['person', 'describes', ana], ['group', 'presents', payments]])) // prettier-ignore
    facts.add(told('2', [['group', 'relates', platform], [`member-${ben}`, 'relates', ben]])) // prettier-ignore
    const index = facts.at({ position: Infinity })
    expect([await teamsOf(index, [ana]), await teamsOf(index, [ben]), await teamsOf(index, [])]).toEqual([[payments], [platform], []]) // prettier-ignore
  })
})
