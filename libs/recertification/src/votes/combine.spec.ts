import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { combine } from './combine.js'
import { DECISION_KINDS, type ReviewDecision } from './decision.js'

const part = fc.constantFrom('read', 'write', 'list')
const vote: fc.Arbitrary<ReviewDecision> = fc.oneof(
  fc.constantFrom<ReviewDecision>({ kind: 'revoke' }, { kind: 'certify' }, { kind: 'abstain' }),
  fc.record({ kind: fc.constant('modify' as const), scope: fc.uniqueArray(part) }),
  fc.record({ kind: fc.constant('modify' as const), until: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('exception' as const), until: fc.integer({ min: 1, max: 9 }), compensatingControls: fc.uniqueArray(part) }),
) // prettier-ignore
const votes = fc.array(vote, { maxLength: 7 })
const strength = (kind: string) => DECISION_KINDS.indexOf(kind as 'revoke')

describe('the table of votes', () => {
  it('is total: every list of votes and every quorum has an answer', () => {
    fc.assert(fc.property(votes, fc.integer({ min: 0, max: 9 }), (cast, quorum) => {
      expect(['decided', 'undecided']).toContain(combine(cast, quorum).status)
    })) // prettier-ignore
  })

  it('does not depend on the order of the votes', () => {
    const shuffled = votes.chain((cast) =>
      fc.tuple(fc.constant(cast), fc.shuffledSubarray(cast, { minLength: cast.length, maxLength: cast.length })),
    )
    fc.assert(fc.property(shuffled, fc.integer({ min: 1, max: 4 }), ([cast, other], quorum) => {
      expect(combine(other, quorum)).toEqual(combine(cast, quorum))
    })) // prettier-ignore
  })

  it('lets the strongest vote win and nothing weaker', () => {
    fc.assert(fc.property(votes, (cast) => {
      const combined = combine(cast, 1)
      const judged = cast.filter(({ kind }) => kind !== 'abstain')
      const strongest = Math.min(...judged.map(({ kind }) => strength(kind)))
      if (combined.status === 'undecided') expect(judged).toEqual([])
      else expect(strength(combined.outcome.kind)).toBeLessThanOrEqual(strongest)
    })) // prettier-ignore
  })

  it('never makes an outcome of silence or abstention', () => {
    expect(combine([], 0)).toEqual({ status: 'undecided', votes: 0, quorum: 0 })
    expect(combine([{ kind: 'abstain' }, { kind: 'abstain' }], 1)).toMatchObject({ status: 'undecided' })
    expect(combine([{ kind: 'certify' }, { kind: 'abstain' }], 2)).toMatchObject({ status: 'undecided', votes: 1 })
  })

  it('takes the intersection of scopes and the earliest end of two that modify', () => {
    const both = combine([{ kind: 'modify', scope: ['read', 'list'], until: 9 }, { kind: 'modify', scope: ['write', 'read'], until: 7 }], 2)
    expect(both).toEqual({ status: 'decided', outcome: { kind: 'modify', scope: ['read'], until: 7 } })
    expect(combine([{ kind: 'modify', scope: ['read'] }, { kind: 'modify', scope: ['write'] }], 2)).toEqual({
      status: 'decided', outcome: { kind: 'revoke' },
    })
    const three = [['read', 'list', 'write'], ['read', 'list'], ['list', 'write']].map((scope): ReviewDecision => ({ kind: 'modify', scope }))
    expect(combine(three, 3)).toEqual({ status: 'decided', outcome: { kind: 'modify', scope: ['list'] } })
  }) // prettier-ignore
})
