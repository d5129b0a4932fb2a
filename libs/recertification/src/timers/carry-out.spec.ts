import { describe, expect, it } from '@jest/globals'
import { frozenState } from '../item/context.js'
import type { ItemState } from '../item/state.js'
import { accessRow } from '../testing/access.js'
import { DAY_MS, frozenItem, LAUNCH } from '../testing/campaign.js'
import { endOfObtained, verdictOn } from './carry-out.js'

const ORDERED = LAUNCH
const order = { id: 'o', outcome: { kind: 'revoke' as const }, mode: 'automatic' as const, dueAt: LAUNCH, credential: 'c', orderedAt: ORDERED } // prettier-ignore
const applied: ItemState = { ...frozenState(frozenItem()), status: 'applied', appliedAt: ORDERED, outcome: order.outcome, order } // prettier-ignore
const end = (day: number, how = 'revoked', obtainedAt = ORDERED - DAY_MS) => ({ at: ORDERED + day * DAY_MS, how, positions: [day], obtainedAt }) // prettier-ignore
const before = { lastUsedAt: ORDERED - DAY_MS }

function verdictAfter(row: ReturnType<typeof accessRow>, day: number) {
  return verdictOn(applied, row, endOfObtained(row, ORDERED), 7, 'UTC', ORDERED + day * DAY_MS)?.type
}

describe('R6.5 the silence after an end', () => {
  it('begins when the last of everything obtained has ended, also where what was obtained last ended before it', () => {
    const row = accessRow({ ...before, ended: end(1), lastEnd: end(5) })
    expect(verdictAfter(row, 8)).toBeUndefined()
    expect(verdictAfter(row, 11)).toBeUndefined()
    expect(verdictAfter(row, 12)).toBe('NoteVerified')
  })

  it('begins no earlier where the last one ended by itself', () => {
    const row = accessRow({ ...before, ended: end(1), lastEnd: end(30, 'ended') })
    expect(verdictAfter(row, 36)).toBeUndefined()
    expect(verdictAfter(row, 37)).toBe('NoteVerified')
  })

  it('begins when what was obtained has ended also where the right ended before', () => {
    const right = { at: ORDERED + DAY_MS, how: 'removed', positions: [9] }
    const row = accessRow({ ...before, lastEnd: end(3, 'ended') })
    const verdict = (day: number) => verdictOn(applied, row, right, 7, 'UTC', ORDERED + day * DAY_MS)?.type
    expect([8, 9, 10].map(verdict)).toEqual([undefined, undefined, 'NoteVerified'])
  })

  it('is proven by the end of what is older where nothing was obtained since the order, as after a refused attempt', () => {
    const row = accessRow({ ...before, ended: undefined, lastEnd: end(2) })
    expect(endOfObtained(row, ORDERED)).toMatchObject({ positions: [2] })
    expect(endOfObtained({ ...row, open: 1 }, ORDERED)).toBeUndefined()
    expect(endOfObtained({ ...row, lastEnd: end(-1) }, ORDERED)).toBeUndefined()
    expect(endOfObtained({ ...row, lastEnd: end(2, 'expired') }, ORDERED)).toBeUndefined()
  })

  it('is not proven by the end of what is older for what was obtained after the order: that has come back', () => {
    const used = ORDERED + DAY_MS
    const row = accessRow({ lastUsedAt: used, ended: end(2, 'expired', used), lastEnd: end(3) })
    expect(endOfObtained(row, ORDERED)).toBeUndefined()
    expect(verdictAfter(row, 40)).toBe('NoteRegressed')
    expect(endOfObtained({ ...row, lastEnd: end(3, 'revoked', used) }, ORDERED)).toMatchObject({ positions: [3] })
  })
})
