import { describe, expect, it } from '@jest/globals'
import { causesOf } from './verdict-changes.js'
import type { VerdictChange } from './verdict-decider.js'

const change = (position: number, more: Partial<VerdictChange>) => {
  const changes = [{ id: 'i', control: 'a', controlVersion: 1, reason: 'r', witnesses: [], ...more }]
  return { data: { credential: 'c', position, at: position, changes }, position: position + 1000 }
}
const causes = (...changes: ReturnType<typeof change>[]) => causesOf(changes).map(({ cause }) => cause)

describe('what caused a change of verdict', () => {
  it('R5.2 is a record that is newer than the change before, and named', () => {
    const told = causesOf([change(10, { witnesses: [3] }), change(20, { witnesses: [3, 15] })])
    expect(told[1]).toMatchObject({ cause: 'evidence', news: [15], recordedAt: 1020, position: 20, at: 20 })
  })
  it('R5.2 is time, or an absence, where no record is newer', () => {
    expect(causes(change(10, { witnesses: [3] }), change(20, { witnesses: [3] }))).toEqual(['first', 'time'])
    expect(causes(change(10, {}), change(20, {}))).toEqual(['first', 'time'])
  })
  it('R5.1 is the control where it has another version, and not where it did not apply in between', () => {
    expect(causes(change(10, {}), change(20, { controlVersion: 2 }))).toEqual(['first', 'control'])
    expect(causes(change(10, {}), change(20, { controlVersion: 0 }), change(30, { controlVersion: 1 }))[2]).toBe('time')
  })
  it('is told of each control by itself', () => {
    expect(causes(change(10, {}), change(20, { control: 'b', witnesses: [5] }))).toEqual(['first', 'first'])
  })
})
