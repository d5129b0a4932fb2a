import { isDeepStrictEqual } from 'node:util'
import type { Decided } from '@catena/domain'
import { NO_PARTIES, withParties } from '../population/parties.js'
import { combine } from '../votes/combine.js'
import type { ReviewDecision } from '../votes/decision.js'
import type { ItemEvent, RefusedTry } from './events.js'
import {
  isNote,
  isOfExcluded,
  NEXT_STAGE_WAITS,
  standingVotes,
  votesBehind,
  type CastVote,
  type Item,
  type ItemState,
} from './state.js'

type OutcomeSet = Extract<ItemEvent, { readonly type: 'ReviewOutcomeSet' }>['data']

/** History has happened: an event that the state does not expect leaves it as it is. `quorum` is that of the stage. */
export function evolveItem(state: ItemState, event: ItemEvent, by: Decided, quorumOf: (stage: number) => number): ItemState {
  const next = apply(state, event, by, quorumOf)
  return isNote(event.type) ? next : { ...next, revision: state.revision + 1 }
} // prettier-ignore

function apply(state: ItemState, event: ItemEvent, by: Decided, quorumOf: (stage: number) => number): ItemState {
  const item = common(state)
  switch (event.type) {
    case 'ReviewItemAssigned':
      // What its votes came to stands, whoever is asked from now on.
      if (state.status === 'decided') return { ...state, stage: event.data.stage, reviewers: event.data.reviewers }
      return { ...item, stage: event.data.stage, reviewers: event.data.reviewers, ...workStatus(state) }
    case 'ReviewItemBlocked':
      return { ...item, stage: event.data.stage, reviewers: [], status: 'pending', why: event.data.why }
    case 'ReviewItemEscalated':
      return escalated(state, event.data)
    case 'ReviewDelegated': {
      const { from, to, reason } = event.data
      return { ...state, delegations: [...state.delegations, { from, to, reason }] }
    }
    case 'ReviewEvidenceOpened':
      return { ...state, opened: [...state.opened, { reviewer: event.data.reviewer, at: by.at }] }
    case 'ReviewDecided':
      return voted(state, { ...event.data, at: by.at }, quorumOf(event.data.stage))
    case 'ReviewDecisionRefused':
      return { ...state, refused: [...state.refused, triedBy(event.data)] }
    case 'ReviewStageCompleted': {
      const outcomes = 'outcome' in state ? [...item.stageOutcomes, state.outcome] : item.stageOutcomes
      return { ...item, drift: undefined, stage: event.data.stage + 1, stageOutcomes: outcomes, restedOn: votesBehind(state), countFrom: item.votes.length, reviewers: [], delegations: [], escalations: [], status: 'pending', why: NEXT_STAGE_WAITS }
    }
    case 'ReviewItemDrifted':
      return { ...item, notedAt: event.data.position, countFrom: item.votes.length, drift: event.data.changes, changedSince: [...(item.changedSince ?? []), ...event.data.changes], status: 'drifted', changes: event.data.changes }
    case 'ReviewDecisionImpeached':
      return { ...state, isImpeached: true, impeachedBy: state.impeachedBy ?? event.data.why }
    case 'SealedDecisionImpeached': {
      const { contradictions, position } = event.data
      return { ...state, isImpeached: true, sinceSeal: [...(state.sinceSeal ?? []), ...contradictions.map((one) => ({ ...one, at: by.at, position }))] }
    }
    case 'ReviewOwnerAttested':
      return { ...state, owner: event.data.owner }
    case 'ReviewItemChangeNoted':
      return { ...state, notedAt: event.data.position }
    case 'ReviewPartiesFound':
      return { ...state, parties: withParties(state.parties ?? NO_PARTIES, event.data.parties) }
    case 'ReviewConflictFound': {
      const people = event.data.conflicts.map(({ person }) => person)
      return counted({ ...state, excluded: [...new Set([...(state.excluded ?? []), ...people])] }, quorumOf(state.stage))
    }
    case 'ReviewCommented': {
      const { by: author, text } = event.data
      return { ...state, comments: [...(state.comments ?? []), { by: author, text, at: by.at }] }
    }
    default:
      return { ...item, ...after(state, event, by) } as ItemState
  }
} // prettier-ignore

/** Statuses after the votes. */
function after(state: ItemState, event: ItemEvent, by: Decided): object {
  switch (event.type) {
    case 'ReviewOutcomeSet':
      return {
        status: 'outcome set',
        outcome: event.data.outcome,
        ...optional('adoptedFrom', event.data.adoptedFrom),
        ...resting(state, event.data),
      }
    case 'ReviewItemMoot':
      return { status: 'moot', why: event.data.why, position: event.data.position }
    case 'ReviewItemSuperseded':
      return { status: 'superseded', by: event.data.by }
    case 'ReviewItemExpired':
      return { status: 'expired unreviewed' }
    case 'RemediationOrdered':
      return { status: 'remediating', outcome: event.data.outcome, order: event.data }
    case 'RemediationFailed':
      return { ...kept(state), status: 'apply failed', why: event.data.why }
    case 'RemediationApplied':
      return { ...kept(state), status: 'applied', appliedAt: by.at }
    case 'RemediationVerified':
      return { ...kept(state), status: 'verified' }
    case 'AccessRegressed':
      return { ...kept(state), status: 'regressed', position: event.data.position }
    case 'ReviewItemClosed':
      return { ...kept(state), status: 'closed', how: event.data.how }
    default:
      return state
  }
}

function kept(state: ItemState): object {
  return {
    ...('outcome' in state ? { outcome: state.outcome } : {}),
    ...('order' in state ? { order: state.order } : {}),
  }
}

/** Who works on it changes; what it waits for stays. */
function workStatus({ drift }: ItemState): { status: 'assigned' } | { status: 'drifted'; changes: readonly string[] } {
  return drift === undefined ? { status: 'assigned' } : { status: 'drifted', changes: drift }
}

function escalated(state: ItemState, { step, reviewers }: { step: number; reviewers: ItemState['reviewers'] }): ItemState {
  const escalations = [...state.escalations, step]
  if (state.status === 'drifted' || state.status === 'decided') return { ...state, escalations, reviewers }
  return { ...common(state), escalations, reviewers, status: 'escalated' }
} // prettier-ignore

function voted(state: ItemState, vote: CastVote, quorum: number): ItemState {
  const item = { ...common(state), votes: [...state.votes, vote] }
  const combined = combine(standingVotes(item).map(({ decision }): ReviewDecision => decision), quorum)
  if (combined.status === 'decided') return { ...item, status: 'decided', outcome: combined.outcome }
  return { ...item, ...(state.status === 'escalated' ? { status: 'escalated' } : workStatus(state)) }
} // prettier-ignore

function triedBy({ reviewer, decision, reason, code, why, request }: RefusedTry): RefusedTry {
  return { reviewer, decision, reason, code, why, request }
}

/** What is decided without the votes of whoever became known as a party: possibly nothing any more. */
function counted(state: ItemState, quorum: number): ItemState {
  if (state.status !== 'decided') return state
  const combined = combine(standingVotes(state).map(({ decision }): ReviewDecision => decision), quorum)
  if (combined.status === 'decided' && isDeepStrictEqual(combined.outcome, state.outcome)) return state
  const item = { ...common(state), revision: state.revision + 1 }
  return combined.status === 'decided' ? { ...item, status: 'decided', outcome: combined.outcome } : { ...item, ...workStatus(state) }
} // prettier-ignore

/** On which votes an outcome rests. On none where it was adopted; nor where silence ended in a revoke. */
function resting(
  state: ItemState,
  { outcome, adoptedFrom }: OutcomeSet,
): Pick<ItemState, 'restedOn'> & Partial<ItemState> {
  const isSilence = state.status !== 'decided' && outcome.kind === 'revoke'
  const restedOn = adoptedFrom !== undefined || isSilence ? [] : votesBehind(state)
  return { restedOn, ...impeached(state, restedOn) }
}

/** An outcome that rests on the say of whoever became known as a party: in a stage that was over by then, or by an event of an earlier version, which let it count. */
function impeached(state: ItemState, restedOn: readonly CastVote[]): Pick<ItemState, 'isImpeached' | 'impeachedBy'> | undefined {
  const parties = restedOn.filter((vote) => isOfExcluded(vote, state.excluded))
  if (parties.length === 0) return undefined
  const why = [...new Set(parties.map(({ reviewer }) => reviewer))].map((key) => `${key} decided it, and they or who handed it to them became known as a party`)
  return { isImpeached: true, impeachedBy: state.impeachedBy ?? why.join('; ') }
} // prettier-ignore

function optional<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<Name, Value>>)
}

/** What every status has: a member of it that is missing here does not compile. */
const SHARED = Object.keys({
  stage: true, reviewers: true, delegations: true, votes: true, countFrom: true, restedOn: true, drift: true, changedSince: true, stageOutcomes: true, opened: true,
  comments: true, refused: true, escalations: true, isImpeached: true, impeachedBy: true, sinceSeal: true, parties: true, excluded: true,
  notedAt: true, owner: true, adoptedFrom: true, revision: true,
} satisfies Record<keyof Item, true>) as (keyof Item)[] // prettier-ignore

function common(state: ItemState): Item {
  const item: Partial<Record<keyof Item, unknown>> = {}
  for (const name of SHARED) if (state[name] !== undefined) item[name] = state[name]
  return item as Item
}
