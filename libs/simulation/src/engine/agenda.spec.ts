import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Agenda, type Course } from './agenda.js'

describe('an agenda', () => {
  it('lets courses go on in the order of their moments, the first entered first', () => {
    const moment = fc.integer({ min: 0, max: 50 })
    fc.assert(
      fc.property(fc.array(fc.tuple(moment, fc.array(moment, { maxLength: 4 })), { maxLength: 40 }), (plans) => {
        const agenda = new Agenda(0, 1_000)
        const seen: number[] = []
        function* course(waits: readonly number[]): Course {
          for (const wait of waits) {
            seen.push(agenda.now)
            yield wait
          }
          seen.push(agenda.now)
        }
        for (const [at, waits] of plans) agenda.start(course(waits), at)
        while (agenda.step());
        expect(seen).toEqual([...seen].sort((a, b) => a - b))
        expect(seen).toHaveLength(plans.reduce((sum, [, waits]) => sum + waits.length + 1, 0))
        expect(agenda.pending).toBe(0)
      }),
    )
  })

  it('ends with its time, whatever is still to happen', () => {
    const agenda = new Agenda(0, 10)
    let turns = 0
    function* forever(): Course {
      for (;;) {
        turns++
        yield 4
      }
    }
    agenda.start(forever())
    while (agenda.step());
    expect([turns, agenda.now]).toEqual([3, 8])
  })
})
