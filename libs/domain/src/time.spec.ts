import { describe, expect, it } from '@jest/globals'
import { parseInstant } from './time.js'

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
