import { refusal, type Decided, type Key, type Refusal } from '@catena/domain'
import { isLaunched } from '../campaign/state.js'
import { hasLeft, type Identity } from '../ports/people.js'
import { conflictsOf } from '../reviewers/independence.js'
import { asDecider, type Rules } from '../rules.js'
import { combine } from '../votes/combine.js'
import type { Outcome } from '../votes/decision.js'
import type { ItemCode, ItemCommand } from './commands.js'
import { frozenState, hasClosed, quorumOf, type ItemContext } from './context.js'
import { decideVote } from './decide.js'
import { isDelegated, mayDelegate, refuseStranger } from './delegation.js'
import type { ItemEvent, ItemEventType } from './events.js'
import { evolveItem } from './evolve.js'
import { isExcluded, noteConflicts, noteParties, partiesKnown } from './parties.js'
import { remediate } from './remediate.js'
import { noteSinceSeal } from './since-seal.js'
import { ITEM_TABLE, OPEN, type ItemState } from './state.js'

type Answer = readonly ItemEvent[] | Refusal<ItemCode>

/** The rules of one review item. */
export function itemRules(context: ItemContext): Rules<ItemState, ItemCommand, ItemEvent, ItemCode> {
  return {
    initial: frozenState(context.item),
    decide: (state, command, by) => withinTable(state, decideItem(state, command, by, context)),
    evolve: (state, event, by) => evolveItem(state, event, by, (stage) => quorumOf(context.campaign, stage)),
  }
}

export function itemDecider(context: ItemContext) {
  return asDecider(itemRules(context))
}

/** Whatever a command came to, the table of the machine has the last word. */
function withinTable(state: ItemState, answer: Answer): Answer {
  if (!Array.isArray(answer)) return answer
  const events = answer as readonly ItemEvent[]
  const [first] = events
  if (first === undefined || allows(state, first.type)) return events
  return refusal('WRONG_STATUS', `the item is ${state.status}, where this cannot be done`)
}

function allows(state: ItemState, type: ItemEventType): boolean {
  return ITEM_TABLE[state.status].includes(type)
}

function decideItem(state: ItemState, command: ItemCommand, by: Decided, context: ItemContext): Answer {
  const { campaign } = context.item
  switch (command.type) {
    case 'Decide':
      return decideVote(state, command, by, context)
    case 'Assign':
      return refuseWork(state, context) ?? refuseReviewers(state, command.reviewers, by, context) ?? assigned(state, command, campaign)
    case 'Block':
      return state.status === 'pending' && state.why === command.why ? [] : blocked(state, command, campaign)
    case 'Escalate':
      return escalate(state, command, by, context)
    case 'Delegate':
      return refuseWork(state, context) ?? mayDelegate(state, command, partiesKnown(context.item, state)) ?? (isDelegated(state, command) ? [] : [{ type: 'ReviewDelegated', data: { campaign, from: command.from.key, to: command.to.key, reason: command.reason } }])
    case 'Comment':
      return comment(state, command, campaign)
    case 'OpenEvidence':
      return refuseStranger(state, command.reviewer) ?? [{ type: 'ReviewEvidenceOpened', data: { campaign, reviewer: command.reviewer.key } }]
    case 'CompleteStage':
      return completeStage(state, context)
    case 'Finish':
      return finish(state, context)
    case 'SetDefault':
      return setDefault(state, command.outcome, context)
    case 'NoteChange':
      return command.position < (state.notedAt ?? 0) ? [] : [{ type: command.isMaterial && OPEN.has(state.status) ? 'ReviewItemDrifted' : 'ReviewItemChangeNoted', data: { campaign, changes: command.changes, position: command.position } }]
    case 'NoteGone':
      return [{ type: 'ReviewItemMoot', data: { campaign, why: command.why, position: command.position } }]
    case 'Supersede':
      return [{ type: 'ReviewItemSuperseded', data: { campaign, by: command.by, why: command.why } }]
    case 'Impeach':
      return state.isImpeached ? [] : [{ type: 'ReviewDecisionImpeached', data: { campaign, why: command.why, position: command.position } }]
    case 'NoteSinceSeal':
      return noteSinceSeal(state, command, context)
    case 'Adopt':
      return adopt(state, command, context)
    case 'NoteOwner':
      return state.owner === command.owner ? [] : [{ type: 'ReviewOwnerAttested', data: { campaign, owner: command.owner, position: command.position } }]
    case 'NoteParties':
      return noteParties(state, command, context.item)
    case 'NoteConflicts':
      return noteConflicts(state, command.conflicts, campaign)
    default:
      return remediate(state, command, by, context)
  }
} // prettier-ignore

function comment(state: ItemState, { by, text, asManager }: Extract<ItemCommand, { type: 'Comment' }>, campaign: string): Answer {
  const refused = asManager ? undefined : refuseStranger(state, by)
  if (refused !== undefined) return refused
  return text.trim() === '' ? refusal('REASON_NEEDED', 'write something') : [{ type: 'ReviewCommented', data: { campaign, by: by.key, text } }]
} // prettier-ignore

function refuseWork(state: ItemState, { campaign }: ItemContext): Refusal<ItemCode> | undefined {
  if (campaign.status !== 'active' && campaign.status !== 'paused') return refusal('CAMPAIGN_CLOSED', `the campaign is ${campaign.status}`)
  return OPEN.has(state.status) ? undefined : refusal('NOT_OPEN', `the item is ${state.status}`)
} // prettier-ignore

/** The predicate of R6.2 as it is asked when somebody is assigned. */
function refuseReviewers(state: ItemState, reviewers: readonly Identity[], { at }: Decided, { item }: ItemContext): Refusal<ItemCode> | undefined {
  const [conflict] = conflictsOf(reviewers, partiesKnown(item, state))
  if (conflict !== undefined) return refusal('CONFLICT_OF_INTEREST', `${conflict.person} is its ${conflict.as}: choose another reviewer`)
  const excluded = reviewers.find((reviewer) => isExcluded(state, reviewer))
  if (excluded !== undefined) return refusal('CONFLICT_OF_INTEREST', `it became known after the freeze that ${excluded.key} is a party to it: choose another reviewer`)
  const left = reviewers.find((reviewer) => hasLeft(reviewer, at))
  return left === undefined ? undefined : refusal('HAS_LEFT', `${left.name} has left: choose another reviewer`)
} // prettier-ignore

function assigned(state: ItemState, { stage, reviewers, why }: { stage: number; reviewers: readonly Identity[]; why: string }, campaign: string): Answer {
  if (stage !== state.stage) return refusal('WRONG_STATUS', `the item is in stage ${state.stage}`)
  const keys = reviewers.map(({ key }) => key)
  if (keys.length === 0) return blocked(state, { stage, why }, campaign)
  return sameKeys(keys, state.reviewers) ? [] : [{ type: 'ReviewItemAssigned', data: { campaign, stage, reviewers: keys, why } }]
} // prettier-ignore

/** Where nobody is left to ask, an answer that was given is not taken away. */
function blocked(state: ItemState, { stage, why }: { stage: number; why: string }, campaign: string): Answer {
  if (state.status === 'decided') return refusal('WRONG_STATUS', 'the item is decided, and that stands: name somebody to give it to')
  return [{ type: 'ReviewItemBlocked', data: { campaign, stage, why } }]
} // prettier-ignore

function sameKeys(a: readonly Key[], b: readonly Key[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key))
}

type Escalate = Extract<ItemCommand, { readonly type: 'Escalate' }>

/** Each step once in a stage. `add-reviewer` keeps those there are, `replace` does not. */
function escalate(state: ItemState, command: Escalate, by: Decided, context: ItemContext): Answer {
  if (state.escalations.includes(command.step) || state.status === 'decided') return []
  const refused = refuseWork(state, context) ?? refuseReviewers(state, command.reviewers, by, context)
  if (refused !== undefined) return refused
  const keys = command.reviewers.map(({ key }) => key)
  const reviewers = command.action === 'replace' ? keys : [...new Set([...state.reviewers, ...keys])]
  if (reviewers.length === 0) return []
  return [{ type: 'ReviewItemEscalated', data: { campaign: context.item.campaign, stage: state.stage, step: command.step, action: command.action, reviewers } }]
} // prettier-ignore

/** A later stage cannot weaken what an earlier one came to; a revoke needs no further stage. Where the campaign has closed, nobody will be asked in it. */
function completeStage(state: ItemState, { item, campaign }: ItemContext): Answer {
  if (state.status !== 'decided') return refusal('WRONG_STATUS', `the item is ${state.status}: its stage has come to nothing yet`)
  const stages = isLaunched(campaign) ? campaign.stages.length : 1
  if (state.outcome.kind === 'revoke' || state.stage + 1 >= stages) return outcomeSet(state, item.campaign, [...state.stageOutcomes, state.outcome])
  return hasClosed(campaign) ? expired(state, item.campaign) : [{ type: 'ReviewStageCompleted', data: { campaign: item.campaign, stage: state.stage } }]
} // prettier-ignore

function expired({ stage }: ItemState, campaign: string): Answer {
  return [{ type: 'ReviewItemExpired', data: { campaign, stage } }]
}

function outcomeSet(state: ItemState, campaign: string, outcomes: readonly Outcome[]): Answer {
  const combined = combine(outcomes, 1)
  if (combined.status === 'undecided') return refusal('WRONG_STATUS', 'nobody has judged the item')
  return [{ type: 'ReviewOutcomeSet', data: { campaign, outcome: combined.outcome, stage: state.stage } }]
}

/** Once: of an item that is answered only a revoke takes the place of what its votes came to. */
function adopt(state: ItemState, { outcome, from }: Extract<ItemCommand, { type: 'Adopt' }>, context: ItemContext): Answer {
  const refused = refuseWork(state, context)
  if (refused !== undefined) return refused
  if (state.status === 'decided' && (outcome.kind !== 'revoke' || state.outcome.kind === 'revoke')) return []
  return [{ type: 'ReviewOutcomeSet', data: { campaign: context.item.campaign, outcome, stage: state.stage, adoptedFrom: from } }]
} // prettier-ignore

/** A decided item keeps what it came to, unless a stage was still to be asked; what nobody answered expires. Silence never certifies. */
function finish(state: ItemState, context: ItemContext): Answer {
  if (!OPEN.has(state.status)) return []
  if (!hasClosed(context.campaign)) return refusal('WRONG_STATUS', 'the campaign still takes decisions')
  return state.status === 'decided' ? completeStage(state, context) : expired(state, context.item.campaign)
}

/** An automatic revoke of what nobody answered in a stage that has begun; only where somebody looked at the impact first. Nothing else is a default. */
function setDefault(state: ItemState, outcome: Outcome, { item, campaign }: ItemContext): Answer {
  if (outcome.kind !== 'revoke') return refusal('BAD_DECISION', 'silence can end in a revoke or in nothing')
  if (campaign.status === 'draft' || campaign.impactSeenBy === undefined) return refusal('WRONG_STATUS', 'nobody has looked at the impact yet')
  if (!OPEN.has(state.status) || state.status === 'decided') return []
  // What an earlier stage came to was answered: nobody was asked in this one yet.
  if ('stage' in campaign && state.stage > campaign.stage) return []
  return [{ type: 'ReviewOutcomeSet', data: { campaign: item.campaign, outcome, stage: state.stage } }]
} // prettier-ignore
