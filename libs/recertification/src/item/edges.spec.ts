import { isRefusal, type Decided, type Key, type Refusal } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import type { CampaignState } from '../campaign/state.js'
import type { Definition } from '../definition/definition.js'
import type { FrozenItem } from '../population/frozen-item.js'
import { NO_PARTIES } from '../population/parties.js'
import {
  activeCampaign,
  DAY_MS,
  frozenItem,
  identity,
  LAUNCH,
  LAUNCHING,
  on,
  personKey,
  runCampaign,
} from '../testing/campaign.js'
import type { Decide, ItemCommand } from './commands.js'
import { itemRules } from './decider.js'
import type { ItemEvent } from './events.js'
import type { ItemState } from './state.js'

let requests = 0
const boss = identity('boss')
const decide = (more: Partial<Decide> = {}): Decide => ({
  type: 'Decide', reviewer: boss, others: new Map(), decision: { kind: 'certify' }, reason: 'needed for deployments',
  request: `r${++requests}`, saw: undefined, bulk: undefined, isReasonOwn: false, ...more,
}) // prettier-ignore

interface Given {
  readonly item?: FrozenItem
  readonly campaign?: CampaignState
}

/** Commands one after another; the answer of the last. */
function run(commands: readonly (readonly [ItemCommand, Decided?])[], { item = frozenItem(), campaign = activeCampaign() }: Given = {}) {
  const rules = itemRules({ item, campaign })
  let state: ItemState = rules.initial
  let answer: readonly ItemEvent[] | Refusal = []
  for (const [command, by = on(1)] of commands) {
    answer = rules.decide(state, command, by)
    if (!isRefusal(answer)) state = answer.reduce((reached, event) => rules.evolve(reached, event, by), state)
  }
  return { state, answer, refused: isRefusal(answer) ? answer.refused : undefined, types: isRefusal(answer) ? [] : answer.map(({ type }) => type) }
} // prettier-ignore

describe('rules at the edges, of one item', () => {
  it('reviewer leaves: work goes on to another, deadline kept; decisions stand; flagged if made after the leaving date', () => {
    const gone = identity('boss', { leftAt: LAUNCH })
    const { state } = run([
      [decide({ reviewer: gone })],
      [{ type: 'Assign', stage: 0, reviewers: [identity('heir')], why: 'boss left' }],
    ])
    expect(state).toMatchObject({ reviewers: [personKey('heir')], votes: [{ reviewer: gone.key, isAfterLeaving: true }] })
    expect(run([[{ type: 'Assign', stage: 0, reviewers: [gone], why: 'back' }]]).refused).toBe('HAS_LEFT')
  }) // prettier-ignore

  it('decided item given to others: what its votes came to stands, and they can only add to it; to nobody: refused (R6.4)', () => {
    const revoke = decide({ decision: { kind: 'revoke' } })
    const to = (...names: string[]): [ItemCommand] => [{ type: 'Assign', stage: 0, reviewers: names.map((name) => identity(name)), why: 'moved' }]
    const moved = run([[revoke], to('crony')])
    expect(moved.state).toMatchObject({ status: 'decided', outcome: { kind: 'revoke' }, reviewers: [personKey('crony')] })
    expect(run([[revoke], to('crony'), [decide({ reviewer: identity('crony') })]]).state).toMatchObject({ status: 'decided', outcome: { kind: 'revoke' } })
    const closed = runCampaign([...LAUNCHING(), { type: 'CloseCampaign', open: 0, why: 'all answered' }])
    expect(itemRules({ item: frozenItem(), campaign: closed }).decide(moved.state, { type: 'Finish' }, on(2))).toMatchObject([{ type: 'ReviewOutcomeSet', data: { outcome: { kind: 'revoke' } } }])
    expect(run([[revoke], to()])).toMatchObject({ refused: 'WRONG_STATUS', answer: { message: expect.stringMatching(/decided, and that stands/) as unknown } })
    expect(run([[revoke], [{ type: 'Block', stage: 0, why: 'x' }]]).refused).toBe('WRONG_STATUS')
    expect(run([[revoke], to('crony'), [decide({ reviewer: identity('crony'), decision: { kind: 'abstain' } })]]).state.status).toBe('decided')
  }) // prettier-ignore

  it('reviewer in conflict: refused when assigned and when decided, by alias and by delegation, and the try is on record (R6.2)', () => {
    const twin = identity('twin', { aliases: [personKey('ada')] })
    expect(run([[{ type: 'Assign', stage: 0, reviewers: [twin], why: 'x' }]]).refused).toBe('CONFLICT_OF_INTEREST')
    expect(run([[{ type: 'Delegate', from: boss, to: twin, others: new Map(), reason: 'x' }]]).refused).toBe('CONFLICT_OF_INTEREST')
    const boss2 = identity('boss', { aliases: [personKey('ada')] })
    const late = run([[decide({ reviewer: boss2 })]])
    expect(late.types).toEqual(['ReviewDecisionRefused'])
    expect(late.state.votes).toEqual([])
    const initiators = [boss.key]
    expect(run([[decide()]], { item: frozenItem({ initiators }) }).types).toEqual(['ReviewDecisionRefused'])
  }) // prettier-ignore

  it('R6.3 evidence is opened, and comments are written, by whoever reviews the item or its delegate; a manager may comment', () => {
    const to = identity('b')
    const passed: [ItemCommand] = [{ type: 'Delegate', from: boss, to, others: new Map(), reason: 'away' }]
    const twin = identity('twin', { aliases: [boss.key] })
    for (const by of [boss, twin]) expect(run([[{ type: 'OpenEvidence', reviewer: by }]]).types).toEqual(['ReviewEvidenceOpened'])
    expect(run([passed, [{ type: 'OpenEvidence', reviewer: to }]]).types).toEqual(['ReviewEvidenceOpened'])
    expect(run([[{ type: 'OpenEvidence', reviewer: to }]]).refused).toBe('NOT_A_REVIEWER')
    const comment = (asManager: boolean): ItemCommand => ({ type: 'Comment', by: to, text: 'hm', asManager })
    expect(run([[comment(false)]]).refused).toBe('NOT_A_REVIEWER')
    expect(run([[comment(true)]]).types).toEqual(['ReviewCommented'])
  }) // prettier-ignore

  it('R6.3 what was commented stays on the item, whatever is decided and done after it', () => {
    const said = { by: boss.key, text: 'ask the team', at: on(1).at }
    const comment: [ItemCommand] = [{ type: 'Comment', by: boss, text: said.text, asManager: false }]
    const over: [ItemCommand, Decided] = [{ type: 'CompleteStage' }, on(8)]
    const drifted: [ItemCommand] = [{ type: 'NoteChange', changes: ['privilege'], isMaterial: true, position: 120 }]
    for (const after of [[decide()], drifted, [{ type: 'Block', stage: 0, why: 'x' }]] as [ItemCommand][])
      expect(run([comment, after]).state.comments).toEqual([said])
    const { state } = run([comment, [decide()], [{ ...comment[0], text: 'and the owner' } as ItemCommand], over])
    expect(state).toMatchObject({ status: 'outcome set', comments: [said, { ...said, text: 'and the owner' }] })
  }) // prettier-ignore

  it('reviewer in conflict: who became known as a party is refused by every name, when assigned, handed to and deciding (R6.2)', () => {
    const found: [ItemCommand] = [{ type: 'NoteConflicts', conflicts: [{ person: boss.key, as: 'approver' }] }]
    const twin = identity('bossy', { aliases: [boss.key] })
    expect(run([found, [decide({ reviewer: twin })]]).types).toEqual(['ReviewDecisionRefused'])
    const given = run([found, [{ type: 'Assign', stage: 0, reviewers: [twin], why: 'x' }]])
    expect(given).toMatchObject({ refused: 'CONFLICT_OF_INTEREST', answer: { message: expect.stringContaining('became known') as unknown } })
    const second = identity('second')
    const assigned: [ItemCommand] = [{ type: 'Assign', stage: 0, reviewers: [second], why: 'x' }]
    expect(run([found, assigned, [{ type: 'Delegate', from: second, to: twin, others: new Map(), reason: 'x' }]]).refused).toBe('CONFLICT_OF_INTEREST')
    expect(run([found, found]).types).toEqual([])
  }) // prettier-ignore

  it('reviewer in conflict: the say of who became known as a party counts no more; where the outcome is fixed it is impeached (R6.2)', () => {
    const party = (person: Key): [ItemCommand] => [{ type: 'NoteConflicts', conflicts: [{ person, as: 'approver' }] }]
    const found = party(boss.key)
    const open = run([[decide()], found])
    expect(open.state).toMatchObject({ status: 'assigned', votes: [{ reviewer: boss.key }], revision: 2 })
    expect(run([[decide()], found, [{ type: 'CompleteStage' }]]).refused).toBe('WRONG_STATUS')
    const handed: [ItemCommand] = [{ type: 'Delegate', from: boss, to: identity('carol'), others: new Map(), reason: 'away' }]
    expect(run([handed, [decide({ reviewer: identity('carol') })], found]).state.status).toBe('assigned')
    const both = frozenItem({}, [boss.key, personKey('second')])
    const revoked = decide({ decision: { kind: 'revoke' } })
    const others = run([[revoked], [decide({ reviewer: identity('second') })], found], { item: both })
    expect(others.state).toMatchObject({ status: 'decided', outcome: { kind: 'certify' } })
    const stages = [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] }))
    const second = identity('second')
    const later: [ItemCommand, Decided?][] = [[{ type: 'Assign', stage: 1, reviewers: [second], why: 's1' }, on(8)], found, [decide({ reviewer: second }), on(8)], [{ type: 'CompleteStage' }, on(9)]]
    expect(run([[decide()], [{ type: 'CompleteStage' }], ...later], { campaign: activeCampaign({ stages }) }).state).toMatchObject({ status: 'outcome set', isImpeached: true, impeachedBy: expect.stringContaining(boss.key) as unknown })
  }) // prettier-ignore

  describe('reviewer in conflict: an outcome is impeached for no say that counted no more when its stage was over (R6.2)', () => {
    const stages = [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] }))
    const campaign = activeCampaign({ stages })
    const [heir, second] = [identity('heir'), identity('second')]
    const found: [ItemCommand] = [{ type: 'NoteConflicts', conflicts: [{ person: boss.key, as: 'approver' }] }]
    const given = (stage: number, to: typeof boss): [ItemCommand, Decided] => [{ type: 'Assign', stage, reviewers: [to], why: 'x' }, on(stage * 8)]
    const over: [ItemCommand, Decided] = [{ type: 'CompleteStage' }, on(8)]
    const rest: [ItemCommand, Decided][] = [over, given(1, second), [decide({ reviewer: second }), on(8)], over]

    it('the party had voted, and the item was decided anew by somebody else', () => {
      const { state } = run([[decide()], found, given(0, heir), [decide({ reviewer: heir })], ...rest], { campaign })
      expect(state).toMatchObject({ status: 'outcome set', isImpeached: false, restedOn: [{ reviewer: heir.key }, { reviewer: second.key }] })
    })

    it('the access drifted since the party had voted', () => {
      const drifted: [ItemCommand] = [{ type: 'NoteChange', changes: ['privilege'], isMaterial: true, position: 120 }]
      const votes: [ItemCommand, Decided?][] = [[decide()], drifted, given(0, heir), [decide({ reviewer: heir })], found, ...rest]
      expect(run(votes, { campaign }).state).toMatchObject({ status: 'outcome set', isImpeached: false })
    })

    it('silence ended in a revoke, or it was adopted', () => {
      const stage = { name: 's', fromDay: 0, toDay: 14, quorum: 2, reviewers: [] }
      const seen = runCampaign([...LAUNCHING({ stages: [stage] }), { type: 'NoteImpactSeen' }])
      const silent: [ItemCommand] = [{ type: 'SetDefault', outcome: { kind: 'revoke' } }]
      const adopted: [ItemCommand] = [{ type: 'Adopt', outcome: { kind: 'certify' }, from: { item: 'i2', campaign: 'c2' } }]
      for (const end of [silent, adopted]) expect(run([[decide()], end, found], { campaign: seen }).state).toMatchObject({ status: 'outcome set', isImpeached: false, restedOn: [] })
    })
  }) // prettier-ignore

  it('reviewer in conflict: a decided item that was given to others is theirs to decide once its decider became known as a party (R6.2)', () => {
    const second = identity('second')
    const given: [ItemCommand] = [{ type: 'Assign', stage: 0, reviewers: [second], why: 'x' }]
    const found: [ItemCommand] = [{ type: 'NoteConflicts', conflicts: [{ person: boss.key, as: 'approver' }] }]
    expect(run([[decide()], given]).state).toMatchObject({ status: 'decided', reviewers: [second.key] })
    expect(run([[decide()], given, found]).state).toMatchObject({ status: 'assigned', reviewers: [second.key] })
    const revoked = decide({ reviewer: second, decision: { kind: 'revoke' } })
    expect(run([[decide()], given, found, [revoked]]).state).toMatchObject({ status: 'decided', outcome: { kind: 'revoke' } })
  }) // prettier-ignore

  it('reviewer in conflict: an outcome that an earlier version set on the vote of a party still folds, and is impeached (R6.2)', () => {
    const rules = itemRules({ item: frozenItem(), campaign: activeCampaign() })
    const voted = run([[decide()]]).answer as readonly ItemEvent[]
    const history: readonly ItemEvent[] = [
      ...voted,
      { type: 'ReviewConflictFound', data: { campaign: 'c1', conflicts: [{ person: boss.key, as: 'approver' }] } },
      { type: 'ReviewOutcomeSet', data: { campaign: 'c1', outcome: { kind: 'certify' }, stage: 0 } },
    ]
    const state = history.reduce((reached, event) => rules.evolve(reached, event, on(1)), rules.initial)
    expect(state).toMatchObject({ status: 'outcome set', outcome: { kind: 'certify' }, isImpeached: true })
  })

  it('an accessor unknown or ambiguous: still an item, certified with a reason only, and never in bulk', () => {
    const item = frozenItem({ accessor: { kind: 'unknown', reason: 'no login recorded' } })
    expect(item.recommendation.decision).toBe('look')
    expect(run([[decide({ reason: '' })]], { item }).refused).toBe('REASON_NEEDED')
    expect(run([[decide({ bulk: 'b1' })]], { item }).refused).toBe('NOT_IN_BULK')
    expect(run([[decide()]], { item }).state.status).toBe('decided')
    const candidates = ['ada', 'boss'].map((name) => ({ key: personKey(name), name, aliases: [] }))
    const ambiguous = frozenItem({ accessor: { kind: 'ambiguous', candidates } })
    expect(run([[decide()]], { item: ambiguous }).types).toEqual(['ReviewDecisionRefused'])
  })

  it('no eligible reviewer: the item is blocked, never dropped, never passed', () => {
    const item = frozenItem({}, [])
    expect(run([], { item }).state).toMatchObject({ status: 'pending', why: 'nobody is eligible to review it' })
    expect(run([[decide()]], { item }).refused).toBe('NOT_A_REVIEWER')
    const closing = runCampaign([...LAUNCHING(), { type: 'CloseCampaign', open: 0, why: 'over' }])
    expect(run([[{ type: 'Finish' }]], { item, campaign: closing }).state.status).toBe('expired unreviewed')
  })

  it('item changes mid-campaign: material drifts it and has to be confirmed anew, cosmetic is logged', () => {
    const change = (isMaterial: boolean): ItemCommand => ({
      type: 'NoteChange',
      changes: ['privilege'],
      isMaterial,
      position: 120,
    })
    const drifted = run([[decide()], [change(true)]])
    expect(drifted.state).toMatchObject({ status: 'drifted', changes: ['privilege'] })
    expect(drifted.state.votes).toHaveLength(1)
    expect(run([[decide()], [change(true)], [{ type: 'CompleteStage' }]]).refused).toBe('WRONG_STATUS')
    expect(run([[decide()], [change(true)], [decide()]]).state.status).toBe('decided')
    expect(run([[decide()], [change(false)]]).state.status).toBe('decided')
  })

  it('item changes mid-campaign: it stays drifted where whoever confirmed it, or was to, became known as a party, and is certified in bulk only as it was seen', () => {
    const changed: [ItemCommand] = [{ type: 'NoteChange', changes: ['privilege'], isMaterial: true, position: 120 }]
    const found: [ItemCommand] = [{ type: 'NoteConflicts', conflicts: [{ person: boss.key, as: 'approver' }] }]
    const second = identity('second')
    const given: [ItemCommand] = [{ type: 'Assign', stage: 0, reviewers: [second], why: 'x' }]
    const blocked: [ItemCommand] = [{ type: 'Block', stage: 0, why: 'nobody' }]
    const inBulk = decide({ reviewer: second, bulk: 'b' })
    const item = frozenItem({}, [boss.key, second.key])
    for (const before of [[changed, [decide()], found], [changed, found, blocked, given]] as const) {
      const { state } = run(before, { item })
      expect(state).toMatchObject({ status: 'drifted', changes: ['privilege'] })
      expect(run([...before, [inBulk]], { item }).refused).toBe('NOT_IN_BULK')
      expect(run([...before, [{ ...inBulk, saw: state.revision }]], { item }).state.status).toBe('decided')
    }
    const campaign = activeCampaign({ stages: [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] })) })
    const confirmed = run([changed, [decide()], [{ type: 'CompleteStage' }], [{ type: 'Assign', stage: 1, reviewers: [second], why: 's1' }]], { campaign })
    expect(confirmed.state).toMatchObject({ stage: 1, status: 'assigned' })
    expect(confirmed.state.drift).toBeUndefined()
  }) // prettier-ignore

  it('item changes mid-campaign: all that weighed since the freeze stays with it, in a later stage too, because its evidence is as it was frozen', () => {
    const changed = (what: string, position: number, isMaterial = true): [ItemCommand] => [{ type: 'NoteChange', changes: [what], isMaterial, position }]
    const campaign = activeCampaign({ stages: [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] })) })
    const before = [changed('privileged no → yes', 120), [decide()], changed('version 3 → 4', 121, false), changed('owner ada → bob', 122), [decide()]] as const
    const told = ['privileged no → yes', 'owner ada → bob']
    expect(run(before, { campaign }).state.changedSince).toEqual(told)
    const later: [ItemCommand][] = [[{ type: 'CompleteStage' }], [{ type: 'Assign', stage: 1, reviewers: [boss], why: 's1' }], [decide({ reason: '2' })]]
    for (const length of [1, 2, 3]) expect(run([...before, ...later.slice(0, length)], { campaign }).state.changedSince).toEqual(told)
  }) // prettier-ignore

  it('credential rotated mid-campaign: same item, new version noted; the certify stands', () => {
    const rotated: ItemCommand = { type: 'NoteChange', changes: ['version 4'], isMaterial: false, position: 121 }
    expect(run([[decide()], [rotated], [{ type: 'CompleteStage' }]]).state).toMatchObject({
      status: 'outcome set',
      outcome: { kind: 'certify' },
    })
  })

  it('credential deleted: moot, with the source event', () => {
    expect(run([[{ type: 'NoteGone', why: 'deleted', position: 122 }]]).state).toMatchObject({ status: 'moot', position: 122 })
  }) // prettier-ignore

  it('late decision: within grace accepted and marked late; after it refused; after the seal refused', () => {
    expect(run([[decide(), on(15)]]).state.votes).toMatchObject([{ isLate: true }])
    expect(run([[decide(), on(22)]]).refused).toBe('CAMPAIGN_CLOSED')
    const sealed = { ...activeCampaign(), status: 'sealed' } as CampaignState
    expect(run([[decide()]], { campaign: sealed })).toMatchObject({
      refused: 'CAMPAIGN_SEALED',
      answer: { message: expect.stringMatching(/new iteration/) as unknown },
    })
  })

  it('two decisions at once: one wins by version, the other gets a conflict, both are on record', () => {
    const { state, types } = run([[decide({ saw: 0 })], [decide({ saw: 0, decision: { kind: 'revoke' } })]])
    expect(types).toEqual(['ReviewDecisionRefused'])
    expect(state).toMatchObject({ status: 'decided', outcome: { kind: 'certify' } })
  })

  it('changed decision: superseded with a reason before sign-off, both kept; after the outcome only a new iteration (R6.4)', () => {
    const change = decide({ decision: { kind: 'revoke' }, reason: '' })
    expect(run([[decide()], [change]]).refused).toBe('REASON_NEEDED')
    const { state } = run([[decide()], [{ ...change, reason: 'left the team' }]])
    expect(state).toMatchObject({ status: 'decided', outcome: { kind: 'revoke' }, votes: [{}, { decision: { kind: 'revoke' } }] })
    const after = run([[decide()], [{ type: 'CompleteStage' }], [change]])
    expect(after.refused).toBe('NOT_OPEN')
  }) // prettier-ignore

  it('overdue: each step of the ladder once; silence never certifies; automatic revoke only after somebody saw the impact', () => {
    const add: ItemCommand = { type: 'Escalate', step: 1, action: 'add-reviewer', reviewers: [identity('chief')] }
    expect(run([[add]]).state).toMatchObject({ status: 'escalated', reviewers: [boss.key, personKey('chief')] })
    expect(run([[add], [add]]).types).toEqual([])
    expect(run([[add], [{ type: 'Escalate', step: 2, action: 'replace', reviewers: [identity('chief')] }]]).state.reviewers).toEqual([personKey('chief')])
    const revoke: ItemCommand = { type: 'SetDefault', outcome: { kind: 'revoke' } }
    expect(run([[revoke]]).refused).toBe('WRONG_STATUS')
    const seen = runCampaign([...LAUNCHING(), { type: 'NoteImpactSeen' }])
    expect(run([[revoke]], { campaign: seen }).state).toMatchObject({ status: 'outcome set', outcome: { kind: 'revoke' } })
    expect(run([[{ type: 'SetDefault', outcome: { kind: 'certify' } }]], { campaign: seen }).refused).toBe('BAD_DECISION')
    const stages = [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] }))
    const first = runCampaign([...LAUNCHING({ stages }), { type: 'NoteImpactSeen' }])
    const certified: [ItemCommand][] = [[decide()], [{ type: 'CompleteStage' }], [revoke]]
    expect(run(certified, { campaign: first })).toMatchObject({ types: [], state: { status: 'pending', stage: 1 } })
    expect(run(certified, { campaign: { ...first, stage: 1 } as CampaignState }).state.status).toBe('outcome set')
  }) // prettier-ignore

  const two = activeCampaign({ stages: [{ name: 's', fromDay: 0, toDay: 14, quorum: 2, reviewers: [] }] })
  const pair = frozenItem({}, [boss.key, personKey('second')])
  const revoke = { kind: 'revoke' as const }

  it('quorum: one person with two accounts has one say, and changes it with a reason only', () => {
    const first = decide({ reviewer: identity('boss', { aliases: [personKey('admin')] }) })
    const again = decide({ reviewer: identity('admin', { aliases: [boss.key] }), decision: revoke })
    const { state } = run([[first], [again]], { item: pair, campaign: two })
    expect(state).toMatchObject({ status: 'assigned', votes: [{ seat: boss.key }, { seat: boss.key, supersedes: true }] })
    expect(run([[first], [{ ...again, reason: '' }]], { item: pair, campaign: two }).refused).toBe('REASON_NEEDED')
    expect(run([[first], [again], [decide({ reviewer: identity('second') })]], { item: pair, campaign: two }).state).toMatchObject({ status: 'decided', outcome: revoke })
    const item = frozenItem({}, [personKey('admin'), boss.key])
    const unjoined = decide({ reviewer: boss })
    expect(run([[unjoined], [again]], { item, campaign: two }).state.status).toBe('assigned')
  }) // prettier-ignore

  it('quorum: a reviewer and whoever stands in for them have one say, the later one', () => {
    const carol = identity('carol')
    const handed: [ItemCommand] = [{ type: 'Delegate', from: boss, to: carol, others: new Map(), reason: 'away' }]
    const both = run([handed, [decide({ reviewer: carol })], [decide({ decision: revoke })]], { item: pair, campaign: two })
    expect(both.state).toMatchObject({ status: 'assigned', votes: [{ reviewer: carol.key, seat: boss.key }, { reviewer: boss.key, seat: boss.key }] })
    const change = run([handed, [decide({ reviewer: carol })], [decide({ reason: '' })]], { item: pair, campaign: two })
    expect(change).toMatchObject({ refused: 'REASON_NEEDED', answer: { message: expect.stringContaining(carol.key) as unknown } })
    const second = identity('second')
    const twice: [ItemCommand] = [{ type: 'Delegate', from: second, to: carol, others: new Map(), reason: 'away' }]
    expect(run([handed, [decide({ reviewer: carol })], twice, [decide({ reviewer: carol })]], { item: pair, campaign: two }).state.status).toBe('assigned')
  }) // prettier-ignore

  it('quorum: votes of earlier versions, which name no seat, stand as they did', () => {
    const rules = itemRules({ item: pair, campaign: two })
    const old = (reviewer: string, inPlaceOf: readonly Key[]): ItemEvent => {
      const [event] = run([[decide({ reviewer: identity(reviewer) })]], { item: frozenItem({}, [personKey(reviewer)]) }).answer as readonly ItemEvent[]
      const { seat, ...data } = (event as Extract<ItemEvent, { type: 'ReviewDecided' }>).data
      expect(seat).toBe(personKey(reviewer))
      return { type: 'ReviewDecided', data: { ...data, inPlaceOf } }
    }
    const history = [old('carol', [boss.key]), old('boss', [])]
    const state = history.reduce((reached, event) => rules.evolve(reached, event, on(1)), rules.initial)
    expect(state.status).toBe('decided')
    const [next] = rules.decide(state, decide(), on(1)) as readonly ItemEvent[]
    expect(rules.evolve(state, next!, on(1)).status).toBe('assigned')
    const twice = [old('boss', []), old('boss', [])].reduce((reached, event) => rules.evolve(reached, event, on(1)), rules.initial)
    expect(twice.status).toBe('assigned')
  }) // prettier-ignore

  it('delegation: a chain of at most two, no cycles; the delegator stays on the vote', () => {
    const to = (from: string, next: string): [ItemCommand] => [
      { type: 'Delegate', from: identity(from), to: identity(next), others: new Map(), reason: 'away' },
    ]
    expect(run([to('boss', 'b'), to('b', 'boss')]).refused).toBe('DELEGATION_CYCLE')
    expect(run([to('boss', 'b'), to('b', 'c'), to('c', 'd')]).refused).toBe('DELEGATION_TOO_LONG')
    expect(run([to('b', 'c')]).refused).toBe('NOT_A_REVIEWER')
    expect(run([to('boss', 'b'), to('boss', 'b')]).state.delegations).toHaveLength(1)
    const { state } = run([to('boss', 'b'), to('b', 'c'), [decide({ reviewer: identity('c') })]])
    expect(state.votes).toMatchObject([{ reviewer: personKey('c'), inPlaceOf: [boss.key, personKey('b')] }])
  })

  it('bulk: a reason for each item above the risk, none on stale evidence', () => {
    const risky = frozenItem({ privileged: true, accessor: { kind: 'shared', name: 'root' }, chain: 'missing' })
    const revoke = (more: Partial<Decide>) => run([[decide({ bulk: 'b', decision: { kind: 'revoke' }, ...more })]], { item: risky })
    expect(revoke({ reason: '' }).refused).toBe('REASON_NEEDED')
    expect(revoke({ reason: 'the same for all of them' }).refused).toBe('REASON_NEEDED')
    expect(revoke({ reason: '  ', isReasonOwn: true }).refused).toBe('REASON_NEEDED')
    expect(revoke({ reason: 'nobody knows who uses it', isReasonOwn: true }).state.status).toBe('decided')
    expect(revoke({ reason: 'alone, it is its own', bulk: undefined }).state.status).toBe('decided')
    const old = activeCampaign({ stages: [{ name: 's', fromDay: 0, toDay: 90, quorum: 1, reviewers: [] }] })
    expect(run([[decide({ bulk: 'b' }), on(46)]], { campaign: old }).refused).toBe('EVIDENCE_STALE')
    expect(run([[decide({ bulk: 'b' }), on(44)]], { campaign: old }).state.status).toBe('decided')
  }) // prettier-ignore

  it('late records: what arrives later drifts an open item and impeaches a closed decision', () => {
    const impeach: ItemCommand = { type: 'Impeach', why: 'a retrieval by another person came late', position: 130 }
    expect(run([[decide()], [{ type: 'CompleteStage' }], [impeach]]).state).toMatchObject({ isImpeached: true, status: 'outcome set' })
    expect(run([[decide()], [impeach]]).refused).toBe('WRONG_STATUS')
  }) // prettier-ignore

  it('is idempotent: the same request again changes nothing', () => {
    const once = decide()
    expect(run([[once], [once]]).types).toEqual([])
    expect(run([[once], [{ ...once, decision: { kind: 'revoke' } }]]).refused).toBe('REQUEST_REUSED')
    expect(run([[once], [{ ...once, reason: 'another one' }]]).refused).toBe('REQUEST_REUSED')
  })

  it('R6.4 two reviewers who call their requests the same are both heard, and a stranger who guesses one is none', () => {
    const item = frozenItem({}, [boss.key, personKey('second')])
    const [mine, theirs] = [decide({ request: 'my-1' }), decide({ request: 'my-1', reviewer: identity('second'), decision: { kind: 'revoke' } })]
    const { state } = run([[mine], [theirs], [theirs], [mine]], { item })
    expect(state).toMatchObject({ votes: [{ reviewer: boss.key }, { reviewer: personKey('second') }], outcome: { kind: 'revoke' } })
    expect(run([[mine], [{ ...mine, reviewer: identity('stranger') }]]).refused).toBe('NOT_A_REVIEWER')
    const renamed = identity('boss2', { aliases: [boss.key] })
    expect(run([[mine], [{ ...mine, reviewer: renamed }]]).types).toEqual([])
  }) // prettier-ignore

  it('R6.4 a refused try that is sent again is refused again in its words, with what to do; it is on record once', () => {
    const late = decide({ saw: 0, decision: { kind: 'revoke' } })
    const { state, answer } = run([[decide()], [late], [late], [late]])
    expect(answer).toMatchObject({ refused: 'DECIDED_MEANWHILE', message: expect.stringMatching(/meanwhile.*under a new one/) as unknown })
    expect(state.refused).toHaveLength(1)
    expect(run([[decide()], [late], [{ ...late, request: 'anew', saw: 1 }]]).state).toMatchObject({ outcome: { kind: 'revoke' } })
  }) // prettier-ignore

  it('an outcome of two stages is never weaker than either, and a revoke needs no second', () => {
    const stages = [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] }))
    const campaign = activeCampaign({ stages })
    const modify = decide({ decision: { kind: 'modify', until: LAUNCH + 60 * DAY_MS } })
    const second: [ItemCommand, Decided][] = [[{ type: 'Assign', stage: 1, reviewers: [boss], why: 's1' }, on(8)], [decide(), on(8)], [{ type: 'CompleteStage' }, on(9)]]
    expect(run([[modify], [{ type: 'CompleteStage' }], ...second], { campaign }).state).toMatchObject({ status: 'outcome set', outcome: { kind: 'modify' } })
    expect(run([[decide({ decision: { kind: 'revoke' } })], [{ type: 'CompleteStage' }]], { campaign }).state.status).toBe('outcome set')
  }) // prettier-ignore

  it('R6.1 the ladder is climbed in each stage', () => {
    const campaign = activeCampaign({ stages: [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] })) })
    const climb: [ItemCommand] = [{ type: 'Escalate', step: 0, action: 'add-reviewer', reviewers: [identity('chief')] }]
    const second: [ItemCommand] = [{ type: 'Assign', stage: 1, reviewers: [identity('second')], why: 'the stage has begun' }]
    const { state, types } = run([climb, [decide()], [{ type: 'CompleteStage' }], second, climb], { campaign })
    expect(types).toEqual(['ReviewItemEscalated'])
    expect(state).toMatchObject({ stage: 1, status: 'escalated', reviewers: [personKey('second'), personKey('chief')] })
    expect(run([climb, [decide()], [{ type: 'CompleteStage' }], second, climb, climb], { campaign }).types).toEqual([])
  }) // prettier-ignore

  it('R6.5 a remediation is verified by the ledger alone, and access that comes back reopens it', () => {
    const revoked: [ItemCommand][] = [[decide({ decision: { kind: 'revoke' } })], [{ type: 'CompleteStage' }]]
    const order = (id: string): [ItemCommand] => [{ type: 'OrderRemediation', order: { id, mode: 'automatic', dueAt: LAUNCH, credential: 'c' } }]
    const verified: [ItemCommand] = [{ type: 'NoteVerified', positions: [140], silentUntil: LAUNCH }]
    expect(run([...revoked, order('o1'), [{ type: 'NoteApplied', how: 'ticket 7' }], [{ type: 'NoteVerified', positions: [], silentUntil: LAUNCH }]]).refused).toBe('WRONG_STATUS')
    expect(run([...revoked, order('o1'), verified, [{ type: 'Close', how: 'verified' }]]).state).toMatchObject({ status: 'closed', outcome: { kind: 'revoke' } })
    const back = run([...revoked, order('o1'), verified, [{ type: 'Close', how: 'verified' }], [{ type: 'NoteRegressed', position: 150, at: LAUNCH }], order('o2')])
    expect(back.state).toMatchObject({ status: 'remediating', order: { id: 'o2' } })
  }) // prettier-ignore
})

describe('what a reviewer may decide, and when', () => {
  const second = identity('second')
  const handed: [ItemCommand] = [{ type: 'Delegate', from: boss, to: second, others: new Map(), reason: 'away' }]
  const found: [ItemCommand] = [{ type: 'NoteConflicts', conflicts: [{ person: boss.key, as: 'approver' }] }]
  const stagesOf = (...more: Partial<Definition['stages'][number]>[]) =>
    more.map((stage, index) => ({ name: `s${index}`, fromDay: index * 7, toDay: index * 7 + 7, quorum: 1, reviewers: [], ...stage }))

  it('R6.2 refuses whoever is on record as a party since the freeze, and whoever decides in their place, by every name that is known now', () => {
    const party: [ItemCommand] = [{ type: 'NoteParties', parties: { ...NO_PARTIES, initiators: [boss.key] }, position: 120 }]
    expect(run([party, [decide()]]).types).toEqual(['ReviewDecisionRefused'])
    expect(run([handed, found, [decide({ reviewer: second })]]).types).toEqual(['ReviewDecisionRefused'])
    const others = new Map([[boss.key, identity('boss', { aliases: [personKey('ada')] })]])
    expect(run([handed, [decide({ reviewer: second, others })]]).types).toEqual(['ReviewDecisionRefused'])
    expect(run([handed, [decide({ reviewer: second })]]).state.status).toBe('decided')
  })

  it('R6.2 lets nobody hand on what they are a party to, nor to themselves by another name', () => {
    const [initiators, twin] = [[boss.key], identity('twin', { aliases: [boss.key] })]
    expect(run([handed], { item: frozenItem({ initiators }) }).refused).toBe('CONFLICT_OF_INTEREST')
    expect(run([[{ type: 'Delegate', from: boss, to: twin, others: new Map(), reason: 'x' }]]).refused).toBe('DELEGATION_CYCLE')
  })

  it('R6.2 counts in a stage what was handed on in that stage, and ends where two handed it to each other', () => {
    const campaign = activeCampaign({ stages: stagesOf({}, {}) })
    const again: [ItemCommand, Decided] = [{ type: 'Assign', stage: 1, reviewers: [boss], why: 's1' }, on(8)]
    const later: [ItemCommand, Decided] = [decide({ reviewer: second }), on(8)]
    expect(run([handed, [decide()], [{ type: 'CompleteStage' }], again, later], { campaign }).refused).toBe('NOT_A_REVIEWER')
    const to = (reviewer: typeof boss): [ItemCommand] => [{ type: 'Assign', stage: 0, reviewers: [reviewer], why: 'x' }]
    const back: [ItemCommand] = [{ type: 'Delegate', from: second, to: boss, others: new Map(), reason: 'back' }]
    expect(run([handed, to(second), back, to(identity('third')), [decide()]]).refused).toBe('NOT_A_REVIEWER')
  })

  it('R6.4 takes decisions from the beginning of the stage until the end of the grace, late from behind the deadline on', () => {
    const campaign = activeCampaign({ stages: stagesOf({ fromDay: 2, toDay: 14 }) })
    expect(run([[decide(), on(1)]], { campaign }).refused).toBe('STAGE_NOT_OPEN')
    expect(run([[decide(), on(2)]], { campaign }).state.status).toBe('decided')
    expect(run([[decide(), on(14)]]).state.votes).toMatchObject([{ isLate: false }])
    expect(run([[decide(), on(21)]]).state.votes).toMatchObject([{ isLate: true }])
  })

  it('R6.4 takes none on a revision that there is not, nor on one that was before the last change', () => {
    for (const saw of [0, 2]) expect(run([[decide()], [decide({ saw })]]).types).toEqual(['ReviewDecisionRefused'])
    expect(run([[decide()], [decide({ saw: 1 })]]).types).toEqual(['ReviewDecided'])
  })

  it('R6.4 takes an exception that ends later, and a narrower scope of a grant that is on record', () => {
    const exception = (until: number) => run([[decide({ decision: { kind: 'exception', until, compensatingControls: ['watched'] } })]])
    expect([exception(on(1).at).refused, exception(on(1).at + 1).state.status]).toEqual(['BAD_DECISION', 'decided'])
    const narrowed = (scope: string[], item = frozenItem()) => run([[decide({ decision: { kind: 'modify', scope } })]], { item })
    const granted = frozenItem({ grant: { id: 'g', scope: ['read', 'list'], until: undefined, requester: undefined, beneficiary: undefined, approvers: [] } })
    expect([narrowed(['read'], granted).state.status, narrowed(['read', 'write'], granted).refused]).toEqual(['decided', 'BAD_DECISION'])
    expect(narrowed(['read']).state.status).toBe('decided')
  })

  it('R6.3 asks for an owner before the access may stay, and not before it is revoked, or nobody judges', () => {
    const campaign = activeCampaign({ stages: stagesOf({ reviewers: [{ kind: 'owner' }] }) })
    const kinds = (item: FrozenItem) => (['certify', 'revoke', 'abstain'] as const).map((kind) => run([[decide({ decision: { kind } })]], { item, campaign }).refused)
    expect(kinds(frozenItem())).toEqual(['OWNER_FIRST', undefined, undefined])
    expect(kinds({ ...frozenItem(), owner: second.key })).toEqual([undefined, undefined, undefined])
    expect(kinds({ ...frozenItem(), owner: second.key, ownerLeft: true })).toEqual(['OWNER_FIRST', undefined, undefined])
  })

  it('R6.3 asks in bulk for a reason of its own above the risk alone', () => {
    const item = frozenItem()
    const inBulk = (reasonAboveRisk: number) => run([[decide({ bulk: 'b' })]], { item, campaign: activeCampaign({ reasonAboveRisk }) })
    expect([inBulk(item.risk).state.status, inBulk(item.risk - 1).refused]).toEqual(['decided', 'REASON_NEEDED'])
  })
}) // prettier-ignore

describe('what becomes known of an item', () => {
  const change = (position: number, isMaterial = false): [ItemCommand] => [{ type: 'NoteChange', changes: [`at ${position}`], isMaterial, position }]

  it('R6.1 is noted with all that was seen at once, and not again by whoever looks at what was before', () => {
    expect(run([change(120, true), change(120)]).types).toEqual(['ReviewItemChangeNoted'])
    expect(run([change(120), change(119, true)]).types).toEqual([])
  })

  it('R6.1 is noted where the outcome is set: it opens nothing', () => {
    const done = run([[decide()], [{ type: 'CompleteStage' }], change(120, true)])
    expect([done.types, done.state.status]).toEqual([['ReviewItemChangeNoted'], 'outcome set'])
  })

  it('R6.1 leaves it drifted, whoever is added by the ladder', () => {
    const climb: [ItemCommand] = [{ type: 'Escalate', step: 0, action: 'add-reviewer', reviewers: [identity('chief')] }]
    expect(run([change(120, true), climb]).state).toMatchObject({ status: 'drifted', reviewers: [boss.key, personKey('chief')] })
  })
}) // prettier-ignore

describe('an item that is decided', () => {
  const stages = [0, 1].map((stage) => ({ name: `s${stage}`, fromDay: stage * 7, toDay: stage * 7 + 7, quorum: 1, reviewers: [] }))
  const revoked = decide({ decision: { kind: 'revoke' } })

  it('R6.1 is touched by no silence, no ladder and no second revoke', () => {
    const campaign = runCampaign([...LAUNCHING(), { type: 'NoteImpactSeen' }])
    const climb: ItemCommand = { type: 'Escalate', step: 0, action: 'replace', reviewers: [identity('chief')] }
    const adopt: ItemCommand = { type: 'Adopt', outcome: { kind: 'revoke' }, from: { item: 'i2', campaign: 'c2' } }
    expect(run([[decide()], [{ type: 'SetDefault', outcome: { kind: 'revoke' } }]], { campaign }).types).toEqual([])
    expect(run([[decide()], [climb]], { campaign }).types).toEqual([])
    expect(run([[revoked], [adopt]], { campaign }).types).toEqual([])
    expect(run([[decide()], [adopt]], { campaign }).types).toEqual(['ReviewOutcomeSet'])
  })

  it('R6.1 is given to fewer of those that it was with', () => {
    const item = frozenItem({}, [boss.key, personKey('second')])
    const fewer: [ItemCommand] = [{ type: 'Assign', stage: 0, reviewers: [boss], why: 'x' }]
    expect(run([fewer], { item }).types).toEqual(['ReviewItemAssigned'])
    expect(run([fewer, fewer], { item }).types).toEqual([])
  })

  it('R6.4 and is to be asked once more expires with its campaign, unless it was revoked; however that is found', () => {
    const closed = runCampaign([...LAUNCHING({ stages }), { type: 'CloseCampaign', open: 0, why: 'over' }])
    for (const type of ['Finish', 'CompleteStage'] as const) {
      const end = (vote: Decide) => {
        const { state } = run([[vote]], { campaign: activeCampaign({ stages }) })
        return itemRules({ item: frozenItem(), campaign: closed }).decide(state, { type }, on(22))
      }
      expect(end(decide())).toMatchObject([{ type: 'ReviewItemExpired' }])
      expect(end(revoked)).toMatchObject([{ type: 'ReviewOutcomeSet', data: { outcome: { kind: 'revoke' } } }])
    }
  })
}) // prettier-ignore
