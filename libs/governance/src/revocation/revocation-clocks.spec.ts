import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../history/questions.js'
import { ana, days, history, NOW, person, written, type Given } from '../testing/histories.js'
import { ANA, BEN, retrieval, SHOP } from '../testing/retrievals.js'
import { revocationClocks } from './revocation-clocks.js'

const read = (accessor = ANA, daysAgo = 1, more = {}) =>
  retrieval({ fact: `${accessor.id} ${daysAgo}`, at: days(daysAgo), accessor, ...more })
const clocks = (given: Given) => revocationClocks(history(given)).map((clock) => ({ ...clock, positions: undefined }))
const recorded = { id: 'x', positions: [50] }
const exposed = { ...recorded, at: days(3), how: 'leak', words: 'in a log' } as const

describe('what should have ended access', () => {
  it('R4.1 a leaver’s clock runs until what they saw is replaced', () => {
    const given = { retrievals: [read(ANA, 5)], people: { [ana]: person(ana, 'left', days(2)) } }
    expect(clocks(given)).toEqual([
      { trigger: 'left', name: 'ana', at: days(2), openMs: 2 * DAY_MS, usesSince: 0, newSources: [] },
    ])
    expect(clocks({ ...given, changes: [written(1)] })).toMatchObject([{ endedAt: days(1), openMs: DAY_MS }])
  })
  it('R4.1 takes no time where it was replaced before', () => {
    const given = { retrievals: [read(ANA, 5)], people: { [ana]: person(ana, 'left', days(2)) } }
    expect(clocks({ ...given, changes: [written(4)] })).toMatchObject([{ endedAt: days(4), openMs: 0 }])
  })
  it('R4.1 is not there while they are here, nor where nobody knows when they left', () => {
    expect(clocks({ retrievals: [read(ANA, 5)], people: { [ana]: person(ana) } })).toEqual([])
    expect(clocks({ retrievals: [read(ANA, 5)], people: { [ana]: person(ana, 'left') } })).toEqual([])
  })
  it('R3.10 an exposure’s clock counts uses since, and where it was never obtained before', () => {
    const retrievals = [read(ANA, 5), read(BEN, 2), read(SHOP, 1, { source: 'elsewhere' })]
    expect(clocks({ retrievals, sharing: { exposures: [exposed] } })).toMatchObject([
      { trigger: 'exposed', openMs: 3 * DAY_MS, usesSince: 2, newSources: ['elsewhere'] },
    ])
    expect(clocks({ retrievals, changes: [written(2.5)], sharing: { exposures: [exposed] } })).toMatchObject([
      { openMs: 12 * HOUR_MS, usesSince: 0, newSources: [] },
    ])
  })
  it('R4.1 of what is issued anew every one that was issued before must have ended', () => {
    const lease = (end: object) => read(SHOP, 4, { kind: 'lease-issued', end })
    const ended = lease({ state: 'proven', how: 'revoked', at: days(2) })
    const unseen = read(SHOP, 5, { kind: 'lease-issued', end: { state: 'missing' } })
    const sharing = { jobs: [{ ...recorded, job: 'nightly', disabledAt: days(3) }] }
    expect(clocks({ retrievals: [ended], sharing })).toMatchObject([{ endedAt: days(2), openMs: DAY_MS }])
    expect(clocks({ retrievals: [ended, unseen], sharing })).toMatchObject([{ openMs: NOW - days(3) }])
    expect(clocks({ retrievals: [ended, unseen], sharing })[0]).not.toHaveProperty('endedAt')
  })
})
