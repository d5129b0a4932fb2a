import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { CampaignState } from '../campaign/state.js'
import type { AccessRow } from '../ports/access-summary.js'
import { accessRow } from '../testing/access.js'
import { activeCampaign, frozenItem, identity, LAUNCHING, on, personKey, runCampaign } from '../testing/campaign.js'
import { contradictionsOf } from '../watch/since-seal.js'
import { frozenState } from './context.js'
import { itemRules } from './decider.js'
import type { ItemEvent } from './events.js'
import type { ItemState } from './state.js'

const item = frozenItem()
const closed: ItemState = { ...frozenState(item), status: 'closed', how: 'outcome', outcome: { kind: 'certify' } }
const sealed = runCampaign([
  ...LAUNCHING(),
  { type: 'CloseCampaign', open: 0, why: 'answered' },
  { type: 'SignOff', reason: '', undecided: 0 },
  { type: 'FinishRemediation', orders: 0, unapplied: 0 },
  { type: 'SealCampaign', figures: {} as never, reportHash: 'h', unverified: 0 },
])

/** What is said of the item when somebody looks at each of these states of knowledge. */
function lookedAt(rows: readonly AccessRow[], campaign: CampaignState = sealed): ItemState {
  const rules = itemRules({ item, campaign })
  return rows.reduce<ItemState>((state, now, index) => {
    const contradictions = contradictionsOf(item, { before: accessRow(), now, others: [now], voters: [identity('boss')] })
    const answer = rules.decide(state, { type: 'NoteSinceSeal', contradictions, position: index }, on(index))
    return Array.isArray(answer) ? (answer as ItemEvent[]).reduce((reached, event) => rules.evolve(reached, event, on(index)), state) : state
  }, closed)
} // prettier-ignore

const row = fc
  .record({
    uses: fc.integer({ min: 7, max: 12 }),
    chain: fc.constantFrom('proven' as const, 'inferred' as const, 'missing' as const),
    approvers: fc.subarray(['boss', 'ada'].map(personKey)),
  })
  .map(accessRow)

describe('R6.4 what speaks against a decision after the seal', () => {
  it('is said whenever and however often somebody looks: all that is known at the last look, and nothing twice', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.array(fc.boolean(), { maxLength: 5 }), (rows, seen) => {
        const last = rows.at(-1)!
        const some = [...rows.slice(0, -1).filter((_, index) => seen[index] === true), last]
        const { sinceSeal = [], isImpeached } = lookedAt(some)
        const known = contradictionsOf(item, { before: accessRow(), now: last, others: [last], voters: [identity('boss')] })
        for (const { about, why } of known) expect(sinceSeal.some((one) => one.about === about && (one.why === why || about === 'uses'))).toBe(true)
        expect(isImpeached).toBe(sinceSeal.length > 0)
        expect(new Set(sinceSeal.map(({ about, why }) => `${about} ${why}`)).size).toBe(sinceSeal.length)
        expect(lookedAt([...some, ...some, last]).sinceSeal).toEqual(lookedAt([...some, last]).sinceSeal ?? undefined)
      }),
    )
  }) // prettier-ignore

  it('is refused while the campaign is not sealed: there it is impeached, and in the figures', () => {
    const late = accessRow({ chain: 'missing' })
    expect(lookedAt([late], activeCampaign())).toEqual(closed)
    expect(lookedAt([late])).toMatchObject({ isImpeached: true, sinceSeal: [{ about: 'chain', position: 0 }] })
  })

  it('is no news where the campaign had it before its seal', () => {
    const said = 'late record: chain proven → missing'
    const rules = itemRules({ item, campaign: sealed })
    const before = rules.evolve(closed, { type: 'ReviewDecisionImpeached', data: { campaign: 'c1', why: `${said}; late record: uses 7 → 8`, position: 9 } }, on(1)) // prettier-ignore
    const command = { type: 'NoteSinceSeal' as const, contradictions: [{ about: 'chain' as const, why: said }], position: 12 } // prettier-ignore
    expect(rules.decide(before, command, on(2))).toEqual([])
    expect(rules.decide(closed, command, on(2))).toMatchObject([{ type: 'SealedDecisionImpeached' }])
  })

  it('is no news where an earlier version said of the last use, before the seal, when it was in milliseconds', () => {
    const rules = itemRules({ item, campaign: sealed })
    const before = rules.evolve(closed, { type: 'ReviewDecisionImpeached', data: { campaign: 'c1', why: 'late record: last use 1 → 2', position: 9 } }, on(1)) // prettier-ignore
    const why = 'late record: last use 1970-01-01T00:00:00.001Z → 1970-01-01T00:00:00.002Z'
    const command = { type: 'NoteSinceSeal' as const, contradictions: [{ about: 'last use' as const, why }], position: 12 } // prettier-ignore
    expect(rules.decide(before, command, on(2))).toEqual([])
  })

  it('is said once where it only goes on', () => {
    const { sinceSeal } = lookedAt([accessRow({ uses: 8 }), accessRow({ uses: 9 }), accessRow({ uses: 9, chain: 'missing' })])
    expect(sinceSeal?.map(({ about }) => about)).toEqual(['uses', 'chain'])
  }) // prettier-ignore

  it('is nothing of an item that nobody decided', () => {
    const expired: ItemState = { ...frozenState(item), status: 'expired unreviewed' }
    const command = { type: 'NoteSinceSeal' as const, contradictions: [{ about: 'chain' as const, why: 'x' }], position: 1 } // prettier-ignore
    expect(itemRules({ item, campaign: sealed }).decide(expired, command, on(2))).toMatchObject({ refused: 'WRONG_STATUS' }) // prettier-ignore
  })
})
