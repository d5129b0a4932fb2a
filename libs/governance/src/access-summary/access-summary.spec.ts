import { makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyRetrieval, retrieval } from '../testing/retrievals.js'
import { summarise } from './access-summary.js'
import { addTally, isEmptyTally, tallyOf } from './tally.js'

const credential = 'c'.repeat(32)

describe('an access summary', () => {
  it('R6.3 tells how often, when, how sure and by what', () => {
    const later = { state: 'missing', reason: 'identity not joined' } as const
    const [summary] = summarise(credential, [
      retrieval({ fact: 'a', at: 10, end: { state: 'proven', how: 'revoked', at: 20 } }),
      retrieval({ fact: 'b', at: 30, path: { state: 'ambiguous' }, caveats: ['clock skew'] }),
      retrieval({ fact: 'c', at: 40, outcome: 'denied', actor: later }),
    ])
    expect(summary).toMatchObject({
      accessor: { name: 'ana', kind: 'person' },
      succeeded: 2,
      denied: 1,
      firstAt: 10,
      lastAt: 30,
      lastAttemptAt: 40,
      path: { proven: 1, ambiguous: 1 },
      worst: { path: 'ambiguous', actor: 'proven' },
      best: { path: 'proven', actor: 'proven' },
      policies: ['payments'],
      ended: 1,
      open: 1,
      caveats: ['clock skew'],
      newest: { fact: 'c' },
    })
  })

  it('R6.3 keeps accessors apart', () => {
    const ben = makeKey('person', 'keycloak/acme', 'ben')
    const other = retrieval({ accessor: { id: ben, kind: 'person', name: 'ben', keys: [ben] } })
    expect(summarise(credential, [retrieval({}), other]).map(({ accessor }) => accessor.name)).toEqual(['ana', 'ben'])
  })

  it('has no first and no worst where nothing was obtained', () => {
    const [summary] = summarise(credential, [retrieval({ outcome: 'denied' })])
    expect(summary).not.toHaveProperty('firstAt')
    expect(summary).not.toHaveProperty('worst')
  })

  it('R1.9 is the same in any order', () => {
    fc.assert(
      fc.property(
        fc
          .array(anyRetrieval(), { maxLength: 20 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => expect(summarise(credential, shuffled)).toEqual(summarise(credential, all)),
      ),
    )
  })
})

describe('tallies', () => {
  it('take out what they put in', () => {
    fc.assert(
      fc.property(anyRetrieval(), anyRetrieval(), (a, b) => {
        const both = addTally(tallyOf(a), tallyOf(b))
        expect(addTally(both, tallyOf(b), -1)).toEqual(tallyOf(a))
        expect(isEmptyTally(addTally(tallyOf(a), tallyOf(a), -1))).toBe(true)
      }),
    )
  })
})
