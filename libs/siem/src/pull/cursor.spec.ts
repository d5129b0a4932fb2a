import { describe, expect, it } from '@jest/globals'
import { readCursor, writeCursor } from './cursor.js'

const key = Buffer.alloc(32, 1)
const binding = { caller: 'machine:a', question: 'q' }

describe('a cursor', () => {
  it('R8.1 is of its caller and question only, and of this installation', () => {
    const cursor = writeCursor(key, { sequence: 4711, hash: 'h' }, binding)
    expect(readCursor(key, cursor, binding)).toEqual({ sequence: 4711, hash: 'h' })
    expect(readCursor(key, cursor, { ...binding, caller: 'machine:b' })).toBe('of another caller')
    expect(readCursor(key, cursor, { ...binding, question: 'r' })).toBe('of another filter or format')
    expect(readCursor(Buffer.alloc(32, 2), cursor, binding)).toBe('malformed')
  })

  it('R8.1 is refused with any byte changed', () => {
    const cursor = writeCursor(key, { sequence: 4711, hash: 'h' }, binding)
    for (let index = 0; index < cursor.length; index++) {
      const other = cursor[index] === 'A' ? 'B' : 'A'
      const changed = `${cursor.slice(0, index)}${other}${cursor.slice(index + 1)}`
      // The last character of base64 may carry bits that mean nothing.
      if (Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(Buffer.from(cursor.split('.')[1] ?? '', 'base64url')) && changed.split('.')[0] === cursor.split('.')[0]) continue // prettier-ignore
      expect(readCursor(key, changed, binding)).toBe('malformed')
    }
  })
})
