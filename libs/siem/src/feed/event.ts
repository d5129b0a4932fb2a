import type { LinkState } from '@catena/access-chain'
import type { Instant, Outcome } from '@catena/domain'
import type { FeedKind, Severity } from './kinds.js'

/** Who acted, and how far the records carry that. Only `proven` and `inferred` name somebody. */
export interface FeedActor {
  readonly state: LinkState
  /** `account`: as the source knows it; whose account it is was not followed. */
  readonly kind: 'person' | 'workload' | 'account' | 'shared' | 'unknown'
  /** Correlation key, or the name of a shared identity. */
  readonly id?: string
  readonly name?: string
  /** Why nobody is named. */
  readonly reason?: string
  /** Where several fit. */
  readonly candidates?: readonly string[]
  /** Name that the recording system showed for the caller: an identity there, no attribution. */
  readonly shownAs?: string
}

export interface FeedCredential {
  readonly system: string
  /** Container by its name, else by its id. */
  readonly container?: string
  readonly path: string
  readonly version?: number
  /** Stable for a slot; absent where its container is not known. */
  readonly id?: string
}

/** Somebody or something else that an event is about. */
export interface FeedParty {
  readonly id?: string
  readonly name?: string
}

export interface FeedAspect {
  readonly state: LinkState
  readonly reason?: string
}

export interface FeedLink extends FeedAspect {
  readonly by: string
  readonly words: string
}

/** The five aspects of a chain as they stood when the event entered the feed; the actor stands beside it. */
export interface FeedChain {
  readonly path: FeedAspect & { readonly through?: string; readonly links: readonly FeedLink[] }
  readonly actor: FeedAspect
  readonly right: FeedAspect & { readonly policies: readonly string[]; readonly approvals: number }
  readonly effect: FeedAspect & { readonly yielded?: string }
  readonly end: FeedAspect & { readonly how?: string; readonly at?: Instant }
  readonly caveats: readonly string[]
}

/** What is told of one thing; its hash tells revisions apart, so nothing here may depend on when it was derived. */
export interface FeedContent {
  readonly kind: FeedKind
  readonly severity: Severity
  readonly occurredAt: Instant
  readonly outcome: Outcome
  /** Source instance; `catena` for what Catena itself did or saw. */
  readonly source: string
  /** Id of the fact or stream at its source. */
  readonly reference: string
  /** The source's own name of what happened. */
  readonly type: string
  /** One sentence for people. */
  readonly summary: string
  readonly actor?: FeedActor
  readonly credential?: FeedCredential
  /** Of what was unwrapped, where that is not known: one of these, or none of them. Then no credential is named. */
  readonly credentialCandidates?: readonly FeedCredential[]
  /** Whose rights, membership or review changed. */
  readonly subject?: FeedParty
  readonly group?: FeedParty
  /** Campaign, policy, control, source or destination. */
  readonly entity?: FeedParty & { readonly type: string }
  readonly chain?: FeedChain
  /** Ids of the facts that a finding or verdict rests on. */
  readonly related?: readonly string[]
  /** Short texts by plain names. */
  readonly details?: Readonly<Record<string, string>>
  /** Optional parts that were left out because the whole was too large, in the order of their leaving. */
  readonly dropped?: readonly string[]
}

/** An entry of the feed. */
export interface FeedEvent {
  /** Contiguous from 1; of a heartbeat or test message the last sequence before it. */
  readonly sequence: number
  /** Same for every revision of one thing. */
  readonly id: string
  /** From 1; the newest revision of an id is what Catena knows. */
  readonly revision: number
  /** Of the content: 16 hex digits of SHA-256. */
  readonly hash: string
  /** When the feed took it. */
  readonly recordedAt: Instant
  readonly content: FeedContent
}

/** On its way into the feed. */
export interface FeedDraft {
  readonly id: string
  readonly content: FeedContent
  /** Ledger positions it rests on, ascending. */
  readonly positions: readonly number[]
}
