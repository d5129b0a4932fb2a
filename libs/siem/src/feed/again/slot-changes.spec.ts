import { isDeepStrictEqual } from 'node:util'
import { MemoryFactIndex, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { credentialKey, form, makeKey, type Activity, type Instant } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { endedBy } from './again.js'
import { groundOf, NOT_YET, type Ground } from './ground.js'

const HOUR_MS = 3_600_000
const SLOT = { system: 'vault/prod', container: 'secret', path: 'app' }
const SETTINGS = { ...WALK_DEFAULTS, sources: [] }

type Draft = Pick<Activity, 'factId' | 'kind' | 'occurredAt'> & Partial<Activity>

function activity(draft: Draft): Activity {
  return { source: 'vault', type: draft.kind, resolutionMs: 0, outcome: 'succeeded', target: SLOT, groups: [], attributes: {}, positions: [], conflicts: [], ...draft } // prettier-ignore
}

function readAt(occurredAt: Instant, number = 0): Activity {
  return activity({ factId: `read:${number}`, kind: 'secret-read', occurredAt })
}

function changeAt(occurredAt: Instant, completedAt = occurredAt, number = 0): Activity {
  const groups = [{ role: 'slot', verb: 'ends', trust: 'verified', forms: [form(credentialKey(SLOT)!)] }] as const
  return activity({ factId: `change:${number}`, kind: 'secret-written', occurredAt, completedAt, groups })
}

async function told(reads: readonly Activity[], changes: readonly Activity[]): Promise<{ ground: Ground; end: Chain['end'] }[]> {
  const index = new MemoryFactIndex([...reads, ...changes], { position: 1 })
  return (await walk(index, reads, SETTINGS)).map((chain) => ({ ground: groundOf(chain), end: chain.end }))
} // prettier-ignore

/** Is a chain that stood on this ground told again for what the changes did? */
function isToldAgain({ at, ender }: Ground, change: Activity, stood: Activity | undefined): boolean {
  const earlier = new Map(stood === undefined ? [] : [[stood.factId, stood]])
  const again = endedBy([change], earlier)
  expect(again.map(({ kind }) => kind)).toEqual(['slot'])
  return again.some(({ from, to }) => (ender?.at ?? NOT_YET) >= from && (ender?.since ?? at) <= to)
}

describe('a slot that changed', () => {
  it('R8.1 has those reads told again whose end is another one now, whatever came in which order', async () => {
    const minutes = fc.integer({ min: 0, max: 300 }).map((minute) => minute * 60_000)
    const change = fc.tuple(minutes, fc.integer({ min: 0, max: HOUR_MS }))
    let changed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(minutes, { maxLength: 8 }), fc.array(change, { maxLength: 4 }), change, fc.boolean(), async (times, known, [at, took], wasKnown) => {
        const reads = times.map(readAt)
        const others = known.map(([from, lasts], number) => changeAt(from, from + lasts, number + 1))
        // It is new, or one that is known came to stand at another time.
        const stood = wasKnown ? others[0] : undefined
        const now = changeAt(at, at + took, stood === undefined ? 0 : 1)
        const [before, after] = [await told(reads, others), await told(reads, [...others.filter((other) => other !== stood), now])]
        before.forEach(({ ground, end }, number) => {
          if (isDeepStrictEqual(end, after[number]?.end)) return
          changed += 1
          expect(isToldAgain(ground, now, stood)).toBe(true)
        })
      }),
      { numRuns: 1_000 },
    ) // prettier-ignore
    expect(changed).toBeGreaterThan(100)
  })

  it('R8.1 has told again what had ended long before, where it was brought back', () => {
    const back: Activity = { ...changeAt(100 * HOUR_MS), kind: 'secret-restored' }
    const standing: Ground = { factId: 'read', at: 1, ender: { name: 'slot', at: HOUR_MS }, logins: [], isUncovered: false } // prettier-ignore
    expect(isToldAgain(standing, back, undefined)).toBe(true)
    expect(isToldAgain({ ...standing, at: 101 * HOUR_MS }, back, undefined)).toBe(false)
  })

  it('R8.1 leaves alone what had ended two minutes before, and what is read two minutes after', () => {
    const change = changeAt(10 * HOUR_MS)
    const standing = (at: Instant, end: Instant): Ground => ({ factId: 'read', at, ender: { name: 'slot', at: end }, logins: [], isUncovered: false }) // prettier-ignore
    expect(isToldAgain(standing(9 * HOUR_MS, 10 * HOUR_MS - 120_000), change, undefined)).toBe(false)
    expect(isToldAgain(standing(10 * HOUR_MS + 120_000, NOT_YET), change, undefined)).toBe(false)
    expect(isToldAgain(standing(9 * HOUR_MS, NOT_YET), change, undefined)).toBe(true)
    expect(isToldAgain(standing(9 * HOUR_MS, 11 * HOUR_MS), change, undefined)).toBe(true)
  })

  it('R8.1 has an unwrapping told again for what changed since it was wrapped', async () => {
    const token = (role: string, verb: 'establishes' | 'presents') => ({ role, verb, trust: 'verified', forms: [form(makeKey('vault-token', 'prod', 'w'))] }) as const
    const wrapped = activity({ factId: 'wrap', kind: 'secret-read', occurredAt: 0, groups: [token('wrapping', 'establishes')] })
    const opened = activity({ factId: 'open', kind: 'response-unwrapped', occurredAt: 5 * HOUR_MS, groups: [token('opened', 'presents')] })
    const change = changeAt(2 * HOUR_MS)
    const [before, after] = [await told([opened], [wrapped]), await told([opened], [wrapped, change])]
    expect([before[0]?.end.how, after[0]?.end.how]).toEqual([undefined, 'rotated'])
    expect(isToldAgain(before[0]!.ground, change, undefined)).toBe(true)
    expect(isToldAgain(before[0]!.ground, changeAt(-HOUR_MS), undefined)).toBe(false)
  }) // prettier-ignore
})
