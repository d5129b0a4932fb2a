import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { heardAt, type Activity } from './activity.js'
import type { Key } from './keys.js'
import { merge, mergeAll } from './merge.js'

const word = fc.constantFrom('a', 'b', 'c')
const key = word.map((name) => `vault-token:prod:${name}` as Key)

/** One record's view of a fact: few values, so that views agree, differ and overlap. */
const view: fc.Arbitrary<Activity> = fc.record(
  {
    factId: fc.constant('fact'),
    source: word,
    kind: fc.constantFrom('unclassified', 'operation', 'login', 'secret-read'),
    type: word,
    occurredAt: fc.integer({ min: 1, max: 3 }),
    completedAt: fc.integer({ min: 1, max: 3 }),
    heardAt: fc.integer({ min: 1, max: 3 }),
    resolutionMs: fc.constantFrom(0, 1000),
    outcome: fc.constantFrom('unknown', 'succeeded', 'failed', 'denied'),
    target: fc.record({ system: word, path: word, container: word }, { requiredKeys: ['system', 'path'] }),
    groups: fc.array(
      fc.record({
        role: fc.constantFrom('caller', 'issued'),
        verb: fc.constantFrom('presents', 'establishes'),
        trust: fc.constantFrom('verified', 'declared'),
        forms: fc.array(fc.record({ key, position: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    attributes: fc.dictionary(word, fc.oneof(word, fc.integer({ min: 0, max: 2 }), fc.array(word, { maxLength: 2 }))),
    conflicts: fc.constant([]),
    positions: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2 }).map((all) => all.sort()),
  },
  { requiredKeys: ['factId', 'source', 'kind', 'type', 'occurredAt', 'resolutionMs', 'outcome', 'groups', 'attributes', 'conflicts', 'positions'] },
) as fc.Arbitrary<Activity> // prettier-ignore

describe('merging the views of one fact', () => {
  it('gives one answer in any order, however they are bracketed and however often each comes', () => {
    const shuffledTwice = fc
      .array(view, { minLength: 2, maxLength: 5 })
      .chain((views) =>
        fc.tuple(fc.constant(views), fc.shuffledSubarray([...views, ...views], { minLength: views.length * 2 })),
      )
    fc.assert(
      fc.property(shuffledTwice, ([views, shuffled]) => {
        const [first, ...rest] = views as [Activity, ...Activity[]]
        const merged = mergeAll([first, ...rest, first])
        expect(mergeAll(shuffled)).toEqual(merged)
        expect(merge(first, mergeAll([...rest, first]))).toEqual(merged)
      }),
      { numRuns: 500 },
    )
  })

  it('has its source heard of by the first record, whatever is recorded later', () => {
    const first: Activity = { ...base, occurredAt: 9_000, heardAt: 500, positions: [1] }
    const later: Activity = { ...base, occurredAt: 1_000, positions: [2] }
    expect(heardAt(merge(later, first))).toBe(500)
    expect(heardAt(merge({ ...first, positions: [2] }, { ...later, positions: [1] }))).toBe(1_000)
    expect(
      merge({ ...base, occurredAt: 1_000, positions: [1] }, { ...base, occurredAt: 1_001, positions: [2] }),
    ).not.toHaveProperty('heardAt')
  })

  it('dates a name by the first record that shows it', () => {
    const at = (position: number): Activity => ({
      ...base,
      groups: [{ role: 'caller', verb: 'presents', trust: 'verified', forms: [{ key: KEY, position }] }],
      positions: [position],
    })
    expect(merge(at(7), at(3)).groups[0]?.forms).toEqual([{ key: KEY, position: 3 }])
    expect(merge(at(7), at(3)).positions).toEqual([3, 7])
  })

  it('keeps the graver outcome and says that the views differ', () => {
    const merged = merge({ ...base, outcome: 'succeeded' }, { ...base, outcome: 'denied' })
    expect(merged).toMatchObject({ outcome: 'denied', conflicts: ['outcome'] })
    expect(merge({ ...base, outcome: 'unknown' }, { ...base, outcome: 'succeeded' }).conflicts).toEqual([])
  })

  it('refuses views of different facts', () => {
    expect(() => merge(base, { ...base, factId: 'other' })).toThrow('cannot merge fact fact with other')
  })
})

const KEY = 'vault-token:prod:a' as Key
const base: Activity = {
  factId: 'fact',
  source: 'vault',
  kind: 'operation',
  type: 'read',
  occurredAt: 1,
  resolutionMs: 0,
  outcome: 'unknown',
  groups: [],
  attributes: {},
  conflicts: [],
  positions: [1],
}
