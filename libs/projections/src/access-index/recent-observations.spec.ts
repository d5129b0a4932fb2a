import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { KEPT_RECORDS_MAX, RecentObservations } from './recent-observations.js'

/** Every third position is a decision, which is no activity. */
const ledger = (after: number, through: number): Activity[] =>
  Array.from({ length: through - after }, (_, index) => after + index + 1)
    .filter((position) => position % 3 > 0)
    .map((position) => ({ positions: [position] }) as unknown as Activity)

const positions = (found: readonly Activity[] | undefined): unknown => found?.map((activity) => activity.positions[0])

describe('observations that were read lately', () => {
  it('R1.4 are those that the ledger holds, whatever was asked before', async () => {
    const span = fc.tuple(fc.nat(3 * KEPT_RECORDS_MAX), fc.oneof(fc.nat(20), fc.nat(2 * KEPT_RECORDS_MAX)))
    await fc.assert(
      fc.asyncProperty(fc.array(span, { maxLength: 12 }), async (spans) => {
        const recent = new RecentObservations((after, through) => Promise.resolve(ledger(after, through)))
        const asked = spans.map(([after, length]) => [after, after + length] as const)
        const answers = await Promise.all(asked.map(([after, through]) => recent.between(after, through)))
        expect(answers.map(positions)).toEqual(asked.map(([after, through]) => positions(ledger(after, through))))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('are read once for all who follow the ledger', async () => {
    const read: number[] = []
    const recent = new RecentObservations((after, through) => {
      for (let position = after + 1; position <= through; position++) read.push(position)
      return Promise.resolve(ledger(after, through))
    })
    await Promise.all([recent.between(0, 10), recent.between(0, 10)])
    await Promise.all([recent.between(10, 15), recent.between(4, 12), recent.between(10, 20)])
    expect(read).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it('are kept through however many decisions', async () => {
    const read: [number, number][] = []
    const recent = new RecentObservations((after, through) => {
      read.push([after, through])
      return Promise.resolve(ledger(after, Math.min(through, 10)))
    })
    await recent.between(0, 10)
    for (const reached of [10, 10 + KEPT_RECORDS_MAX, 10 + 2 * KEPT_RECORDS_MAX])
      await recent.between(reached, reached + KEPT_RECORDS_MAX)
    expect(positions(await recent.between(5, 10 + 3 * KEPT_RECORDS_MAX))).toEqual(positions(ledger(5, 10)))
    expect(read).toHaveLength(4)
  })

  it('are not told where one cannot be read, and asked for again', async () => {
    const gone = new Set([12])
    const recent = new RecentObservations((after, through) =>
      Promise.resolve([...gone].some((at) => at > after && at <= through) ? undefined : ledger(after, through)),
    )
    await recent.between(0, 10)
    expect(await recent.between(5, 15)).toBeUndefined()
    gone.clear()
    expect(positions(await recent.between(5, 15))).toEqual(positions(ledger(5, 15)))
  })
})
