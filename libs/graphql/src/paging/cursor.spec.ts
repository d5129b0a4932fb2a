import { cutAt } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyCharacter } from '../../../../test/any-character.js'
import { listName, readCursor, writeCursor } from './cursor.js'

const list = listName('retrievals', { source: 'vault' })

describe('a cursor', () => {
  it('says again what was written, whatever the place', () => {
    const places = fc.array(
      fc.string({ unit: anyCharacter }).filter((text) => !text.includes('\0') && !/\p{Surrogate}/u.test(text)),
    )
    const times = fc.option(fc.double({ min: -8e14, max: 8e14, noNaN: true }), { nil: undefined })
    fc.assert(
      fc.property(places, times, fc.nat(), (place, validAt, position) => {
        const cursor = { list, cut: cutAt(position), validAt: validAt === 0 ? 0 : validAt, place }
        expect(readCursor(writeCursor(cursor))).toEqual(cursor)
      }),
    )
  })

  it('of another text is refused, never misread', () => {
    const cursor = writeCursor({ list, cut: cutAt(7), validAt: undefined, place: ['1', 'ab'] })
    const forms = [
      cursor.slice(1),
      `${cursor}=`,
      cursor.slice(0, -2),
      '',
      'null',
      'e30',
      'W10',
      'WzFd',
      '\0',
      'ä'.repeat(50),
    ]
    for (const text of forms) expect(() => readCursor(text)).toThrow(/take endCursor/)
  })

  it('with a NUL, another version or a number for a place is refused', () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forms = [
      [1, list, cutAt(7), null, 'a\0'],
      [2, list, cutAt(7), null],
      [1, list, cutAt(7), null, 5],
      [1, list, cutAt(7), 'now'],
      [1, 5, cutAt(7), null],
      { 0: 1 },
    ]
    for (const form of forms) expect(() => readCursor(encode(form))).toThrow(/take endCursor/)
  })

  it('belongs to one list with one filter', () => {
    expect(listName('retrievals', { a: 1, b: 2 })).toBe(listName('retrievals', { b: 2, a: 1 }))
    expect(listName('retrievals', { a: 1 })).not.toBe(listName('retrievals', { a: 2 }))
    expect(listName('credentials', {})).not.toBe(listName('principals', {}))
  })
})
