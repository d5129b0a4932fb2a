import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ANA, NOBODY, retrieval } from '../testing/retrievals.js'
import { differentInDay } from './in-day.js'
import { DAY_MS } from './questions.js'
import type { Retrieval } from './retrieval.js'

const START = Date.parse('2026-03-01T08:00:00Z')

/** Often at the same moment, and often just a day apart. */
const some = fc
  .record({
    accessor: fc.constantFrom(ANA, NOBODY),
    at: fc.tuple(fc.nat(6), fc.integer({ min: -1, max: 1 })).map(([half, more]) => START + (half * DAY_MS) / 2 + more),
    address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', undefined),
  })
  .map(({ accessor, at, address }) => retrieval({ accessor, at, ...(address === undefined ? {} : { address }) }))

function lookedAtEach(one: Retrieval, all: readonly Retrieval[]): Retrieval[] {
  return all.filter(({ accessor, at }) => accessor.id === one.accessor.id && at <= one.at && at > one.at - DAY_MS)
}

describe('what an accessor did in the day up to a retrieval', () => {
  it('R1.6 is counted as looking at each of all counts it, in any order', () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 40 }), (all) => {
        const [places, times] = [differentInDay(all, ({ address }) => address), differentInDay(all, (one) => one)]
        for (const one of all) {
          const day = lookedAtEach(one, all)
          expect(places.get(one)).toBe(new Set(day.flatMap(({ address }) => address ?? [])).size)
          expect(times.get(one)).toBe(day.length)
        }
      }),
    )
  })

  it('R1.6 takes in what was at the same moment, and not what was a whole day before', () => {
    const at = (time: number, address: string): Retrieval => retrieval({ at: time, address })
    const all = [at(START, 'a'), at(START, 'b'), at(START + DAY_MS, 'c'), at(START + DAY_MS - 1, 'd')]
    const places = differentInDay(all, ({ address }) => address)
    expect(all.map((one) => places.get(one))).toEqual([2, 2, 2, 3])
  })
})
