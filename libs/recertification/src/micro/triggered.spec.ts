import { describe, expect, it } from '@jest/globals'
import { accessRow } from '../testing/access.js'
import { triggersOf } from './triggered.js'

const of = (more: Parameters<typeof accessRow>[0]) =>
  triggersOf({ row: accessRow(more), known: undefined, owner: undefined, accessor: undefined }, Date.UTC(2026, 4, 30))

describe('an access that nobody knew of', () => {
  it('R6.6 is one of a new consumer, also where they only perhaps obtained it, and not where they were refused', () => {
    expect([of({}), of({ uses: 0 })]).toEqual([['new consumer'], ['new consumer']])
    expect(of({ uses: 0, firstUsedAt: undefined, lastUsedAt: undefined })).toEqual([])
  })
})
