import { fold, isRefusal } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import type { Plan } from '../plan.js'
import { course, type Course, type CourseCommand } from './decider.js'

const ABOUT = { order: 'o', item: 'i', campaign: 'c' }
const plan = (touches: string[] = []): Plan => ({
  steps: [{ carrier: 'v', action: { do: 'revoke-lease', lease: 'l' }, touches }],
  endsTheRight: false,
  shortfalls: ['the right stands'],
})

type Bare = CourseCommand extends infer C ? (C extends unknown ? Omit<C, 'order' | 'item' | 'campaign'> : never) : never

function after(...commands: readonly Bare[]): { state: Course; refused: string | undefined } {
  const history: Parameters<typeof fold<Course, never>>[1][number][] = []
  let refused: string | undefined
  for (const [at, command] of commands.entries()) {
    const by = { actor: 'x', at }
    const answer = course.decide(fold(course, history), { ...ABOUT, ...command }, by)
    if (isRefusal(answer)) refused = answer.refused
    else for (const event of answer) history.push({ event: event as never, by })
  }
  return { state: fold(course, history), refused }
}

describe('the course of an order', () => {
  it('R4.4 waits for a person where something beyond the access would end, and goes on with their reason', () => {
    expect(after({ do: 'Plan', plan: plan(['ana also loses x']) }).state.status).toBe('held')
    expect(after({ do: 'Plan', plan: plan(['y']) }, { do: 'Release', reason: ' ' })).toMatchObject({
      refused: 'NO_REASON',
      state: { status: 'held' },
    })
    const { state } = after({ do: 'Plan', plan: plan(['y']) }, { do: 'Release', reason: 'nobody else uses it' })
    expect(state).toMatchObject({ status: 'going', releasedBy: 'x' })
    expect(after({ do: 'Plan', plan: plan() }, { do: 'Release', reason: 'r' }).refused).toBe('NOT_HELD')
  })

  it('R7.3 still says whose item it is about where the plan itself was erased', () => {
    const settled = { type: 'RemediationSettled', data: { order: 'o', item: 'i', campaign: 'c', how: 'done' } } as const
    const state = fold(course, [{ event: settled, by: { actor: 'x', at: 1 } }])
    expect(state).toMatchObject({ item: 'i', campaign: 'c', status: 'settled' })
  })

  it('is planned once: the same order keeps its plan, its steps and its receivers', () => {
    const { state } = after(
      { do: 'Plan', plan: plan() },
      { do: 'NoteDone', step: 0, how: 'first' },
      { do: 'Plan', plan: plan(['other']) },
      { do: 'NoteDone', step: 0, how: 'second' },
      { do: 'NoteHandedOver', to: 't', how: 'first', why: 'w' },
      { do: 'NoteHandedOver', to: 't', how: 'second', why: 'w' },
    )
    expect(state.status).toBe('going')
    expect([state.done, state.handedTo]).toEqual([{ 0: 'first' }, { t: 'first' }])
  })

  it('waits longer after each failure, and has failed after six', () => {
    const fails = (times: number): Course =>
      after({ do: 'Plan', plan: plan() }, ...Array.from({ length: times }, () => ({ do: 'NoteFailed', step: 0, why: 'sealed' }) as const)).state // prettier-ignore
    expect([1, 2, 3].map((times) => fails(times).nextTryAt)).toEqual([60_001, 120_002, 240_003])
    expect(fails(5).status).toBe('going')
    expect(fails(6)).toMatchObject({ status: 'failed', lastFailure: 'sealed' })
  })

  it('begins with a plan', () => {
    expect(after({ do: 'NoteDone', step: 0, how: 'h' }).refused).toBe('NOT_PLANNED')
  })
})
