import { MemoryFactIndex, walk, WALK_DEFAULTS } from '@catena/access-chain'
import { mergeAll, type Activity, type Outcome } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { shapeOf } from '../access-summary/tally.js'
import { CONTROLS } from '../controls/registry.js'
import { evaluate } from '../controls/evaluate.js'
import { days, history, written } from '../testing/histories.js'
import { ANA, EITHER, NOBODY, ROOT, SHOP } from '../testing/retrievals.js'
import { Hops } from './accessor.js'
import { isAttributed, isObtained, retrievalOf, type Retrieval } from './retrieval.js'

/** One read as several observers tell how it went. */
async function readThat(...outcomes: readonly Outcome[]): Promise<Retrieval> {
  const read: Omit<Activity, 'outcome'> = {
    factId: 'vault:r', source: 'vault', kind: 'secret-read', type: 'read', occurredAt: days(4), resolutionMs: 0, groups: [], attributes: { version: 1 },
    target: { system: 'vault/prod-1', container: 'kv_1', path: 'app' }, conflicts: [], positions: [1],
  } // prettier-ignore
  const fact = mergeAll(outcomes.map((outcome) => ({ ...read, outcome })))
  const [chain] = await walk(new MemoryFactIndex([fact], { position: 1 }), [fact], { ...WALK_DEFAULTS, sources: [] })
  return retrievalOf(chain!, new Hops(new Map()))
}

const silent = CONTROLS.filter(({ id }) => id === 'revocation-silent')

describe('a retrieval of which one observer says that it was refused, and another that it was not', () => {
  it('R1.4 counts as one that may have obtained it, and what all call refused as one that did not', async () => {
    const disputed = await readThat('denied', 'succeeded')
    expect([disputed.outcome, isObtained(disputed)]).toEqual(['unknown', true])
    expect(shapeOf(disputed)).toContain('end:open')
    for (const outcomes of [['denied'], ['denied', 'denied'], ['failed', 'unknown']] as const)
      expect(isObtained(await readThat(...outcomes))).toBe(false)
  })

  it('R4.3 leaves open whether silence followed an end', async () => {
    const ended = { changes: [written(10), written(9, { how: 'destroyed' })] }
    const verdict = async (...outcomes: readonly Outcome[]) =>
      evaluate(history({ ...ended, retrievals: [await readThat(...outcomes)] }), silent).results[0]?.verdict
    expect(await verdict('denied')).toBe('controlled')
    expect(await verdict('denied', 'succeeded')).toBe('unknown')
  })
})

describe('a retrieval whose actor is known', () => {
  it.each([ANA, SHOP])('R1.4 is attributed to one that stands behind it: $kind', (accessor) => {
    expect(isAttributed({ accessor, actor: { state: 'inferred' } })).toBe(true)
    expect(isAttributed({ accessor, actor: { state: 'ambiguous' } })).toBe(false)
  })

  it.each([ROOT, EITHER, NOBODY])(
    'R1.4 is attributed to nobody where several may stand behind it: $kind',
    (accessor) => {
      expect(isAttributed({ accessor, actor: { state: 'proven' } })).toBe(false)
    },
  )
})
