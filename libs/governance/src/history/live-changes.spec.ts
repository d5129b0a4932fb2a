import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyHistory } from '../testing/any-history.js'
import { days, history, written, type Given } from '../testing/histories.js'
import { ANA, retrieval } from '../testing/retrievals.js'
import type { SlotChange } from './credential-history.js'
import { endingAfter, endingFrom, goneAt, hasEndedBy, liveChanges } from './live-changes.js'
import { goneSince, lastRotation } from './questions.js'

const two = written(10, { version: 2 })
const destroyed = (daysAgo: number, ...versions: number[]): SlotChange =>
  written(daysAgo, { how: 'destroyed', ...(versions.length === 0 ? {} : { versions }) })
const hidden = (daysAgo: number): SlotChange => written(daysAgo, { how: 'deleted', versionsHidden: true })
const read = (daysAgo: number, version: number) => retrieval({ fact: `r${daysAgo}`, at: days(daysAgo), accessor: ANA, version }) // prettier-ignore
const slot = (changes: readonly SlotChange[], retrievals: Given['retrievals'] = []) => history({ changes, retrievals })
const gone = (...given: Parameters<typeof slot>): boolean | undefined => goneAt(slot(...given))?.isSure

describe('a change of a slot', () => {
  it('R4.3 ends nothing where it names older versions alone', () => {
    const pruned = slot([two, destroyed(5, 1)])
    expect([goneAt(pruned), endingAfter(pruned, days(9))]).toEqual([undefined, {}])
    expect(liveChanges(pruned)).toEqual([{ change: two, ofLive: 'yes' }])
  })

  it('R4.3 ends what is in use where it names it, or names none, though older versions are left', () => {
    for (const end of [destroyed(5, 2), destroyed(5, 1, 2), destroyed(5), written(5, { how: 'deleted' })])
      expect(goneSince(slot([two, end]))).toBe(end)
  })

  it('R4.3 R1.9 perhaps ends it where the record hides the versions, or none tells which one is in use', () => {
    expect(gone([two, hidden(5)])).toBe(false)
    expect(gone([destroyed(5, 2)])).toBe(false)
    expect(gone([written(10), destroyed(5, 2)])).toBe(false)
    expect(gone([two, destroyed(5, 3)])).toBe(false)
    // Who read it may have asked for an old one.
    expect(gone([destroyed(5, 2)], [read(6, 2)])).toBe(false)
    expect(gone([two, destroyed(5, 2)], [read(6, 3)])).toBe(undefined)
    expect(gone([destroyed(5, 1)], [read(6, 2)])).toBe(undefined)
    // A later write that tells no version, and a version that no write told of.
    expect(gone([two, written(8), destroyed(5, 2)])).toBe(false)
    expect(gone([two, destroyed(5, 2, 3)], [read(6, 3)])).toBe(false)
  })

  it('R4.3 is judged by no attempt that was refused, and none of the moment of a change', () => {
    const refused = (daysAgo: number, version: number) => ({ ...read(daysAgo, version), outcome: 'denied' as const })
    expect(gone([two, destroyed(5, 2)], [refused(6, 3)])).toBe(true)
    expect(gone([two, hidden(5)], [refused(4, 2)])).toBe(false)
    expect(gone([two, destroyed(5, 2)], [read(10, 3)])).toBe(true)
    expect(gone([two, hidden(5)], [read(5, 2)])).toBe(false)
  })

  it('R4.3 perhaps ends it where what was obtained since the last write is not all known one by one', () => {
    const held = (...retrievals: Given['retrievals'] & object) =>
      goneAt(history({ changes: [two, destroyed(5, 2)], retrievals, older: true }))?.isSure
    expect(held(read(6, 2))).toBe(false)
    expect(held(read(6, 2), read(11, 1))).toBe(true)
    // Of that very moment more may have been obtained than is held.
    expect(held(read(6, 2), read(10, 1))).toBe(false)
    expect(held()).toBe(false)
    expect(held(read(6, 3))).toBe(undefined)
  })

  it('R4.3 is shown to have ended nothing in use by whoever obtained that after it', () => {
    expect(gone([two, hidden(5)], [read(4, 2)])).toBe(undefined)
    expect(gone([two, hidden(5)], [read(4, 1)])).toBe(false)
    expect(gone([two, hidden(5)], [read(6, 2)])).toBe(false)
    // What is named and was obtained all the same is an end that did not hold.
    expect(gone([two, destroyed(5, 2)], [read(4, 2)])).toBe(true)
  })

  it('R4.3 leaves gone what was gone, whatever is said of versions afterwards', () => {
    expect(goneSince(slot([two, destroyed(5, 2), destroyed(4, 1)]))?.at).toBe(days(5))
    expect(goneSince(slot([two, destroyed(5), hidden(4)]))?.at).toBe(days(5))
    expect(goneSince(slot([two, destroyed(5), written(3, { version: 1 })]))).toBe(undefined)
  })

  it('R4.3 R1.4 perhaps ends it where whether it was made is not known, and a write of which that is so makes nothing certain', () => {
    const perhaps = (daysAgo: number, more: Partial<SlotChange> = {}) => written(daysAgo, { perhaps: true, ...more })
    expect(gone([two, perhaps(5, { how: 'deleted' })])).toBe(false)
    expect(gone([two, perhaps(5, { how: 'deleted', versions: [1] })])).toBe(undefined)
    const rotated = slot([two, perhaps(5)])
    expect([endingAfter(rotated, days(6)), goneAt(rotated)]).toEqual([{ perhaps: perhaps(5) }, undefined])
    expect(lastRotation(rotated)).toBe(two)
    // What was deleted may be there again; and of which version a deletion was nobody knows, if another may have been written.
    expect(gone([two, written(5, { how: 'deleted' }), perhaps(4)])).toBe(false)
    expect(gone([two, written(5, { how: 'deleted' }), perhaps(4), destroyed(3)])).toBe(true)
    expect(gone([two, perhaps(6), destroyed(5, 2)])).toBe(false)
    expect(gone([two, perhaps(6, { version: 3 }), destroyed(5, 2)])).toBe(false)
    // Perhaps all were destroyed, and counted anew.
    expect(gone([written(10, { version: 5 }), perhaps(8, { how: 'destroyed' }), written(6, { version: 1 }), destroyed(5, 1)])).toBe(false) // prettier-ignore
  })

  it('R4.3 counts anew after all versions were destroyed', () => {
    const again = [written(10, { version: 5 }), destroyed(8), written(6, { version: 1 })]
    expect(gone([...again, destroyed(5, 1)])).toBe(true)
    expect(gone([...again, destroyed(5, 5)])).toBe(false)
  })

  it('R4.3 brings back what is in use, perhaps, or an older version alone', () => {
    const back = (more: Partial<SlotChange>): SlotChange => written(3, { how: 'restored', ...more })
    const deleted = written(5, { how: 'deleted' })
    expect(gone([two, deleted, back({ versions: [2] })])).toBe(undefined)
    expect(gone([two, deleted, back({})])).toBe(undefined)
    expect(gone([two, deleted, back({ versions: [1] })])).toBe(true)
    expect(gone([two, deleted, back({ versionsHidden: true })])).toBe(false)
    expect(gone([two, deleted, back({ versionsHidden: true })], [read(2, 2)])).toBe(undefined)
  })

  it('R4.1 R4.3 ends nothing for whoever has seen it, where it was brought back since', () => {
    const [deleted, back] = [written(5, { how: 'deleted' }), written(3, { how: 'restored' })]
    const hiddenBack = { ...back, versionsHidden: true } as const
    const ending = (...changes: SlotChange[]) => endingAfter(slot([two, ...changes]), days(9))
    expect(ending(deleted, back)).toEqual({})
    expect(ending(deleted, back, written(1))).toEqual({ sure: written(1) })
    expect(ending(deleted, hiddenBack)).toEqual({ perhaps: deleted })
    expect(ending(destroyed(5), back)).toEqual({ perhaps: destroyed(5) })
    expect(ending(deleted, { ...back, versions: [1] })).toEqual({ sure: deleted })
    const replaced = written(4, { version: 3 })
    expect(ending(replaced, back)).toEqual({ sure: replaced })
  })

  it('R1.4 R4.3 leaves open whether what was destroyed is gone, where it was brought back since', () => {
    const back = (daysAgo: number, more: Partial<SlotChange> = {}) => written(daysAgo, { how: 'restored', ...more })
    for (const end of [destroyed(5, 2), destroyed(5)])
      for (const restored of [back(3), back(3, { versions: [2] }), back(3, { versionsHidden: true })]) {
        const changes = [two, end, restored]
        expect([goneAt(slot(changes)), endingAfter(slot(changes), days(9))]).toEqual([
          { change: end, isSure: false },
          { perhaps: end },
        ])
        expect(goneAt(slot(changes), days(4))).toEqual({ change: end, isSure: true })
        expect(gone([...changes, written(2, { version: 3 })])).toBe(undefined)
        expect(gone([...changes, written(2, { how: 'deleted' })])).toBe(true)
      }
    // One that was deleted, and brought back for certain, was not destroyed by that.
    expect(gone([two, destroyed(6), written(5, { how: 'deleted' }), back(3)])).toBe(false)
    expect(gone([two, written(5, { how: 'deleted' }), back(3)])).toBe(undefined)
  })

  it('R1.9 R4.3 is perhaps over where what ended it and what brought it back are of one moment', () => {
    const [deleted, back] = [written(5, { how: 'deleted' }), written(5, { how: 'restored' })]
    for (const changes of [
      [two, deleted, back],
      [two, back, deleted],
    ])
      expect([gone(changes), endingAfter(slot(changes), days(9))]).toEqual([false, { perhaps: deleted }])
  })

  it('R4.1 ends it for certain or perhaps by a moment', () => {
    const ending = endingFrom(slot([two, hidden(5), written(4, { version: 3 })]), days(5))
    expect([days(6), days(5), days(4)].map((by) => hasEndedBy(ending, by))).toEqual(['no', 'perhaps', 'yes'])
    expect(endingAfter(slot([two, destroyed(5), hidden(4)]), days(9)).perhaps).toBe(undefined)
    const ended = slot([two, destroyed(5)])
    expect([endingAfter(ended, days(5)), endingFrom(ended, days(5)).sure?.at]).toEqual([{}, days(5)])
  })

  it('R1.9 is judged the same in whatever order changes of one moment stand', () => {
    fc.assert(
      fc.property(anyHistory(), ({ changes, retrievals, older }) => {
        const atOnce = changes.map((change) => ({ ...change, at: days(3) }))
        const told = new Map(
          liveChanges({ changes: atOnce, retrievals, older }).map(({ change, ofLive }) => [change, ofLive]),
        )
        for (const { change, ofLive } of liveChanges({ changes: [...atOnce].reverse(), retrievals, older }))
          expect(told.get(change)).toBe(ofLive)
      }),
    )
  })
})
