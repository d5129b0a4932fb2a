import { refusal, type Decided, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import { answeredFor, isOneOf, isOwn, type Party, type SharedThing, type SharingEvent } from './party.js'

export type BreakGlassPlan = SharedThing & {
  readonly credentials: string[]
  /** People or groups. */
  readonly mayActivate: { readonly key: Key; readonly name: string }[]
  /** When it may be activated, in words. */
  readonly condition: string
  readonly closeWithinMs: number
  /** Counted from the activation. */
  readonly reviewWithinMs: number
  readonly reviewer: Key
  readonly reviewerName: string
}

export type ActivationData = {
  readonly activation: string
  readonly credentials: string[]
  readonly by: Key
  readonly byName: string
  /** A program did: who answers for it. */
  readonly answeredForBy?: Key[]
  readonly reason: string
  /** By somebody whom the plan does not name, or without a plan: it happened, and is a finding. */
  readonly outsidePlan: boolean
}

export type ReviewOutcome = 'justified' | 'misuse'

export type BreakGlassEvent =
  | SharingEvent<'BreakGlassPlanned', BreakGlassPlan>
  | SharingEvent<'BreakGlassActivated', ActivationData>
  | SharingEvent<'BreakGlassClosed', { readonly activation: string; readonly by: Key; readonly byName: string }>
  | SharingEvent<
      'BreakGlassReviewed',
      {
        readonly activation: string
        readonly by: Key
        readonly byName: string
        readonly outcome: ReviewOutcome
        readonly words: string
      }
    >

export interface Activation extends ActivationData {
  readonly at: Instant
  readonly plannedAt?: Instant
  readonly closeDueAt: Instant
  readonly reviewDueAt: Instant
  readonly closedAt?: Instant
  readonly reviewedAt?: Instant
  readonly outcome?: ReviewOutcome
}

export interface BreakGlassState extends SharedThing {
  readonly plan?: BreakGlassPlan
  readonly plannedAt?: Instant
  readonly activations: readonly Activation[]
}

export type BreakGlassCommand =
  | { readonly do: 'PlanBreakGlass'; readonly plan: BreakGlassPlan }
  | {
      readonly do: 'ActivateBreakGlass'
      readonly party: Party
      readonly activation: string
      readonly credential: string
      readonly reason: string
      /** Groups that the party is in. */
      readonly groups: readonly Key[]
    }
  | { readonly do: 'CloseBreakGlass'; readonly party: Party; readonly activation: string }
  | {
      readonly do: 'ReviewBreakGlass'
      readonly party: Party
      readonly activation: string
      readonly outcome: ReviewOutcome
      readonly words: string
    }

export type BreakGlassRefusal =
  | 'NO_SUCH_ACTIVATION'
  | 'NO_REASON'
  | 'ACTIVATION_TAKEN'
  | 'NOBODY_NAMED'
  | 'DEADLINE'
  | 'ALREADY_CLOSED'
  | 'NOT_CLOSED'
  | 'ALREADY_REVIEWED'
  | 'OWN_ACTIVATION'
  | 'NOT_THE_REVIEWER'

type Answer = readonly BreakGlassEvent[] | Refusal<BreakGlassRefusal>

/** Deadlines of an activation that no plan was made for, ms: what a plan would at least ask. */
export const UNPLANNED_CLOSE_MS = 4 * 3_600_000
export const UNPLANNED_REVIEW_MS = 24 * 3_600_000

/** One stream per credential: the plan, recorded beforehand, and each activation to its review (R3.4). An emergency is never refused. */
export const breakGlass: Decider<BreakGlassState, BreakGlassCommand, BreakGlassEvent, BreakGlassRefusal> = {
  initial: { credentials: [], activations: [] },
  decide,
  evolve,
}

function decide(state: BreakGlassState, command: BreakGlassCommand): Answer {
  switch (command.do) {
    case 'PlanBreakGlass':
      return planned(command.plan)
    case 'ActivateBreakGlass':
      return activate(state, command)
    case 'CloseBreakGlass':
      return close(state, command)
    case 'ReviewBreakGlass':
      return review(state, command)
  }
}

function planned(plan: BreakGlassPlan): Answer {
  if (plan.mayActivate.length === 0) return refusal('NOBODY_NAMED', 'name who may activate it')
  if (plan.closeWithinMs <= 0 || plan.reviewWithinMs < plan.closeWithinMs)
    return refusal('DEADLINE', 'a review is due after the close, and both after the activation')
  return [{ type: 'BreakGlassPlanned', data: plan }]
}

function activate(
  state: BreakGlassState,
  { party, activation, credential, reason, groups }: Extract<BreakGlassCommand, { do: 'ActivateBreakGlass' }>,
): Answer {
  const before = find(state, activation)
  if (before !== undefined) return isRepeat(before, party, reason) ? [] : ACTIVATION_TAKEN
  if (reason.trim() === '') return refusal('NO_REASON', 'say in a sentence what the emergency is')
  const named = state.plan?.mayActivate.map(({ key }) => key) ?? []
  const outsidePlan = !isOneOf({ ...party, keys: [...party.keys, ...groups] }, named)
  const data = {
    activation,
    credentials: [credential],
    by: party.key,
    byName: party.name,
    ...answeredFor(party),
    reason,
    outsidePlan,
  }
  return [{ type: 'BreakGlassActivated', data }]
}

const ACTIVATION_TAKEN = refusal(
  'ACTIVATION_TAKEN',
  'this id stands for another activation: give this one an id of its own, or leave it out',
)

/** The same again, by who is not sure that it arrived. */
function isRepeat({ by, reason: said, closedAt }: Activation, party: Party, reason: string): boolean {
  return closedAt === undefined && said === reason && isOneOf(party, [by])
}

function close(
  state: BreakGlassState,
  { party, activation }: Extract<BreakGlassCommand, { do: 'CloseBreakGlass' }>,
): Answer {
  const found = find(state, activation)
  if (found === undefined) return refusal('NO_SUCH_ACTIVATION', 'nothing was activated under this id')
  if (found.closedAt !== undefined) return refusal('ALREADY_CLOSED', 'it was closed before')
  return [{ type: 'BreakGlassClosed', data: { activation, by: party.key, byName: party.name } }]
}

function review(
  state: BreakGlassState,
  { party, activation, outcome, words }: Extract<BreakGlassCommand, { do: 'ReviewBreakGlass' }>,
): Answer {
  const found = find(state, activation)
  if (found === undefined) return refusal('NO_SUCH_ACTIVATION', 'nothing was activated under this id')
  if (found.closedAt === undefined) return refusal('NOT_CLOSED', 'close it first')
  if (found.reviewedAt !== undefined) return refusal('ALREADY_REVIEWED', 'it was reviewed before')
  if (isOwn(party, [found.by, ...(found.answeredForBy ?? [])]))
    return refusal('OWN_ACTIVATION', 'who activated it cannot review it')
  if (state.plan !== undefined && !isOneOf(party, [state.plan.reviewer]))
    return refusal(
      'NOT_THE_REVIEWER',
      `the plan names ${state.plan.reviewerName}: ask them, or plan another reviewer first`,
    )
  return [{ type: 'BreakGlassReviewed', data: { activation, by: party.key, byName: party.name, outcome, words } }]
}

function find({ activations }: BreakGlassState, id: string): Activation | undefined {
  return activations.find(({ activation }) => activation === id)
}

function evolve(state: BreakGlassState, event: BreakGlassEvent, { at }: Decided): BreakGlassState {
  switch (event.type) {
    case 'BreakGlassPlanned':
      return { ...state, credentials: event.data.credentials, plan: event.data, plannedAt: at }
    case 'BreakGlassActivated': {
      const activation: Activation = {
        ...event.data,
        at,
        ...(state.plannedAt === undefined ? {} : { plannedAt: state.plannedAt }),
        closeDueAt: at + (state.plan?.closeWithinMs ?? UNPLANNED_CLOSE_MS),
        reviewDueAt: at + (state.plan?.reviewWithinMs ?? UNPLANNED_REVIEW_MS),
      }
      const credentials = [...new Set([...state.credentials, ...event.data.credentials])]
      return { ...state, credentials, activations: [...state.activations, activation] }
    }
    case 'BreakGlassClosed':
      return changed(state, event.data.activation, { closedAt: at })
    case 'BreakGlassReviewed':
      return changed(state, event.data.activation, { reviewedAt: at, outcome: event.data.outcome })
  }
}

function changed(state: BreakGlassState, id: string, change: Partial<Activation>): BreakGlassState {
  return {
    ...state,
    activations: state.activations.map((each) => (each.activation === id ? { ...each, ...change } : each)),
  }
}
