import type { Judgement } from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { casesOf, faultOf, type Case, type Said } from './case.js'
import { Tally } from './tally.js'

const line = {
  incident: 'standing-grant/1',
  kind: 'standing-grant',
  title: 't',
  requirements: [],
  breaks: [{ control: 'grant-ends', at: '2026-03-01T00:00:00.000Z' }],
  at: '2026-03-01T00:00:00.000Z',
  until: '2026-03-05T00:00:00.000Z',
  cause: [],
  principals: [],
  given: {},
}
const causes = new Set([7, 8])
const [planted] = casesOf(line, causes) as [Case]
const [twin] = casesOf({ ...line, incident: 'standing-grant/1-twin', twinOf: 'standing-grant/1' }, causes) as [Case]
const said = (verdict: Judgement['verdict'], ...witnesses: number[]): Said => ({ verdict, witnesses, reason: 'r' })

describe('what was planted', () => {
  it('is looked at when it became true, its twin then and at its end', () => {
    expect(planted.moments).toEqual([Date.parse('2026-03-01T00:01:00Z')])
    expect(twin.moments).toEqual(['2026-03-01T00:01:00Z', '2026-03-05T00:01:00Z'].map((time) => Date.parse(time)))
  })

  it('R5.1 is found only as uncontrolled, and with its cause among the witnesses', () => {
    expect(faultOf(planted, [said('uncontrolled', 3, 8)])).toBeUndefined()
    expect(faultOf(planted, [said('uncontrolled', 3)])).toBe('without its cause')
    for (const answer of [said('unknown', 7), said('exception', 7), said('controlled', 7), undefined])
      expect(faultOf(planted, [answer])).toBe('missed')
  })

  it('R5.1 needs no witness where nothing happened', () => {
    expect(faultOf({ ...planted, causes: new Set() }, [said('uncontrolled')])).toBeUndefined()
  })

  it('R5.1 is no alarm as a twin at any moment', () => {
    expect(faultOf(twin, [said('controlled'), said('unknown')])).toBeUndefined()
    expect(faultOf(twin, [said('controlled'), said('uncontrolled', 7)])).toBe('alarm on the twin')
  })
})

describe('a tally', () => {
  it('R5.1 holds only if everything is found, every twin silent and nothing grave said of a clean organisation', () => {
    const with_ = (fill: (tally: Tally) => void): boolean => {
      const tally = new Tally()
      fill(tally)
      return tally.holds
    }
    expect(with_((tally) => tally.add(1, planted, [said('uncontrolled', 7)]))).toBe(true)
    expect(with_((tally) => tally.add(1, planted, [said('unknown', 7)]))).toBe(false)
    expect(with_((tally) => tally.add(1, twin, [said('uncontrolled', 7)]))).toBe(false)
    expect(with_((tally) => tally.addClean(1, 'grant-ends', 'c', [said('uncontrolled')]))).toBe(true)
    expect(with_((tally) => tally.addClean(1, 'owner-accountable', 'c', [said('uncontrolled')]))).toBe(false)
    expect(with_((tally) => tally.addClean(1, 'owner-accountable', 'c', [undefined, said('exception')]))).toBe(true)
  })
})
