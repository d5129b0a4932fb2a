import type { Decided } from '@catena/domain'
import type { CampaignState } from '../campaign/state.js'
import { NO_PARTIES, partiesOf } from '../population/parties.js'
import type { Identity } from '../ports/people.js'
import { conflictsOf } from '../reviewers/independence.js'
import { activeCampaign, DAY_MS, frozenItem, identity, LAUNCH, personKey, runCampaign, LAUNCHING } from './campaign.js'
import { Race } from './race.js'
import { randomOf } from './random.js'
import type { ReviewDecision } from '../votes/decision.js'
import type { ItemCommand } from '../item/commands.js'
import { itemRules } from '../item/decider.js'
import type { ItemEvent } from '../item/events.js'
import { isOfExcluded, ITEM_TABLE, standingVotes, type ItemState, type ItemStatus } from '../item/state.js'

const STEPS = 90
type Random = ReturnType<typeof randomOf>

const PEOPLE = [
  identity('boss'),
  identity('second'),
  identity('ada'),
  identity('twin', { aliases: [personKey('ada')] }),
  identity('gone', { leftAt: LAUNCH }),
]
const OTHERS = new Map(PEOPLE.map((one) => [one.key, one]))
const DECISIONS: ReviewDecision[] = [
  { kind: 'certify' }, { kind: 'revoke' }, { kind: 'abstain' }, { kind: 'modify', until: LAUNCH + 400 * DAY_MS },
  { kind: 'exception', until: LAUNCH + 400 * DAY_MS, compensatingControls: ['logging'] },
] // prettier-ignore

const stages = [0, 1].map((stage) => ({
  name: `s${stage}`,
  fromDay: stage * 10,
  toDay: stage * 10 + 10,
  quorum: 1,
  reviewers: [],
}))
const active = activeCampaign()
const closing = runCampaign([...LAUNCHING(), { type: 'CloseCampaign', open: 0, why: 'all answered' }])
const CAMPAIGNS: readonly CampaignState[] = [
  active,
  active,
  activeCampaign({ stages }),
  { ...active, impactSeenBy: 'person:m' } as CampaignState,
  closing,
]
const ITEMS = [frozenItem(), frozenItem({}, []), frozenItem({ accessor: { kind: 'unknown', reason: 'x' } })]

function commandOf(random: Random, state: ItemState, step: number): ItemCommand {
  const some = (): Identity[] => PEOPLE.filter(() => random.below(3) === 0)
  const decide: ItemCommand = {
    type: 'Decide', reviewer: random.pick(PEOPLE), others: OTHERS, decision: random.pick(DECISIONS), reason: random.pick(['', 'because']),
    request: `r${random.below(4) === 0 ? step - 1 : step}`, saw: random.pick([undefined, state.revision, 0]), bulk: random.pick([undefined, 'b']), isReasonOwn: random.below(2) === 0,
  }
  const order = { id: `o${random.below(3)}`, mode: 'automatic' as const, dueAt: LAUNCH, credential: 'c' }
  return random.pick<ItemCommand>([
    decide, decide, decide,
    { type: 'Assign', stage: state.stage, reviewers: some(), why: 'moved' },
    { type: 'Block', stage: state.stage, why: 'nobody' },
    { type: 'Escalate', step: random.below(3), action: random.pick(['add-reviewer', 'replace']), reviewers: some() },
    { type: 'Delegate', from: random.pick(PEOPLE), to: random.pick(PEOPLE), others: OTHERS, reason: 'away' },
    { type: 'Comment', by: random.pick(PEOPLE), text: 'hm', asManager: random.below(2) === 0 },
    { type: 'OpenEvidence', reviewer: random.pick(PEOPLE) },
    { type: 'CompleteStage' }, { type: 'CompleteStage' }, { type: 'Finish' },
    { type: 'NoteChange', changes: ['owner'], isMaterial: random.below(2) === 0, position: 200 },
    random.below(4) === 0 ? { type: 'NoteGone', why: 'deleted', position: 201 } : { type: 'Comment', by: random.pick(PEOPLE), text: 'ok', asManager: true },
    random.below(4) === 0 ? { type: 'Supersede', by: 'i2', why: 'merged' } : { type: 'CompleteStage' },
    { type: 'Impeach', why: 'late record', position: 202 },
    { type: 'OrderRemediation', order }, { type: 'NoteApplied', how: 'said so' }, { type: 'NoteFailed', why: 'refused' },
    { type: 'NoteVerified', positions: random.pick([[], [203]]), silentUntil: LAUNCH }, { type: 'NoteRegressed', position: 204, at: LAUNCH },
    random.below(4) === 0 ? { type: 'NoteConflicts', conflicts: [{ person: random.pick(PEOPLE).key, as: 'approver' }] } : { type: 'NoteParties', parties: { ...NO_PARTIES, approvers: random.below(4) === 0 ? [personKey('gone')] : [] }, position: 206 },
    { type: 'NoteOwner', owner: personKey('second'), position: 205 },
    random.below(6) === 0 ? { type: 'Adopt', outcome: random.pick([{ kind: 'revoke' }, { kind: 'certify' }]), from: { item: 'i3', campaign: 'c3' } } : { type: 'CompleteStage' },
    { type: 'Close', how: 'done' }, { type: 'SetDefault', outcome: random.pick([{ kind: 'revoke' }, { kind: 'certify' }]) },
  ])
} // prettier-ignore

export interface Walk {
  readonly events: ItemEvent[]
  readonly seen: Set<ItemStatus>
  readonly conflicts: number
  readonly crashes: number
}

/** Throws where the machine left its table, a vote was lost or changed, or somebody reviewed themselves. */
export function walkItem(seed: number): Walk {
  const random = randomOf(seed)
  const item = random.pick(ITEMS)
  const rules = itemRules({ item, campaign: random.pick(CAMPAIGNS) })
  const race = new Race(rules, random)
  const by = (step: number): Decided => ({ actor: 'person:x', at: LAUNCH + (step * DAY_MS) / 6 })
  const events: ItemEvent[] = []
  const seen = new Set<ItemStatus>([rules.initial.status])
  for (let step = 1; step <= STEPS; step++)
    for (const { before, event, after } of race.step((state) => commandOf(random, state, step), by(step))) {
      events.push(event)
      seen.add(after.status)
      // Compared without `expect`, which would take most of the time of so many steps.
      if (!ITEM_TABLE[before.status].includes(event.type)) throw new Error(`${seed}: ${event.type} in ${before.status}`)
      if (event.type === 'ReviewDecided' && isOfExcluded(event.data, before.excluded))
        throw new Error(`${seed}: a party decided`)
      if (after.status === 'decided' && standingVotes(after).length === 0) throw new Error(`${seed}: decided by nobody`)
      if (before.votes.some((vote, index) => vote !== after.votes[index])) throw new Error(`${seed}: a vote was lost`)
    }
  const { state, conflicts: versionConflicts, crashes } = race
  const cast = events.filter((event) => event.type === 'ReviewDecided')
  const conflicts = state.votes.flatMap(({ reviewer, inPlaceOf }) =>
    conflictsOf(
      [reviewer, ...inPlaceOf].map((key) => OTHERS.get(key) ?? identity(key)),
      partiesOf(item.access),
    ),
  )
  const certified = 'outcome' in state && state.outcome.kind === 'certify'
  const sound =
    state.votes.length === cast.length &&
    new Set(state.votes.map(({ reviewer, request }) => `${reviewer} ${request}`)).size === cast.length &&
    conflicts.length === 0 &&
    (!certified || state.adoptedFrom !== undefined || cast.some(({ data }) => data.decision.kind === 'certify'))
  if (!sound) throw new Error(`${seed}: ${JSON.stringify({ state, conflicts })}`)
  return { events, seen, conflicts: versionConflicts, crashes }
}
