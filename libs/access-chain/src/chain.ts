import type { Activity, Instant, Key, Target } from '@catena/domain'

/** How far the records carry a statement; never shown stronger than its evidence. */
export type LinkState = 'proven' | 'inferred' | 'ambiguous' | 'missing'

/** Why a link is missing (chain.md). */
export type MissingReason =
  | 'nobody authenticated'
  | 'refused: nobody was authenticated'
  | 'source not connected'
  | 'before its coverage'
  | 'gap in the source'
  | 'federation not declared'
  | 'not recorded by that source'
  | 'bearer handed over'
  | 'shared identity'
  | 'identity not joined'
  | 'no approval recorded'
  | 'no end seen'
  | 'nothing recorded at the target'

/** What weakens a statement that stands. */
export type Caveat =
  | 'clock skew'
  | 'coverage incomplete'
  | 'custody: session ended'
  | 'custody: attempt ended'
  | 'custody: account disabled'
  | 'custody: account deleted'
  | 'custody: address differs'
  | 'custody: token outlived its bound'
  | 'used after end'
  | "operator's join"

/** A person, a workload or an agent, by the key that identifies it best. */
export interface Principal {
  readonly key: Key
  readonly kind: 'person' | 'workload' | 'agent'
  /** Login name, repository with run and attempt, or the name that the agent's owner gave it. */
  readonly name: string
  /** Who answers for an agent or workload, where that is on record. */
  readonly sponsor?: Principal
  /** Did a person sit with the agent? */
  readonly mode?: 'attended' | 'autonomous'
}

export interface Link {
  /** The fact that presented the key. */
  readonly from: string
  /** Facts that established it; several only where they are one merged entity or candidates. */
  readonly to: readonly string[]
  readonly key: Key | undefined
  readonly state: LinkState
  /** How the authority passed on: its holder logged in, was handed a token, acted on a call of another, or the walk ends here at an origin. */
  readonly by: 'login' | 'handover' | 'delegation' | 'federation' | 'origin'
  readonly reason?: MissingReason
  readonly candidates: readonly Key[]
  readonly caveats: readonly Caveat[]
  /** Ledger positions that prove it. */
  readonly evidence: readonly number[]
  /** The link in a sentence. */
  readonly words: string
}

export interface PathAspect {
  /** Of the weakest link. */
  readonly state: LinkState
  readonly reason?: MissingReason
  /** Session or run attempt at the far end, where one is known. */
  readonly through?: Key
  readonly candidates: readonly Key[]
  readonly caveats: readonly Caveat[]
  readonly links: readonly Link[]
}

/** A login on the strength of another system's session or run: where it stands is told by two clocks. */
export interface FederatedLogin {
  /** Id of the login's fact. */
  readonly fact: string
  /** Source that recorded it. */
  readonly presenter: string
  /** System of the session or run. */
  readonly issuer: string
  /** On the presenter's clock. */
  readonly at: Instant
}

export type ActorAspect =
  | {
      readonly kind: 'attributed'
      readonly state: 'proven' | 'inferred'
      readonly principal: Principal
      readonly caveats: readonly Caveat[]
      readonly evidence: readonly number[]
    }
  | {
      readonly kind: 'ambiguous'
      readonly state: 'ambiguous'
      readonly candidates: readonly Principal[]
      readonly caveats: readonly Caveat[]
      readonly evidence: readonly number[]
    }
  | {
      readonly kind: 'missing'
      readonly state: 'missing'
      readonly reason: MissingReason
      /** Many hold it: `root`, `approle:<role>`. The person is not guessed. */
      readonly shared?: string
      /** Whose authority a handed-over bearer carries. */
      readonly authority?: Principal
      readonly caveats: readonly Caveat[]
      readonly evidence: readonly number[]
    }

/** The identity as the recording system knows it, and how it was authenticated. Proven as that system's identity. */
export interface SystemIdentity {
  readonly system: string
  readonly displayName?: string
  readonly entityId?: string
  readonly account?: string
  readonly method?: string
  readonly role?: string
  /** How the person authenticated, where recorded (R1.13). */
  readonly strength?: { readonly acr?: string; readonly amr?: readonly string[]; readonly secondFactor?: string }
}

export interface RightAspect {
  readonly state: LinkState
  readonly reason?: MissingReason
  /** Policies that the vault recorded as granting the request: recorded, not judged. */
  readonly policies: readonly string[]
  readonly approvals: readonly Approval[]
  readonly evidence: readonly number[]
}

/** Who decided: a principal, or an account that no person is joined to. */
export interface Approver extends Omit<Principal, 'kind'> {
  readonly kind: Principal['kind'] | 'account'
}

export interface Approval {
  readonly state: LinkState
  readonly decision: string
  /** It stood at the use: given before, within its window, by somebody else, and not taken back by then. */
  readonly permits: boolean
  /** Why an approval can permit nothing, be it in time or not: it is of whoever asked, wholly or in part, or no record names who gave it. */
  readonly flaw?: 'own' | 'nobody named'
  readonly approver?: Approver
  readonly at: Instant
  readonly evidence: readonly number[]
}

export interface EffectAspect {
  readonly state: LinkState
  readonly reason?: MissingReason
  /** What was obtained: a secret version, a lease, a token, a wrapped response. */
  readonly yielded?: string
  readonly evidence: readonly number[]
}

/** Of an unwrapping: which credential had been wrapped, by the records of the requests that had it wrapped. */
export interface ContentAspect {
  /** Proven where they tell of one credential and of nothing else; ambiguous: it is one of these, or none of them. */
  readonly state: LinkState
  /** By name; mostly one. */
  readonly targets: readonly Target[]
  /** Requests whose answers were wrapped, by time. */
  readonly facts: readonly string[]
  /** When the first of them was. */
  readonly since: Instant
  readonly evidence: readonly number[]
  /** More requests made it than are looked at (`MAKERS_MAX`): it may be of a credential that is not among these. */
  readonly isCut?: true
}

export interface EndAspect {
  readonly state: LinkState
  readonly reason?: MissingReason
  readonly how?: 'revoked' | 'expired' | 'rotated' | 'destroyed' | 'deleted' | 'consumed' | 'ended'
  readonly at?: Instant
  /** Fact that asked for the end, where one did. */
  readonly by?: string
  readonly words: string
  readonly evidence: readonly number[]
}

/** Who set what stands sideways of the path: who started the run, who wrapped, who created the token. */
export interface Sideways {
  readonly role: 'initiator' | 'giver' | 'unwrapped' | 'behalf'
  readonly state: LinkState
  readonly principal?: Principal
  readonly name?: string
  readonly fact?: string
  readonly evidence: readonly number[]
}

export interface ChainFinding {
  readonly kind:
    | 'observers disagree'
    | 'establishers disagree'
    | 'minted and standing keys contradict'
    | 'used after end'
    | 'clock skew'
    | 'late use'
    | 'failed unwrap'
    | 'identity outlived its user'
    | 'unconfirmed crossing'
    | 'human account used autonomously'
  readonly words: string
  readonly evidence: readonly number[]
}

/** Everything the records say about one retrieval (or any other request), each statement with its own state and evidence. */
export interface Chain {
  /** Of an unwrapping with the credential that had been wrapped as its target, as far as `content` knows it. */
  readonly fact: Activity
  readonly path: PathAspect
  /** Federated logins that the path leads through, or may lead through where a token's making is contested; the nearest first. */
  readonly logins: readonly FederatedLogin[]
  readonly actor: ActorAspect
  readonly identity: SystemIdentity | undefined
  readonly right: RightAspect
  readonly effect: EffectAspect
  /** Of an unwrapping, where a record tells what had been wrapped. */
  readonly content?: ContentAspect
  readonly end: EndAspect
  /** End of the token that the caller held; absent where no token was presented or its making was not seen. */
  readonly callerEnd?: EndAspect
  readonly sideways: readonly Sideways[]
  readonly findings: readonly ChainFinding[]
}

const STRENGTH: readonly LinkState[] = ['missing', 'ambiguous', 'inferred', 'proven']

export function weakest(states: readonly LinkState[]): LinkState {
  return states.reduce<LinkState>((a, b) => (STRENGTH.indexOf(a) <= STRENGTH.indexOf(b) ? a : b), 'proven')
}

export function atMost(state: LinkState, limit: LinkState): LinkState {
  return weakest([state, limit])
}

export function positionsOf(facts: readonly Activity[]): number[] {
  const all = [...new Set(facts.flatMap((fact) => fact.positions))]
  return all.every((position, index) => index === 0 || position > (all[index - 1] ?? position))
    ? all
    : all.sort((a, b) => a - b)
}
