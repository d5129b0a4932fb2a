import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import type { Retrieval } from '../history/retrieval.js'
import { retrieval } from '../testing/retrievals.js'
import { rowsOf } from './retrieval-row.js'

const fact: Activity = { factId: 'vault:prod-1:r1', kind: 'secret-read', occurredAt: 1, groups: [], attributes: {}, source: 'vault', type: 'read', resolutionMs: 0, outcome: 'succeeded', conflicts: [], positions: [1] } // prettier-ignore

const isUncovered = (more: Partial<Retrieval>): boolean =>
  rowsOf({ fact, retrieval: retrieval(more), settledAt: 0, presenters: [] })[0]!.uncovered

const presentersOf = (...presenters: string[]) => {
  const { federated, presenters: kept } = rowsOf({ fact, retrieval: retrieval({}), settledAt: 0, presenters })[0]!
  return { federated, kept }
}

describe('a row of a retrieval', () => {
  it('R1.9 rests on the clocks of all sources of its federated logins', () => {
    expect(presentersOf()).toEqual({ federated: false, kept: null })
    expect(presentersOf('vault')).toEqual({ federated: true, kept: null })
    expect(presentersOf('vault', 'agents')).toEqual({ federated: true, kept: ['vault', 'agents'] })
  })

  it.each(['source not connected', 'before its coverage', 'gap in the source'] as const)(
    'R1.9 is walked again once sources say more, where it misses something for "%s"',
    (reason) => {
      expect(isUncovered({ path: { state: 'missing', reason } })).toBe(true)
      expect(isUncovered({ actor: { state: 'missing', reason } })).toBe(true)
    },
  )

  it('R1.9 is walked again where coverage was incomplete, and not where all was covered', () => {
    expect(isUncovered({ caveats: ['coverage incomplete'] })).toBe(true)
    expect(isUncovered({})).toBe(false)
    expect(isUncovered({ actor: { state: 'missing', reason: 'identity not joined' } })).toBe(false)
  })
})
