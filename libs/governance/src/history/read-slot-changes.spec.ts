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
})
