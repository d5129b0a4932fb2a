import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyRetrieval, retrieval } from '../testing/retrievals.js'
import { countedFrom, countedTogether } from './access-summary.js'
import { lastEndOf } from './last-end.js'

const ended = (fact: string, at: number, endAt: number) =>
  retrieval({ fact, at, end: { state: 'proven', how: 'revoked', at: endAt, positions: [endAt] } })

describe('R6.5 the last end of everything obtained', () => {
  it('is that of an older retrieval where that ended later', () => {
    const all = [ended('old', 10, 90), ended('new', 20, 50), retrieval({ fact: 'open', at: 30 })]
    expect(lastEndOf(all)).toEqual({ fact: 'old', obtainedAt: 10, at: 90, how: 'revoked', positions: [90] })
  })

  it('is that of what was obtained later where several ended at once, and none of what was refused', () => {
    expect(lastEndOf([ended('b', 20, 50), ended('a', 10, 50)])?.fact).toBe('b')
    expect(lastEndOf([{ ...ended('a', 10, 50), outcome: 'denied' }])).toBeUndefined()
  })

  it('is the same in any order, and in parts', () => {
    fc.assert(
      fc.property(fc.array(anyRetrieval(), { minLength: 2, maxLength: 12 }), fc.nat(), (all, cut) => {
        const at = 1 + (cut % (all.length - 1))
        const [some, others] = [countedFrom('c', all.slice(0, at)), countedFrom('c', all.slice(at))]
        expect(lastEndOf([...all].reverse())).toEqual(lastEndOf(all))
        expect(countedTogether(others, some).lastEnd).toEqual(countedFrom('c', all).lastEnd)
      }),
    )
  })
})
