import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { EARLIEST_INSTANT, formatInstant, LATEST_INSTANT, parseInstant } from './time.js'

describe('a day that the calendar does not have', () => {
  it.each(['2026-02-29', '2026-02-31', '2026-04-31', '2025-02-29', '2026-01-32', '2026-13-01'])(
    'R1.4 is no time, and none near it: %s',
    (day) => {
      expect([parseInstant(`${day}T10:00:00Z`), parseInstant(`${day} 10:00:00.5+02:00`)]).toEqual([
        undefined,
        undefined,
      ])
    },
  )

  it.each(['2024-02-29', '2026-01-31', '2026-04-30', '2026-12-31'])('is none that it has: %s', (day) => {
    expect(parseInstant(`${day}T10:00:00Z`)).toBe(Date.parse(`${day}T10:00:00Z`))
  })
})

describe('a time in words', () => {
  it('R1.4 is written as the platform writes it, to the microsecond where it has them', () => {
    const millis = fc.integer({ min: EARLIEST_INSTANT, max: LATEST_INSTANT - 1 })
    const near = fc.integer({ min: -3 * 86_400_000, max: 3 * 86_400_000 })
    fc.assert(
      fc.property(fc.oneof(millis, near), fc.integer({ min: 0, max: 999 }), (whole, micros) => {
        const plain = new Date(whole).toISOString()
        const told = micros === 0 ? plain : `${plain.slice(0, -1)}${String(micros).padStart(3, '0')}Z`
        return formatInstant(whole + micros / 1000) === told
      }),
    )
  })

  it('R1.4 is told of nothing that is no time', () => {
    for (const none of [NaN, Infinity, -Infinity, 8.65e15]) expect(() => formatInstant(none)).toThrow(RangeError)
  })
})
