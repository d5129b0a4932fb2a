import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seconds, stamp } from './time.js'

describe('a stamp', () => {
  it('is that of the platform, to the millisecond and in whole seconds', () => {
    const moment = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2090, 0, 1) })
    fc.assert(
      fc.property(moment, (at) => {
        expect(stamp(at)).toBe(new Date(at).toISOString())
        expect(seconds(at)).toBe(`${new Date(at).toISOString().slice(0, 19)}Z`)
      }),
    )
  })
})
