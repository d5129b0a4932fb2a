import { describe, expect, it } from '@jest/globals'
import { KeyedHash } from '../pipeline/keyed-hash.js'
import { ContentHash } from './content-hash.js'

const keyed = new KeyedHash(Buffer.alloc(32, 3))
const TEXT = 'one\ntwo\nthree\n'

describe('the hash of a stream', () => {
  it('tells of everything before the end of a record, however it was cut into pieces', () => {
    for (let size = 1; size <= TEXT.length; size++) {
      const content = new ContentHash(keyed.begin())
      for (let at = 0; at < TEXT.length; at += size) content.push(Buffer.from(TEXT.slice(at, at + size)))
      for (const end of [0, 4, 8, 8, TEXT.length])
        expect(content.before(end)).toEqual(keyed.of(Buffer.from(TEXT.slice(0, end))))
    }
  })

  it('tells of the last record also when what stands behind it was let go of, and of nothing else before', () => {
    const content = new ContentHash(keyed.begin())
    content.push(Buffer.from(TEXT))
    content.letGo(4, 9)
    expect(content.before(4)).toEqual(keyed.of(Buffer.from('one\n')))
    expect(content.before(14)).toEqual(keyed.of(Buffer.from(TEXT)))
    expect(() => content.before(8)).toThrow(RangeError)
    expect(() => content.before(15)).toThrow(RangeError)
  })
})
