import { refusal, type Decided, type Decider, type Instant, type Key, type Refusal } from '@catena/domain'
import { saysSomething } from '../history/sharing-record.js'
import type { Named } from '../ownership/state.js'
import type { Authority } from './grant.js'
import { isOneOf, type Party, type SharedThing, type SharingEvent } from './party.js'

/** What a workflow declares; a part that is left out is a finding, not an error. */
export type WorkflowParts = SharedThing & {
  readonly credentials: string[]
  readonly name: string
  /** The one identity that owns it. */
  readonly owner?: Key
  readonly ownerName?: string
  /** Group or pipeline. */
  readonly sharedWith?: string
  readonly approver?: Key
  readonly approverName?: string
  /** Longest access window, ms. */
  readonly windowMs?: number
  readonly loggingDestination?: string
  readonly replacementPath?: string
  readonly escalation?: string
  readonly aiEnabled: boolean
  /** Of an AI-enabled workflow: a person confirms what crosses a trust boundary. */
  readonly confirmed?: boolean
}

export type DelegationData = {
  readonly to: Key
  readonly toName: string
  readonly from: Instant
  readonly until: Instant
}

export type WorkflowEvent =
  | SharingEvent<'SharingWorkflowDeclared', WorkflowParts>
  | SharingEvent<'SharingWorkflowRetired', { readonly reason: string }>
  | SharingEvent<'ApprovalDelegated', DelegationData>
  | SharingEvent<'ApprovalDelegationEnded', { readonly to: Key }>

export interface SharingWorkflowState extends SharedThing {
  readonly status: 'none' | 'declared' | 'retired'
  readonly parts?: WorkflowParts
  readonly delegations: readonly DelegationData[]
}

export type WorkflowCommand =
  | { readonly do: 'DeclareWorkflow'; readonly parts: WorkflowParts }
  | { readonly do: 'RetireWorkflow'; readonly reason: string }
  | {
      readonly do: 'DelegateApproval'
      readonly party: Party
      readonly to: Named
      readonly from: Instant
      readonly until: Instant
    }
  | { readonly do: 'EndDelegation'; readonly party: Party; readonly to: Key }

export type WorkflowRefusal =
  | 'NO_SUCH_WORKFLOW'
  | 'RETIRED'
  | 'NO_CREDENTIAL'
  | 'EMPTY_PART'
  | 'NOT_THE_APPROVER'
  | 'TO_ONESELF'
  | 'WINDOW'
  | 'NOT_DELEGATED'

type Answer = readonly WorkflowEvent[] | Refusal<WorkflowRefusal>

/** A sharing workflow: which credentials, with whom, by whose leave, for how long (R3.12); and whom its approver lets approve (R3.13). */
export const workflow: Decider<SharingWorkflowState, WorkflowCommand, WorkflowEvent, WorkflowRefusal> = {
  initial: { status: 'none', credentials: [], delegations: [] },
  decide,
  evolve,
}

function decide(state: SharingWorkflowState, command: WorkflowCommand, { at }: Decided): Answer {
  if (state.status === 'retired') return refusal('RETIRED', 'this workflow was retired: declare another')
  if (command.do === 'DeclareWorkflow') return declare(command.parts)
  if (state.status === 'none') return refusal('NO_SUCH_WORKFLOW', 'no workflow has this id: declare it first')
  switch (command.do) {
    case 'RetireWorkflow':
      return [{ type: 'SharingWorkflowRetired', data: { reason: command.reason } }]
    case 'DelegateApproval':
      return delegate(state, command, at)
    case 'EndDelegation':
      return endDelegation(state, command)
  }
}

function declare(parts: WorkflowParts): Answer {
  if (parts.credentials.length === 0) return refusal('NO_CREDENTIAL', 'name at least one credential that it shares')
  const [empty] = emptyParts(parts)
  if (empty !== undefined)
    return refusal('EMPTY_PART', `the part "${empty}" says nothing: fill it, or leave it out until it is known`)
  return [{ type: 'SharingWorkflowDeclared', data: parts }]
}

/** What is there and says nothing, as people call it. */
function emptyParts({ name, windowMs, ...parts }: WorkflowParts): string[] {
  const given = {
    name,
    'group or pipeline': parts.sharedWith,
    'access window': windowMs,
    'logging destination': parts.loggingDestination,
    'forced replacement path': parts.replacementPath,
    'escalation route': parts.escalation,
  }
  return Object.entries(given).flatMap(([called, part]) => (part === undefined || saysSomething(part) ? [] : [called]))
}

function delegate(
  { parts }: SharingWorkflowState,
  { party, to, from, until }: Extract<WorkflowCommand, { do: 'DelegateApproval' }>,
  now: Instant,
): Answer {
  if (parts?.approver === undefined || !isOneOf(party, [parts.approver]))
    return refusal(
      'NOT_THE_APPROVER',
      'only the approver of the workflow can delegate, and not what was delegated to them',
    )
  if (party.keys.includes(to.key)) return refusal('TO_ONESELF', 'delegate to somebody else')
  if (until <= from || until <= now) return refusal('WINDOW', 'a delegation ends after it begins, and in the future')
  return [{ type: 'ApprovalDelegated', data: { to: to.key, toName: to.name, from, until } }]
}

function endDelegation(
  { parts, delegations }: SharingWorkflowState,
  { party, to }: Extract<WorkflowCommand, { do: 'EndDelegation' }>,
): Answer {
  if (parts?.approver === undefined || !isOneOf(party, [parts.approver, to]))
    return refusal('NOT_THE_APPROVER', 'only the approver or the delegate can end a delegation')
  if (!delegations.some((each) => each.to === to)) return refusal('NOT_DELEGATED', 'nothing is delegated to them')
  return [{ type: 'ApprovalDelegationEnded', data: { to } }]
}

function evolve(state: SharingWorkflowState, event: WorkflowEvent): SharingWorkflowState {
  switch (event.type) {
    case 'SharingWorkflowDeclared': {
      const sameApprover = state.parts?.approver === event.data.approver
      return {
        status: 'declared',
        credentials: event.data.credentials,
        parts: event.data,
        // Another approver has delegated nothing yet.
        delegations: sameApprover ? state.delegations : [],
      }
    }
    case 'SharingWorkflowRetired':
      return { ...state, status: 'retired' }
    case 'ApprovalDelegated':
      return { ...state, delegations: [...state.delegations.filter(({ to }) => to !== event.data.to), event.data] }
    case 'ApprovalDelegationEnded':
      return { ...state, delegations: state.delegations.filter(({ to }) => to !== event.data.to) }
  }
}

/** Does the workflow share every one of these? It gives nobody a right over others. */
export function sharesAll({ credentials: shared }: SharingWorkflowState, credentials: readonly string[]): boolean {
  return credentials.every((credential) => shared.includes(credential))
}

/**
 * Who may approve under a workflow, of credentials that it shares, at a moment: its approver, else whom the approver delegated to. Without a
 * named approver, nobody.
 */
export function authorityIn(
  state: SharingWorkflowState,
  party: Party,
  credentials: readonly string[],
  at: Instant,
): Authority {
  const { status, parts, delegations } = state
  if (status !== 'declared' || parts?.approver === undefined) return { mayApprove: false }
  const outside = sharesAll(state, credentials) ? {} : { outsideWorkflow: true }
  if (isOneOf(party, [parts.approver])) return { mayApprove: true, ...outside }
  const delegated = delegations.some(({ to, from, until }) => party.keys.includes(to) && from <= at && at < until)
  return delegated
    ? { mayApprove: true, onBehalfOf: parts.approver, delegator: [parts.approver], ...outside }
    : { mayApprove: false, ...outside }
}
