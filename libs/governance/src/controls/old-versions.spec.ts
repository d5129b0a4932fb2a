import { describe, expect, it } from '@jest/globals'
import { endedSince, lastRotation } from '../history/questions.js'
import { leaverList } from '../revocation/leaver-list.js'
import { revocationClocks } from '../revocation/revocation-clocks.js'
import { sharingRecordOf } from '../sharing/sharing-record.js'
import { liveChanges } from '../history/live-changes.js'
import { ana, chief, days, history, NOW, person, written, type Given } from '../testing/histories.js'
import { ANA, retrieval } from '../testing/retrievals.js'
import type { Verdict } from './control.js'
import { evaluate } from './evaluate.js'
import { CONTROLS } from './registry.js'

const recorded = { id: 'x', positions: [50] }
const read = retrieval({ at: days(6), accessor: ANA, version: 2 })
const exposure = (how: 'leak' | 'insecure-sharing') => ({ sharing: { exposures: [{ ...recorded, at: days(5), how, words: 'in the open' }] } }) // prettier-ignore
const breakGlass = {
  ...recorded,
  activatedAt: days(6),
  by: ana,
  plannedAt: days(9),
  closeDueAt: days(4),
  reviewDueAt: days(4),
  closedAt: days(5),
  reviewedAt: days(5),
}

/** What asks for an end five days ago, and what it says where nothing ended it. */
const ASKED: readonly (readonly [control: string, given: Given])[] = [
  ['exposure-answered', exposure('leak')],
  ['insecure-sharing', exposure('insecure-sharing')],
  ['leaver-revoked', { people: { [ana]: person(ana, 'left', days(5)) } }],
  ['torn-down-ended', { teardowns: [{ at: days(5), thing: 'environment', name: 'preview-7', positions: [80] }] }],
  ['job-token-revoked', { sharing: { jobs: [{ ...recorded, job: 'nightly', disabledAt: days(5) }] } }],
  [
    'release-key-rotated',
    { sharing: { releases: [{ ...recorded, approvedBy: chief, from: days(8), until: days(5) }] } },
  ],
]
const two = written(100, { version: 2 })
/** Minutes after what asks for an end. */
const END = 4.99

function verdictOf(control: string, given: Given): Verdict | undefined {
  const asked = history({ retrievals: [read], ...given })
  return evaluate(
    asked,
    CONTROLS.filter(({ id }) => id === control),
  ).results[0]?.verdict
}

describe('an update of which no record tells whether it wrote another value', () => {
  const updated = written(END, { perhaps: true })
  const old = written(200, { version: 1 })

  it.each(ASKED)('R5.1 R1.9 ends nothing for certain: %s', (control, given) => {
    expect(verdictOf(control, { changes: [two], ...given })).not.toBe('controlled')
    expect(verdictOf(control, { changes: [two, updated], ...given })).toBe('unknown')
  })

  it('R2.1 R1.9 is no rotation, and leaves open whether there was one', () => {
    expect(lastRotation(history({ changes: [old, updated] }))).toBe(old)
    expect(verdictOf('rotation-age', { changes: [old] })).toBe('uncontrolled')
    expect(verdictOf('rotation-age', { changes: [old, updated] })).toBe('unknown')
    const told = { ...updated, positions: [77] }
    const [{ witnesses } = {}] = evaluate(history({ retrievals: [read], changes: [old, told] }), CONTROLS.filter(({ id }) => id === 'rotation-age')).results
    expect(witnesses).toContain(77)
    expect(verdictOf('rotation-age', { changes: [old, written(150, { perhaps: true })] })).toBe('uncontrolled')
    expect(verdictOf('rotation-age', { changes: [two, written(5), updated] })).toBe('controlled')
  })

  it('R2.3 R1.9 leaves open whether a copy still holds what it held', () => {
    const copies = (daysAgo: number): Given => ({
      stewardship: { copies: [{ kind: 'ci-store', place: 'acme/app', at: days(daysAgo), by: ana, positions: [9] }] },
    }) as never
    expect(verdictOf('residual-copies', { changes: [old], ...copies(100) })).toBe('controlled')
    expect(verdictOf('residual-copies', { changes: [old, updated], ...copies(100) })).toBe('unknown')
    expect(verdictOf('residual-copies', { changes: [old, updated], ...copies(2) })).toBe('controlled')
    expect(verdictOf('residual-copies', { changes: [old, updated], ...copies(300) })).toBe('uncontrolled')
  })
}) // prettier-ignore

describe('versions that were destroyed', () => {
  it.each(ASKED)(
    'R4.1 %s: an older one is no end, the one in use is, and where records hide it nobody knows',
    (control, given) => {
      const after = (...versions: number[]) => verdictOf(control, { ...given, changes: [two, written(END, { how: 'destroyed', versions })] }) // prettier-ignore
      expect([after(1), after(2), after(1, 2)]).toEqual(['uncontrolled', 'controlled', 'controlled'])
      const hidden = [two, written(END, { how: 'deleted', versionsHidden: true })] as const
      expect(verdictOf(control, { ...given, changes: hidden })).toBe('unknown')
      expect(verdictOf(control, { ...given, changes: [...hidden, written(0.5, { version: 3 })] })).not.toBe(
        'uncontrolled',
      )
      expect(verdictOf(control, { ...given, changes: [written(END, { how: 'destroyed', versions: [2] })] })).toBe(
        'unknown',
      )
    },
  )

  it.each(['exposure-answered', 'leaver-revoked', 'torn-down-ended'])(
    'R4.1 %s: what came too late does not make it unknown',
    (control) => {
      const given = ASKED.find(([id]) => id === control)?.[1]
      const late = [two, written(2, { how: 'deleted', versionsHidden: true })] as const
      expect(verdictOf(control, { ...given, changes: late })).toBe('uncontrolled')
    },
  )

  it('R3.4 of an emergency are no rotation where they are older ones, and perhaps one where records hide them', () => {
    const rotated = (more: Parameters<typeof written>[1]) => {
      const changes = liveChanges({ changes: [two, written(END, more)], retrievals: [], older: false })
      const activation = { activation: 'x', at: days(6), by: ana, plannedAt: days(9), outsidePlan: false, closeDueAt: days(4), reviewDueAt: days(4), closedAt: days(5), reviewedAt: days(5) } // prettier-ignore
      const entry = { kind: 'break-glass', id: 'b', positions: [50], state: { activations: [activation] } }
      return verdictOf('break-glass-closed', { sharing: sharingRecordOf([entry as never], changes) })
    }
    expect(rotated({ how: 'destroyed', versions: [1] })).toBe('uncontrolled')
    expect(rotated({ how: 'destroyed', versions: [2] })).toBe('controlled')
    expect(rotated({ how: 'destroyed', versionsHidden: true })).toBe('unknown')
    const undone = { ...breakGlass, perhapsRotatedAt: days(2) }
    expect(verdictOf('break-glass-closed', { sharing: { breakGlass: [undone] } })).toBe('uncontrolled')
  })

  it.each([
    ['rotation-age', [read]],
    ['still-used', [retrieval({ at: days(95), accessor: ANA })]],
  ] as const)(
    'R2.1 %s goes on asking where they are older ones, and does not know where records hide them',
    (control, retrievals) => {
      const after = (more: Parameters<typeof written>[1]) => verdictOf(control, { retrievals, changes: [two, written(5, more)] }) // prettier-ignore
      expect(after({ how: 'destroyed', versions: [1] })).toBe('uncontrolled')
      expect(after({ how: 'destroyed', versions: [2] })).toBe(undefined)
      expect(after({ how: 'destroyed', versionsHidden: true })).toBe('unknown')
    },
  )

  it('R4.3 revocation-silent asks nothing of older ones, and accuses nobody where records hide them', () => {
    const after = (more: Parameters<typeof written>[1]) => verdictOf('revocation-silent', { retrievals: [retrieval({ at: days(1), version: 1 })], changes: [two, written(9, more)] }) // prettier-ignore
    expect(after({ how: 'destroyed', versions: [1] })).toBe(undefined)
    expect(after({ how: 'destroyed', versions: [2] })).toBe('uncontrolled')
    expect(after({ how: 'destroyed', versionsHidden: true })).toBe('unknown')
  })

  it('R1.4 R4.3 revocation-silent passes nothing that was destroyed and may be back: its verdict is unknown', () => {
    const back = (how: 'destroyed' | 'deleted') => verdictOf('revocation-silent', { changes: [two, written(9, { how }), written(8, { how: 'restored', versions: [2] })] }) // prettier-ignore
    expect([back('destroyed'), back('deleted')]).toEqual(['unknown', undefined])
  })

  it('R4.1 R4.2 leave clocks running and what a leaver has seen open, unless it was the one in use', () => {
    const given = (more: Parameters<typeof written>[1]) =>
      history({ ...ASKED[2]![1], retrievals: [read], changes: [two, written(END, more)] })
    const ends = (more: Parameters<typeof written>[1]) => [
      endedSince(given(more), days(6))?.at,
      revocationClocks(given(more))[0]?.endedAt,
      leaverList(ana, [given(more)])[0]?.endedAt,
    ]
    const none = [undefined, undefined, undefined]
    expect(ends({ how: 'destroyed', versions: [1] })).toEqual(none)
    expect(ends({ how: 'destroyed', versionsHidden: true })).toEqual(none)
    expect(ends({ how: 'destroyed', versions: [2] })).toEqual([days(END), days(END), days(END)])
  })

  it('make a failure less grave only where the one in use is gone', () => {
    const gradeOf = (more: Parameters<typeof written>[1]) => evaluate(history({ changes: [two, written(5, more)], at: NOW })).grade // prettier-ignore
    expect(gradeOf({ how: 'destroyed', versions: [1] })).toBe(undefined)
    expect(gradeOf({ how: 'destroyed', versionsHidden: true })).toBe(undefined)
    expect(gradeOf({ how: 'destroyed', versions: [2] })).toEqual({ isGone: true })
  })
})
