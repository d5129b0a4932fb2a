import { MemoryFacts } from '@catena/access-chain'
import { form, makeKey, type Activity, type Attributes, type Key } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { recertificationDirectory } from './people.js'

const team = makeKey('group', 'entra/acme', 'payments')
const ana = makeKey('person', 'entra/acme', 'ana')

function told(position: number, attributes: Attributes, ...persons: readonly Key[]): Activity {
  return {
    factId: `idp:${position}`, source: 'idp', kind: 'membership-changed', type: 'told', occurredAt: position, resolutionMs: 0, outcome: 'succeeded', attributes,
    groups: [
      { role: 'group', verb: 'relates', trust: 'verified', forms: [form(team)] },
      ...persons.map((key) => ({ role: 'person', verb: 'describes' as const, trust: 'verified' as const, forms: [form(key)] })),
    ], conflicts: [], positions: [position],
  }
} // prettier-ignore

describe('a group that was deleted and restored', () => {
  const memory = new MemoryFacts()
  for (const fact of [told(1, { added: true }, ana), told(2, { groupDeleted: true }), told(3, { groupRestored: true })])
    memory.add(fact)
  const reader = { index: (asOf: { position: number }) => memory.at(asOf) } as unknown as AccessReader
  const directory = recertificationDirectory(reader, ['entra/acme'], () => 9)

  it('R6.2 makes nobody a reviewer who perhaps is in it, and keeps them from reviewing what it has', async () => {
    expect(await directory.membersOf(team, 1)).toEqual([ana])
    expect(await directory.membersOf(team, 3)).toEqual([])
    expect((await directory.identities([ana], 3)).get(ana)?.groups).toEqual([team])
  })
})
