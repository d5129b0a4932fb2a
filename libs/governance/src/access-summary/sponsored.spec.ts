import { MemoryFacts } from '@catena/access-chain'
import { makeKey, type Activity, type Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { ana, ben } from '../testing/histories.js'
import { sponsoredBy } from './sponsored.js'

const [shop, till] = ['17', '18'].map((id) => makeKey('repository', 'github/github.com', id)) as [Key, Key]

function observed(kind: Activity['kind'], workload: Key, person: Key): Activity {
  const groups = [['workload', workload], [`sponsor-${person}`, person]].map(([role, key]) => ({ role, verb: 'relates', forms: [{ key, conditions: [] }], trust: 'verified' })) // prettier-ignore
  return {
    factId: `directory:${workload}:${kind}`, kind, concern: 'identity', occurredAt: 1, timePrecisionMs: 1, outcome: 'succeeded', source: 'directory',
    attributes: { sponsors: [person] }, groups, positions: [1], flags: [],
  } as unknown as Activity
} // prettier-ignore

describe('workloads whose sponsor was spoken of', () => {
  it('R2.2 are found by those who answer for them, and by nothing else that names both', async () => {
    const facts = new MemoryFacts()
    facts.add(observed('sponsor-observed', shop, ana))
    facts.add(observed('sponsor-observed', till, ben))
    facts.add(observed('membership-observed' as Activity['kind'], till, ana))
    expect(await sponsoredBy(facts.at({ position: Infinity }), [ana])).toEqual([shop])
  })
})
