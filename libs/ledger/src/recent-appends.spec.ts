import { describe, expect, it } from '@jest/globals'
import { recordRows } from './event-row.js'
import { NOON, positionsOf, record } from './ledger-samples.js'
import { RecentAppends } from './recent-appends.js'

const rows = (first: number, last: number, bytes = 10) => {
  const records = Array.from({ length: last - first + 1 }, (_, index) => record(`r${first + index}`, { payload: Buffer.alloc(bytes) }))
  return [...recordRows(records, first - 1, NOON)]
} // prettier-ignore

describe('what a process appended a moment ago', () => {
  it('is told in order up to the first that it did not append', () => {
    const recent = new RecentAppends()
    recent.add(rows(1, 3))
    recent.add([])
    recent.add(rows(4, 5))
    recent.add(rows(8, 9))
    expect(positionsOf(recent.after(1, 10) ?? [])).toEqual([2, 3, 4, 5])
    expect(positionsOf(recent.after(2, 2) ?? [])).toEqual([3, 4])
    expect(recent.after(5, 10)).toBeUndefined()
    expect(positionsOf(recent.after(7, 10) ?? [])).toEqual([8, 9])
  })

  it('is forgotten once who follows is past it', () => {
    const recent = new RecentAppends()
    recent.add(rows(1, 3))
    recent.add(rows(4, 5))
    expect(positionsOf(recent.after(3, 10) ?? [])).toEqual([4, 5])
    expect(recent.after(0, 10)).toBeUndefined()
    expect([recent.hasAfter(4), recent.hasAfter(5)]).toEqual([true, false])
  })

  it('R7.3 is kept for seconds only, so that nothing is told long after it was erased', () => {
    let now = 0
    const recent = new RecentAppends(() => now)
    recent.add(rows(1, 3))
    now = 4_000
    recent.add(rows(4, 5))
    expect(positionsOf(recent.after(0, 10) ?? [])).toEqual([1, 2, 3, 4, 5])
    now = 5_001
    expect(recent.after(0, 10)).toBeUndefined()
    expect(positionsOf(recent.after(3, 10) ?? [])).toEqual([4, 5])
    recent.clear()
    expect(recent.after(3, 10)).toBeUndefined()
  })

  it('is kept for some megabytes only', () => {
    const recent = new RecentAppends()
    for (let first = 1; first <= 40; first++) recent.add(rows(first, first, 1024 * 1024))
    expect(recent.after(0, 10)).toBeUndefined()
    expect(positionsOf(recent.after(24, 100) ?? [])).toEqual(Array.from({ length: 16 }, (_, index) => 25 + index))
    recent.add(rows(41, 41, 17 * 1024 * 1024))
    expect(recent.after(40, 1)).toBeUndefined()
  })
})
