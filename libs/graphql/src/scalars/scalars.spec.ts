import { KEY_LENGTH_MAX } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { parseValue as parseLiteral } from 'graphql'
import { enumName } from './declare-enum.js'
import { DateTime, KeyScalar, Position } from './index.js'

describe('DateTime', () => {
  it.each([
    ['2026-03-01T08:00:00Z', '2026-03-01T08:00:00.000Z'],
    ['2026-03-01T09:00:00.25+01:00', '2026-03-01T08:00:00.250Z'],
    ['2026-03-01T08:00:00.000123Z', '2026-03-01T08:00:00.000123Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('reads %s', (given, answer) => {
    expect(DateTime.serialize(DateTime.parseValue(given))).toBe(answer)
    expect(DateTime.parseLiteral(parseLiteral(JSON.stringify(given)))).toBe(DateTime.parseValue(given))
  })

  it.each([
    '2026-03-01', '2026-03-01T08:00:00', '2026-03-01 08:00:00Z', '2026-02-30T08:00:00Z', '2026-03-01T25:00:00Z',
    '2026-03-01T08:00:00.1234567Z', 'yesterday', '', 1772352000000, null, {},
  ])('refuses %p and says what to write', (given) => {
    expect(() => DateTime.parseValue(given)).toThrow(/RFC 3339 with an offset/)
  }) // prettier-ignore
})

describe('Position', () => {
  it('survives what 32 bits do not hold', () => {
    expect(Position.parseValue(4_294_967_297)).toBe(4_294_967_297)
    expect(Position.parseLiteral(parseLiteral('9007199254740991'))).toBe(Number.MAX_SAFE_INTEGER)
    expect(Position.parseValue('4294967297')).toBe(4_294_967_297)
  })

  it.each([-1, 1.5, '9007199254740993', 'x', NaN, null])('refuses %p', (given) => {
    expect(() => Position.parseValue(given)).toThrow(/whole number/)
  })
})

describe('Key', () => {
  it('is no longer than what lists are found by', () => {
    const key = `person:x:${'y'.repeat(KEY_LENGTH_MAX - 9)}`
    expect(KeyScalar.parseValue(key)).toBe(key)
    for (const parse of [
      () => KeyScalar.parseValue(`${key}y`),
      () => KeyScalar.parseLiteral(parseLiteral(`"${key}y"`)),
    ])
      expect(parse).toThrow(/at most 600 characters/)
  })
})

describe('an enum', () => {
  it('names words of the domain as GraphQL must', () => {
    expect(enumName('custody: session ended')).toBe('CUSTODY_SESSION_ENDED')
    expect(enumName("operator's join")).toBe('OPERATORS_JOIN')
  })
})
