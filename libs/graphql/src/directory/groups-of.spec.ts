import { MemoryFacts } from '@catena/access-chain'
import { form, makeKey, type Activity, type Attributes, type Key } from '@catena/domain'
import type { AccessReader } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { groupsOf } from './groups-of.js'

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

function readerOf(...facts: readonly Activity[]): AccessReader {
  const memory = new MemoryFacts()
  for (const fact of facts) memory.add(fact)
  return {
    asOf: () => Promise.resolve({ position: Infinity }),
    index: (asOf: { position: number }) => memory.at(asOf),
    settings: { sources: [{ kind: 'entra', scope: 'acme' }] },
  } as unknown as AccessReader
}

describe('a group that was deleted and restored', () => {
  it('R6.2 gives no right to whoever was in it, until a record says that they are again', async () => {
    const before = [told(1, { added: true }, ana), told(2, { groupDeleted: true }), told(3, { groupRestored: true })]
    expect(await groupsOf(readerOf(...before.slice(0, 1)), [ana], 9)).toEqual([team])
    expect(await groupsOf(readerOf(...before), [ana], 9)).toEqual([])
    expect(await groupsOf(readerOf(...before, told(4, { added: true }, ana)), [ana], 9)).toEqual([team])
  })
})
