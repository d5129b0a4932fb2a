import type { ClockBounds, FactIndex } from '@catena/access-chain'
import type { Instant, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { heardUntil, NO_SURROUNDINGS, reclockedPresenters, surroundingsOf, unsettledBy } from './surroundings.js'

const PAIR = 'vault github/github.com'
const sources = [
  { id: 'vault', kind: 'vault', scope: 'prod', federations: [{ issuer: { kind: 'github', scope: 'github.com' } }] },
] as unknown as readonly SourceInstance[]
const bounds = (leastStart?: number, settledAt?: Instant): ClockBounds => ({
  leastStart,
  lastUse: undefined,
  ...(settledAt === undefined ? {} : { settledAt }),
})

/** A fake index that knows clocks alone; tells how often it was asked. */
function indexOf(clock: ClockBounds, validAt?: Instant): { readonly index: FactIndex; readonly asked: string[] } {
  const asked: string[] = []
  const index = {
    asOf: { position: 9, validAt },
    clockBounds: (presenter: string, issuer: string) => {
      asked.push(`${presenter} ${issuer}`)
      return Promise.resolve(clock)
    },
    coverage: () => Promise.resolve(undefined),
  } as unknown as FactIndex
  return { index, asked }
}

describe('what chains rest on beside keys', () => {
  it('R1.10 is how far clocks differ by all that is known, so that a clock judged otherwise is seen', async () => {
    const before = await surroundingsOf(indexOf(bounds(4_000, 50)).index, sources)
    expect([Object.keys(before.skews), before.settled]).toEqual([[PAIR], { [PAIR]: 50 }])
    const now = await surroundingsOf(indexOf(bounds(-7_000, 90)).index, sources)
    expect(reclockedPresenters(before, now)).toEqual(['vault'])
    expect(reclockedPresenters(NO_SURROUNDINGS, now)).toEqual(['vault'])
    expect(reclockedPresenters(now, now)).toEqual([])
  })

  it('R5.2 is on a date before it was settled what was known of clocks then, even nothing', async () => {
    const now = await surroundingsOf(indexOf(bounds(4_000, 50)).index, sources)
    for (const clock of [bounds(), bounds(9_000, 20)]) {
      const { index, asked } = indexOf(clock, 49)
      const then = await surroundingsOf(index, sources, now)
      expect(asked).toEqual([PAIR])
      expect(unsettledBy(now, then, sources).reclocked).toEqual(['vault'])
    }
  })

  it('R5.2 is on any later date the same, and not asked again', async () => {
    const now = await surroundingsOf(indexOf(bounds(4_000, 50)).index, sources)
    const { index, asked } = indexOf(bounds(), 50)
    expect(await surroundingsOf(index, sources, now)).toEqual(now)
    expect(asked).toEqual([])
  })

  it('R1.9 is how late issuers were heard of last, and of nobody else', () => {
    const github = { id: 'github', kind: 'github', scope: 'github.com', federations: [] } as unknown as SourceInstance
    const heard = (vault: Instant, issuer: Instant) => ({
      ...NO_SURROUNDINGS,
      coverages: { vault: { from: 0, to: vault }, github: { from: 0, to: issuer } },
    })
    const until = (now: ReturnType<typeof heard>) => heardUntil(heard(10, 20), now, [...sources, github])
    expect([until(heard(15, 20)), until(heard(10, 25)), until(heard(15, 25))]).toEqual([undefined, 20, 20])
  })
})
