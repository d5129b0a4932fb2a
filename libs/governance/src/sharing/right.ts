import { isRefusal, refusal, type Decided, type Decider, type DecisionEvent, type Key } from '@catena/domain'
import { isOneOf, type Party, type SharedThing } from './party.js'
import { SHARING, type SharingCommandOf, type SharingKind, type SharingState } from './registry.js'

type SharingCommand = SharingCommandOf<SharingKind>

/** How far somebody may decide about what is shared. */
export interface Right {
  readonly party: Party
  /** Over every credential. */
  readonly overAll: boolean
  /** Credentials that are the party's own. */
  readonly owned: ReadonlySet<string>
  /** May approve under the workflow by which a grant was asked for. */
  readonly approves: boolean
}

/**
 * What whoever is let in may say of any credential: what only asks, so that somebody else says yes; what happened; and what its own rules
 * ask a name for. Everything else takes a right over the credentials that it is about.
 */
const OPEN: ReadonlySet<SharingCommand['do']> = new Set([
  'RequestAccess',
  'RequestException',
  'RequestRelease',
  'ActivateBreakGlass',
  'ReportExposure',
  'WithdrawRequest',
  'DelegateApproval',
  'EndDelegation',
] as const)

export function isOpen(command: { readonly do: string }): boolean {
  return (OPEN as ReadonlySet<string>).has(command.do)
}

type Names<Kind extends SharingKind> = (
  state: SharingState<Kind>,
  command: SharingCommandOf<Kind>,
) => readonly (Key | undefined)[]

/** Whom a thing names for a command, beside those who own its credentials. */
const NAMED: { readonly [Kind in SharingKind]?: Names<Kind> } = {
  grant: (state, command) =>
    command.do === 'RevokeGrant' && state.status !== 'none' ? [state.request.to, state.request.requestedBy] : [],
  'sharing-workflow': ({ parts }, command) => (command.do === 'RetireWorkflow' ? [parts?.owner, parts?.approver] : []),
  'break-glass': ({ plan, activations }, command) => {
    if (command.do === 'ReviewBreakGlass') return [plan?.reviewer]
    if (command.do !== 'CloseBreakGlass') return []
    return [plan?.reviewer, activations.find(({ activation }) => activation === command.activation)?.by]
  },
  exception: ({ requestedBy }, command) => (command.do === 'RevokeException' ? [requestedBy] : []),
}

type AnyDecider = Decider<SharedThing, { readonly do: string }, DecisionEvent>
type Answer = ReturnType<AnyDecider['decide']>

/** The credentials that a thing is about, before the command and by it. */
export function concernedBy(
  kind: SharingKind,
  state: SharedThing,
  command: { readonly do: string },
  by: Decided,
): string[] {
  return concernedIn(kind, state, (SHARING[kind] as unknown as AnyDecider).decide(state, command, by), by)
}

/** The same by what was decided. */
function concernedIn(kind: SharingKind, state: SharedThing, answer: Answer, by: Decided): string[] {
  const decider = SHARING[kind] as unknown as AnyDecider
  const after = isRefusal(answer) ? state : answer.reduce((reached, event) => decider.evolve(reached, event, by), state)
  return [...new Set([...state.credentials, ...after.credentials])]
}

/**
 * The rules of a kind, and then whether the party has a right over every credential that the thing is about: whoever has it over all, who
 * owns each of them, and whom the thing names. Refuses with NOT_THE_OWNER.
 */
export function underRight<Kind extends SharingKind>(kind: Kind, right: Right): (typeof SHARING)[Kind] {
  const decider = SHARING[kind] as unknown as AnyDecider
  const decide: AnyDecider['decide'] = (state, command, by) => {
    const answer = decider.decide(state, command, by)
    if (isRefusal(answer) || right.overAll || isOpen(command)) return answer
    if (isNamedIn(kind, state, command, right.party)) return answer
    if (command.do === 'RevokeGrant' && right.approves) return answer
    const credentials = concernedIn(kind, state, answer, by)
    if (credentials.length > 0 && credentials.every((credential) => right.owned.has(credential))) return answer
    return refusal(
      'NOT_THE_OWNER',
      'you do not own every credential that this is about: ask their owner, or a security engineer',
    )
  }
  return { ...decider, decide } as unknown as (typeof SHARING)[Kind]
}

function isNamedIn(kind: SharingKind, state: SharedThing, command: { readonly do: string }, party: Party): boolean {
  const names = NAMED[kind] as ((state: SharedThing, command: object) => readonly (Key | undefined)[]) | undefined
  return isOneOf(party, (names?.(state, command) ?? []).filter((key) => key !== undefined)) // prettier-ignore
}
