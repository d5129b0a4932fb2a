import type { Instant, Key } from '@catena/domain'

/** Who obtained a credential, as far as the chains of the retrievals carry it. */
export type Accessor =
  | { readonly kind: 'person' | 'workload'; readonly key: Key; readonly name: string; readonly aliases: readonly Key[] }
  /** One identity that many hold; which person used it is not guessed. */
  | { readonly kind: 'shared'; readonly name: string }
  /** Several fit. All of them stand. */
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'unknown'; readonly reason: string }

export interface Candidate {
  readonly key: Key
  readonly name: string
  readonly aliases: readonly Key[]
}

/** A grant on record. Absent from an access: none is recorded. */
export interface GrantOnRecord {
  readonly id: string
  readonly scope: readonly string[]
  readonly until: Instant | undefined
  readonly requester: Key | undefined
  readonly beneficiary: Key | undefined
  readonly approvers: readonly Key[]
}

/** A failure that somebody accepted for a time. */
export interface ExceptionOnRecord {
  readonly id: string
  readonly kind: string
  /** Ids of the controls that it excuses. */
  readonly controls: readonly string[]
  readonly until: Instant
  readonly blastRadius?: string
}

/** A copy outside its slot, as somebody declared it. */
export interface CopyOnRecord {
  readonly kind: string
  readonly place: string
  readonly version?: number
}

export type ChainState = 'proven' | 'inferred' | 'ambiguous' | 'missing'
export type VerdictWord = 'controlled' | 'exception' | 'uncontrolled' | 'unknown'

/** One accessor's access to one credential by one grant, as known at a cut. What nobody recorded is undefined, never false. */
export interface AccessRow {
  readonly credential: {
    readonly id: string
    readonly system: string
    readonly container: string
    readonly path: string
  }
  readonly accessor: Accessor
  readonly grant: GrantOnRecord | undefined
  readonly firstUsedAt: Instant | undefined
  readonly lastUsedAt: Instant | undefined
  /** Retrievals that succeeded, and that did not. */
  readonly uses: number
  readonly refused: number
  readonly chain: ChainState
  /** The weakest link in words. */
  readonly weakest: string
  /** Who triggered the CI runs among the retrievals. */
  readonly initiators: readonly Key[]
  /** Who approved retrievals, where approvals are recorded. */
  readonly approvers: readonly Key[]
  /** Version that was obtained last. */
  readonly version: number | undefined
  readonly privileged: boolean | undefined
  readonly environment: string | undefined
  readonly verdict: VerdictWord
  readonly failedControls: readonly string[]
  /** Copies that somebody declared. Undefined: nobody declared any, which does not say that there are none. */
  readonly copies: number | undefined
  readonly copiedTo?: readonly CopyOnRecord[]
  /** What it is for, as somebody declared. Absent: nobody did. */
  readonly purpose?: string
  /** In force at the time. Absent: none is on record. */
  readonly exceptions?: readonly ExceptionOnRecord[]
  /** Network address of the newest attempt, successful or not, as its record has it. Absent: it has none. */
  readonly lastFrom?: string
  /** Sources that recorded what was obtained; none where nothing was. */
  readonly recordedBy?: readonly string[]
  /** Successes of which no end is on record, or none that is certain, however old: what was obtained then may still be good. */
  readonly open: number
  /** How what was obtained last ended, where records show it, and where nothing obtained before it is open. */
  readonly ended: SeenEnd | undefined
  /** The end that came last of everything obtained, also where something is open, and when that had been obtained. */
  readonly lastEnd: LastEnd | undefined
  /** Ledger positions, newest last, at most a handful. */
  readonly evidence: readonly number[]
}

/** An end that records show: revoked, rotated, deleted, expired. */
export interface SeenEnd {
  readonly at: Instant
  readonly how: string
  readonly positions: readonly number[]
}

export interface LastEnd extends SeenEnd {
  readonly obtainedAt: Instant
}

/** What a population was read from: said in its completeness certificate. */
export interface SourceCompleteness {
  readonly source: string
  readonly lastPosition: number
  readonly lastHeardAt: Instant | undefined
  readonly isLate: boolean
  readonly gaps: readonly { readonly from: Instant; readonly to: Instant }[]
  readonly stored: number
  readonly quarantined: number
}

export interface SummaryCut {
  readonly position: number
  readonly validAt: Instant | undefined
}

/** What an older state of knowledge had of an access. */
export interface KnownAccess {
  readonly privileged: boolean | undefined
}

/** Every access there is, as known at a cut, by credential; the same cut and version give the same rows in the same order. */
export interface AccessSummary {
  /** Changes when the same cut may give other rows. */
  readonly version: string
  /** False: what is materialised stays behind, and rows are walked, which takes long. */
  readonly isPrepared?: boolean
  /** The newest cut that can be read. */
  newest(): Promise<number>
  rows(cut: SummaryCut): AsyncIterable<AccessRow>
  /** The same, of some credentials. */
  rowsOf(credentials: readonly string[], cut: SummaryCut): Promise<readonly AccessRow[]>
  /** Credentials whose rows may have become others after a cut; all of them where nobody kept count. */
  changedSince(position: number): Promise<readonly string[]>
  /** Of accesses to these credentials, by `knownName`: what was known of them at an older position. Who is not in it was not seen by then. */
  knownBy(credentials: readonly string[], position: number): Promise<ReadonlyMap<string, KnownAccess>>
  completeness(cut: SummaryCut): Promise<readonly SourceCompleteness[]>
  /** Holds one state of knowledge while the work lasts: rows at `position` come from one snapshot, however long they take. */
  pinned<T>(work: (summary: AccessSummary, position: number) => Promise<T>): Promise<T>
}
