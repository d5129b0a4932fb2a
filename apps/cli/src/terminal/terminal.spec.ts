import { describe, expect, it } from '@jest/globals'
import { escapeJson, escapeText } from './escape.js'
import { bytes, counted, roughDuration, timeNear } from './numbers.js'
import { plain, wrap } from './paint.js'
import { paintTable } from './table.js'

describe('text from logs', () => {
  it('cannot control the terminal', () => {
    expect(escapeText('a\u001b]0;x\u0007b\u0000\u009b\u200b\u2066\ud800')).toBe(
      'a\\x1b]0;x\\x07b\\x00\\x9b\\u200b\\u2066\\ud800',
    )
    expect(escapeText('Zoë 日本 €')).toBe('Zoë 日本 €')
  })

  it('stays the same JSON value', () => {
    const value = { name: 'x\u001b\u009b\u202e\n' }
    const shown = escapeJson(JSON.stringify(value, undefined, 2))
    expect(JSON.parse(shown)).toEqual(value)
    expect(shown).not.toMatch(/[\u009b\u202e]/)
  })
})

describe('lines', () => {
  it('break at blanks only', () => {
    const lines = wrap([plain('one two three'), plain(' four')], 8).map((line) => line.map(({ text }) => text).join(''))
    expect(lines).toEqual(['one two', 'three', 'four'])
    expect(wrap([plain('abcdefghij kl')], 4).map((line) => line[0]?.text)).toEqual(['abcdefghij', 'kl'])
  })

  it('stand in columns', () => {
    const columns = [
      { title: 'name', align: 'left' },
      { title: 'n', align: 'right' },
    ] as const
    const rows = [
      [plain('a'), plain('1,000')],
      [plain('\u001b'), plain('2')],
    ]
    expect(paintTable(columns, rows, { columns: 80, colour: false }).split('\n')).toEqual([
      'name      n',
      'a     1,000',
      '\\x1b      2',
    ])
  })
})

describe('numbers', () => {
  it('read like numbers', () => {
    expect([counted(1, 'record'), counted(4096, 'record')]).toEqual(['1 record', '4,096 records'])
    expect([0, 59_999, 60_000, 90_000_000].map(roughDuration)).toEqual(['0 s', '59 s', '1 min', '1 d'])
    expect([0, 1023, 1536, 5 * 1024 ** 3].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '5.0 GiB'])
  })

  it('leave out the day where it is known', () => {
    const at = Date.parse('2026-03-01T08:00:00Z')
    expect(timeNear(at, at + 1000)).toBe('08:00:00.000')
    expect(timeNear(at, at + 86_400_000)).toBe('2026-03-01 08:00:00.000')
  })
})
