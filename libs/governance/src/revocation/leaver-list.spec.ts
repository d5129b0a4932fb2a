import { describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../history/questions.js'
import { ana, ben, days, history, NOW, person, written, type Given } from '../testing/histories.js'
import { ANA, BEN, NOBODY, retrieval, SHOP } from '../testing/retrievals.js'
import { impactOf, leastDefensible, leaverList } from './leaver-list.js'

const read = (accessor = ANA, daysAgo = 1, more = {}) =>
  retrieval({ fact: `${accessor.id} ${daysAgo}`, at: days(daysAgo), accessor, ...more })
const gone = { [ana]: person(ana, 'left', days(0.5)) }
const of = (id: string, given: Given) => history({ ...given, id })

describe('what a leaver has seen', () => {
  it('R4.2 is open, with the clock running, until what they saw is replaced', () => {
    const [open, ended, ...others] = leaverList(ana, [
      of('replaced', { people: gone, changes: [written(10), written(0.25)] }),
      of('open', { people: gone }),
      of('of another', { people: gone, retrievals: [read(BEN)] }),
      of('lease', { people: gone, retrievals: [read(ANA, 1, { kind: 'lease-issued' })] }),
      of('kept', { people: gone, retrievals: [read(ANA, 1, { kind: 'key-used' })] }),
    ])
    expect(others).toEqual([])
    expect(open).toMatchObject({ credential: 'open', leftAt: days(0.5), latencyMs: DAY_MS / 2, perhaps: false })
    expect(open).not.toHaveProperty('endedAt')
    expect(ended).toMatchObject({ credential: 'replaced', endedAt: days(0.25), latencyMs: DAY_MS / 4 })
  })

  it('R4.2 says that it is only perhaps theirs where they are one of several', () => {
    const either = { id: 'ambiguous:x', kind: 'ambiguous' as const, name: 'ana or ben', keys: [ana, ben] }
    expect(leaverList(ana, [history({ people: gone, retrievals: [read(either)] })])).toMatchObject([{ perhaps: true }])
  })

  it('R4.2 says that it is only perhaps theirs where it may have been another that they unwrapped', () => {
    const unwrapped = read(ANA, 1, { kind: 'response-unwrapped', outcome: 'unknown' })
    expect(leaverList(ana, [history({ people: gone, retrievals: [unwrapped] })])).toMatchObject([{ perhaps: true }])
    const both = [unwrapped, read(ANA, 2)]
    expect(leaverList(ana, [history({ people: gone, retrievals: both })])).toMatchObject([{ perhaps: false }])
  })

  it('R4.1 has no latency while they are here', () => {
    const [seen] = leaverList(ana, [history()])
    expect(seen).not.toHaveProperty('latencyMs')
  })
})

describe('what would break', () => {
  it('R4.4 names who obtained it lately, the last use and the copies', () => {
    const copies = [{ kind: 'ci-variable' as const, place: 'p', at: NOW, by: 'x' }]
    const impact = impactOf(history({ retrievals: [read(SHOP, 2), read(ANA, 40)], stewardship: { copies } }), 30)
    expect(impact).toEqual({
      consumers: [{ name: 'acme/shop', kind: 'workload', lastAt: days(2), perhapsMore: false }],
      lastUse: days(2),
      copies: 1,
      complete: true,
    })
  })

  it('R4.4 R9.1 knows an agent by name as it knows a workload', () => {
    const agent = { id: 'agent:a:b', kind: 'agent' as const, name: 'b', keys: [] }
    expect(impactOf(history({ retrievals: [read(agent)] }), 30)).toMatchObject({ complete: true })
  })

  it('R4.4 does not claim to be complete where somebody unknown obtained it', () => {
    expect(impactOf(history({ retrievals: [read(NOBODY)] }), 30)).toMatchObject({
      complete: false,
      consumers: [{ perhapsMore: true }],
    })
  })
})

describe('what to replace first', () => {
  it('R5.6 is what many systems and many people hold and nothing ends', () => {
    const many = {
      retrievals: [read(SHOP), read(ANA), read(BEN)],
      stewardship: { declared: { reaches: ['billing', 'refunds'] } },
    }
    const ranked = leastDefensible([
      of('one', {}),
      of('lease', { retrievals: [read(ANA, 1, { kind: 'lease-issued' })] }),
      of('many', many),
      of('nobody', { retrievals: [read(NOBODY)] }),
    ])
    expect(ranked.map(({ id, defensibility }) => [id, defensibility.score])).toEqual([['many', 18], ['nobody', 6], ['one', 3], ['lease', 1]]) // prettier-ignore
  })
})
