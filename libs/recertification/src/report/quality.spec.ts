import type { Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { LAUNCH, personKey } from '../testing/campaign.js'
import type { CastVote } from '../item/state.js'
import { qualityOf } from './quality.js'

const boss = personKey('boss')
const vote = (at: number, more: Partial<CastVote> = {}): CastVote => ({
  reviewer: boss, inPlaceOf: [] as Key[], decision: { kind: 'certify' }, reason: 'ok', stage: 0, evidenceHash: 'h', recommended: 'look',
  isLate: false, isAfterLeaving: false, request: `r${at}`, at: LAUNCH + at * 1_000, ...more,
}) // prettier-ignore
const decided = (votes: readonly CastVote[], opened: boolean) => votes.map((one) => ({ vote: one, opened }))

describe('R6.7 quality of review', () => {
  it('names every sign of rubber-stamping', () => {
    const hasty = Array.from({ length: 20 }, (_, index) => vote(index * 2, { recommended: 'revoke' }))
    const quality = qualityOf(boss, decided(hasty, false), LAUNCH + 60_000)
    expect(quality).toMatchObject({
      decisions: 20, secondsPerItem: 2, evidenceOpened: 0, sameText: 1, certifiedAgainstAdvice: 1, inLastHour: 1, longestRun: 20, score: 0,
    })
    expect(quality.signs).toEqual([
      'decides every 2 s', 'opened the evidence of 0 %', '20 equal decisions in a row', 'the same words for 100 %',
      'certified 100 % against the evidence', '100 % in the last hour',
    ])
  }) // prettier-ignore

  it('finds nothing in careful work, and judges nobody on a handful', () => {
    const careful = Array.from({ length: 20 }, (_, index) =>
      vote(index * 90, {
        reason: `needed for ${index}`,
        decision: { kind: index % 3 === 0 ? 'revoke' : 'certify' },
        recommended: 'revoke',
        ...(index % 3 === 0 ? {} : { recommended: 'certify' }),
      }),
    )
    expect(qualityOf(boss, decided(careful, true), undefined)).toMatchObject({ score: 100, signs: [] })
    expect(qualityOf(boss, decided([vote(0), vote(1)], false), undefined)).toMatchObject({
      score: undefined,
      signs: [],
    })
  })

  it('counts a bulk decision once', () => {
    const bulk = Array.from({ length: 10 }, (_, index) => vote(0, { bulk: 'b', request: `r${index}` }))
    expect(qualityOf(boss, decided([...bulk, vote(300)], true), undefined).secondsPerItem).toBe(300)
  })

  it('calls nothing all that is not, and tells a sign by what was counted, not by what is shown', () => {
    const at = (opened: number, of: number) => {
      const all = Array.from({ length: of }, (_, index) => ({ vote: vote(index * 90, { reason: index === 0 ? 'looked' : 'ok' }), opened: index < opened })) // prettier-ignore
      return qualityOf(boss, all, undefined)
    }
    expect(at(199, 200).evidenceOpened).toBeLessThan(1)
    expect(at(199, 200).signs).toContain('the same words for 99 %')
    expect(at(99, 500).signs).toContain('opened the evidence of 19 %')
    expect(at(100, 500).signs.filter((sign) => sign.startsWith('opened'))).toEqual([])
    expect(at(1, 500).signs).toContain('opened the evidence of less than 1 %')
  })
})
