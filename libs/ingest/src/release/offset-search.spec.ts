import { describe, expect, it } from '@jest/globals'
import { OffsetSearch } from './offset-search.js'

const message = (offset: bigint) => ({ offset, value: null, headers: {} })
const batch = (...offsets: bigint[]) => ({
  topic: 't',
  partition: 0,
  highWatermark: 99n,
  messages: offsets.map(message),
})

function searching(...offsets: bigint[]) {
  const search = new OffsetSearch(offsets, { low: 10n, high: 90n })
  const asked: (bigint | 'pause')[] = []
  const control = { seek: (offset: bigint) => void asked.push(offset), pause: () => void asked.push('pause') }
  const found = () => [...search.found].map(([offset, at]) => [offset, 'absent' in at ? at.absent : 'message'])
  return { search, asked, found, take: (...given: bigint[]) => search.take(batch(...given), control) }
}

describe('a search for offsets', () => {
  it('knows without asking what lies outside of the partition', () => {
    const { search, found } = searching(9n, 90n)
    expect([search.isDone, found()]).toEqual([true, [[9n, 'below-start'], [90n, 'beyond-end']]]) // prettier-ignore
    expect(new OffsetSearch([5n], undefined).found.get(5n)).toEqual({ absent: 'no-partition' })
  })

  it('takes what a fetch holds, and seeks the next', () => {
    const { asked, found, take } = searching(12n, 50n, 11n)
    take(10n, 11n, 12n, 13n)
    take(50n, 51n)
    expect(asked).toEqual([50n, 'pause'])
    expect(found()).toEqual([[11n, 'message'], [12n, 'message'], [50n, 'message']]) // prettier-ignore
  })

  it('takes for compacted what a fetch leaves out, and not what it did not reach', () => {
    const { asked, found, take } = searching(20n, 25n, 40n)
    // The group began somewhere behind: nothing is said of 20 before it was sought.
    take(30n, 31n)
    expect(found()).toEqual([])
    take(22n, 24n, 26n)
    expect(found()).toEqual([[20n, 'compacted'], [25n, 'compacted']]) // prettier-ignore
    take(41n)
    expect(found().at(-1)).toEqual([40n, 'compacted'])
    expect(asked).toEqual([20n, 40n, 'pause'])
  })
})
