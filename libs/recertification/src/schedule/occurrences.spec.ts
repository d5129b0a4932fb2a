import { formatInstant } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { firstOccurrences, occurrencesBetween, type Schedule } from './occurrences.js'
import { daysLater } from './wall-clock.js'

const schedule = (rule: string, start: string, zone = 'Europe/Berlin'): Schedule => ({ rule, start, zone })
const first = (rule: string, start: string, count: number, zone?: string) =>
  firstOccurrences(schedule(rule, start, zone), count).map((at) => formatInstant(at).slice(0, 16))

describe('a schedule', () => {
  it('keeps its time of day over clock changes', () => {
    expect(first('FREQ=MONTHLY', '2026-03-01T09:00', 2)).toEqual(['2026-03-01T08:00', '2026-04-01T07:00'])
  })

  it('time zones: a time of day that a clock change skips is the next valid instant', () => {
    expect(first('FREQ=DAILY', '2026-03-28T02:30', 3)).toEqual(['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30'])
    expect(first('FREQ=DAILY', '2026-03-29T02:00', 1)).toEqual(['2026-03-29T01:00'])
    expect(first('FREQ=DAILY', '2026-03-08T02:30', 1, 'America/New_York')).toEqual(['2026-03-08T07:00'])
  }) // prettier-ignore

  it('time zones: a time of day that happens twice is the first of both', () => {
    expect(first('FREQ=DAILY', '2026-10-25T02:30', 1)).toEqual(['2026-10-25T00:30'])
  })

  it('time zones: day 31 means the last day of shorter months', () => {
    expect(first('FREQ=MONTHLY', '2026-01-31T12:00', 4, 'UTC')).toEqual([
      '2026-01-31T12:00', '2026-02-28T12:00', '2026-03-31T12:00', '2026-04-30T12:00',
    ]) // prettier-ignore
    expect(first('FREQ=YEARLY', '2024-02-29T12:00', 3, 'UTC')).toEqual([
      '2024-02-29T12:00', '2025-02-28T12:00', '2026-02-28T12:00',
    ]) // prettier-ignore
    expect(first('FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=30', '2025-11-30T12:00', 2, 'UTC')).toEqual([
      '2025-11-30T12:00', '2026-02-28T12:00',
    ]) // prettier-ignore
  })

  it('ends by count and by date', () => {
    expect(first('FREQ=MONTHLY;COUNT=2', '2026-01-31T12:00', 9, 'UTC')).toHaveLength(2)
    expect(first('FREQ=DAILY;UNTIL=20260103T235959Z', '2026-01-01T12:00', 9, 'UTC')).toHaveLength(3)
  })

  it('answers any window as the whole list does', () => {
    const rules = fc.constantFrom('FREQ=MONTHLY', 'FREQ=DAILY;INTERVAL=3', 'FREQ=WEEKLY;BYDAY=MO,FR', 'FREQ=MONTHLY;BYMONTHDAY=31')
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC')
    const hours = fc.integer({ min: 0, max: 23 })
    const days = fc.integer({ min: 0, max: 200 })
    fc.assert(fc.property(rules, zones, hours, days, days, (rule, zone, hour, a, b) => {
      const one = schedule(rule, `2026-01-31T${String(hour).padStart(2, '0')}:30`, zone)
      const all = firstOccurrences(one, 150)
      const [from, to] = [a, b].sort((x, y) => x - y).map((day) => Date.UTC(2026, 0, 31) + day * 86_400_000) as [number, number]
      expect(all).toEqual([...new Set(all)].sort((x, y) => x - y))
      expect(occurrencesBetween(one, from, to)).toEqual(all.filter((at) => at > from && at <= to))
    }), { numRuns: 60 })
  }) // prettier-ignore

  it.each([
    ['FREQ=MONTHLY', '2026-01-01T09:00', 'Europe/Atlantis', /no time zone Europe\/Atlantis/],
    ['FREQ=MONTHLY', '2026-01-01T09:00', '+01:00', /no time zone \+01:00/],
    ['FREQ=MONTHLY', 'soon', 'UTC', /soon is no time of day/],
    ['every month', '2026-01-01T09:00', 'UTC', /no recurrence rule/],
    ['FREQ=HOURLY', '2026-01-01T09:00', 'UTC', /FREQ is HOURLY: write one of DAILY/],
    ['FREQ=MONTHLY;BYDAY=XX', '2026-01-01T09:00', 'UTC', /no recurrence rule/],
  ])('refuses %s at %s in %s and says why', (rule, start, zone, message) => {
    expect(() => firstOccurrences(schedule(rule, start, zone), 1)).toThrow(message)
  })

  it('that never fires has no occurrence, and says so soon', () => {
    expect(first('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=1', '2026-01-01T09:00', 1, 'UTC')).toEqual([])
    expect(first('FREQ=DAILY;UNTIL=20250101T000000Z', '2026-01-01T09:00', 1, 'UTC')).toEqual([])
  })

  it('counts days of the zone, not of 24 hours', () => {
    const before = Date.parse('2026-03-28T09:00:00+01:00')
    expect(formatInstant(daysLater(before, 1, 'Europe/Berlin'))).toBe('2026-03-29T07:00:00.000Z')
  })
})
