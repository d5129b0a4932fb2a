import { MemoryFacts } from '@catena/access-chain'
import { credentialKey, type Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { changesOf } from './read-slot-changes.js'

const target = { system: 'vault/v-1', container: 'secret', path: 'app' }
const slot = credentialKey(target)!

function destroyed(n: number, attributes: Activity['attributes']): Activity {
  return {
    factId: `vault:v-1:r${n}`, kind: 'secret-destroyed', concern: 'usage', occurredAt: n, timePrecisionMs: 1, outcome: 'succeeded', source: 'vault', target,
    attributes, groups: [{ id: 'slot', verb: 'ends', forms: [{ key: slot, conditions: [] }], trust: 'verified' }], positions: [n], flags: [], conflicts: [],
  } as unknown as Activity
} // prettier-ignore

describe('changes of a slot', () => {
  it('R4.3 tell which versions they named, and that they named some where the record hides which', async () => {
    const facts = new MemoryFacts()
    for (const fact of [destroyed(1, { versions: [1, 2] }), destroyed(2, { versionsHidden: true }), destroyed(3, {})])
      facts.add(fact)
    const subject = { id: 'c', entry: { ...target, containerName: 'secret/' } as never }
    const changes = (await changesOf(facts.at({ position: Infinity }), [subject])).get('c')
    expect(changes).toEqual([
      { at: 1, how: 'destroyed', versions: [1, 2], positions: [1] },
      { at: 2, how: 'destroyed', versionsHidden: true, positions: [2] },
      { at: 3, how: 'destroyed', positions: [3] },
    ])
  })

  it('R4.3 tell what perhaps was brought back as if nobody knew which versions', async () => {
    const facts = new MemoryFacts()
    const back = { ...destroyed(1, { versions: [2] }), kind: 'secret-restored' as const, outcome: 'unknown' as const }
    facts.add({ ...back, conflicts: [] })
    const subject = { id: 'c', entry: { ...target, containerName: 'secret/' } as never }
    const changes = (await changesOf(facts.at({ position: Infinity }), [subject])).get('c')
    expect(changes).toEqual([{ at: 1, how: 'restored', versionsHidden: true, positions: [1] }])
  })

  it('R4.3 R1.4 tell what perhaps was made, of which the answer was not seen, observers disagree or nobody tells what was written, and not what was refused', async () => {
    const facts = new MemoryFacts()
    facts.add({ ...destroyed(1, {}), outcome: 'unknown' })
    facts.add({ ...destroyed(2, { version: 3 }), kind: 'secret-written', conflicts: ['outcome'] })
    facts.add({ ...destroyed(3, {}), outcome: 'denied' })
    facts.add({ ...destroyed(4, { versionsHidden: true }), kind: 'secret-written' })
    const subject = { id: 'c', entry: { ...target, containerName: 'secret/' } as never }
    const changes = (await changesOf(facts.at({ position: Infinity }), [subject])).get('c')
    expect(changes).toEqual([
      { at: 1, how: 'destroyed', perhaps: true, positions: [1] },
      { at: 2, how: 'written', version: 3, perhaps: true, positions: [2] },
      { at: 4, how: 'written', versionsHidden: true, perhaps: true, positions: [4] },
    ])
  })
})
