import type { Json } from './json.js'
import type { Key } from './keys.js'
import type { Instant } from './time.js'

/** What happened, in words that no vendor owns. `unclassified` is a record whose type no connector knows yet. */
export type ActivityKind =
  | 'login' // somebody or something authenticated: a session, token or run now exists
  | 'login-started' // a step before authentication; nobody is known yet
  | 'logout' // a session ended by its holder or an administrator
  | 'code-exchanged' // an authorisation code became tokens
  | 'session-refreshed'
  | 'token-created' // made for whoever will hold it
  | 'token-renewed'
  | 'token-revoked'
  | 'secret-read'
  | 'rotating-secret-read' // of one that its store changes from time to time by itself, which no record tells
  | 'secret-listed'
  | 'secret-written'
  | 'secret-deleted'
  | 'secret-destroyed'
  | 'secret-restored'
  | 'lease-issued'
  | 'lease-renewed'
  | 'lease-revoked' // somebody asked for the end
  | 'lease-ended' // the issuing system reports the end
  | 'response-unwrapped'
  | 'key-used' // encrypt, sign… with a key that never leaves its store
  | 'run-observed' // a CI run or one attempt of it was requested, started or completed
  | 'job-observed'
  | 'approval-observed'
  | 'secrets-passed' // a CI system handed secrets to a job
  | 'credential-changed' // a deploy key, CI secret, client secret or API token was created, changed or removed
  | 'person-observed' // a directory entry as it stands or stood
  | 'membership-changed'
  | 'sponsor-observed' // who answers for a workload
  | 'identity-joined' // an operator decided whose a name is
  | 'policy-changed'
  | 'configuration-changed' // auth methods, roles, mounts, audit devices, applications
  | 'exposure-reported' // a scanner or a person reports that a secret leaked
  | 'agent-observed' // an agent or tool server was registered, changed or retired
  | 'tool-called' // an agent had a tool server do something
  | 'lifecycle-observed' // an environment, a pipeline or a job came, went or was switched off
  | 'operation' // a known request of another kind
  | 'not-about-access' // a record of a known type that tells of no access: housekeeping of the source
  | 'unclassified'
  | 'not-interpreted' // a record that its connector failed on: kept, and read again by its next version

/** Was the secret read that its slot held, for everybody the same until it is changed? */
export function isSecretRead(kind: ActivityKind): boolean {
  return kind === 'secret-read' || kind === 'rotating-secret-read'
}

/** `unknown`: only the request half was seen, so nobody can say how it went. */
export type Outcome = 'succeeded' | 'denied' | 'failed' | 'unknown'

export type Verb =
  | 'establishes' // a minted key exists from here on
  | 'binds' // a standing key belongs to the minted keys that this activity establishes, for their life
  | 'presents' // this activity came through that key
  | 'ends' // logout, revocation, expiry, completion, deletion
  | 'describes' // a directory entry: all standing keys of one entry name one principal
  | 'relates' // a statement about several principals (members of a group, sponsor of a workload, a join); no link of a path

/** Verified: the recording system issued or checked the value. Claimed: the caller wrote it, so it is a hint and never a link. */
export type Trust = 'verified' | 'claimed'

/**
 * One thing that an activity names, by all the names (forms) it has there: a clear accessor, its HMAC on each audit device,
 * the two HMACs of its token. Forms of one group are *equated*: they are one thing, but for two clear values of one namespace (equated.ts).
 */
export interface KeyGroup {
  /** Unique within the fact, so that the same group seen by two observers merges: `caller`, `issued`, `session`. */
  readonly role: string
  readonly verb: Verb
  readonly trust: Trust
  readonly forms: readonly KeyForm[]
  /** Of `establishes`: did the holder authenticate, or was it made for whoever will hold it? */
  readonly by?: 'login' | 'handover'
  /** Of `presents`: no link of the path (a wrapping token in the body, a claimed correlation id). */
  readonly sideways?: boolean
}

export interface KeyForm {
  readonly key: Key
  /** Smallest ledger position that shows this form. */
  readonly position: number
}

/** What a retrieval yielded or an operation touched. */
export interface Target {
  /** `<kind>/<scope>` of the system, e.g. `vault/prod-1`. */
  readonly system: string
  /** Immutable id of the container (mount accessor, resource id). Absent where a denied request does not name it. */
  readonly container?: string
  /** Name under which the container was addressed, e.g. `secret/`. */
  readonly containerName?: string
  /** Path inside the container, without the verbs of an API (`data/`, `metadata/`). */
  readonly path: string
  readonly version?: number
}

/** The normalised fact as one observation tells it; facts of several observations are merged (merge.ts). */
export interface Activity {
  /** Equal for all observations of one fact. */
  readonly factId: string
  /** Id of the source instance in the configuration. */
  readonly source: string
  readonly kind: ActivityKind
  /** The source's own name of the type, e.g. `LOGIN`, `workflow_run.completed`, `read secret/data/x`. */
  readonly type: string
  readonly occurredAt: Instant
  /** Last moment of an activity that spans time (request half to response half). */
  readonly completedAt?: Instant
  /** The last moment at which its first observation shows that the source lived, where that is not `occurredAt`; see `heardAt`. */
  readonly heardAt?: Instant
  /** Resolution of the source's stamps: 1000 where it writes whole seconds. */
  readonly resolutionMs: number
  readonly outcome: Outcome
  readonly target?: Target
  readonly groups: readonly KeyGroup[]
  /** Carried along for people and rules, by names that do not depend on the vendor (see `AttributeName`). */
  readonly attributes: Attributes
  /** Names of attributes on which observers of the same fact disagree. */
  readonly conflicts: readonly string[]
  /** Ledger positions of the observations, ascending. */
  readonly positions: readonly number[]
  /** By position, the observations that were the first of their source, or told an earlier time than all before; absent where only the first is. */
  readonly tellings?: readonly Telling[]
}

/** What an observation told anew. */
export interface Telling {
  readonly position: number
  readonly source: string
  readonly occurredAt: Instant
  /** As `heardAt` of the observation; of the first of its source alone. */
  readonly heardAt?: Instant
}

/**
 * Known names. Times are instants (ms), durations carry their unit, lists are sorted.
 * `origin` ends a walk: the presented or issued credential is its system's own (a root token) or long-lived (a password).
 */
export interface Attributes {
  readonly [name: string]: Json | undefined
}

/**
 * The last moment at which a fact shows that its source lived: when it happened by its first observation, or when that was received, if it is dated
 * later by more than clocks differ. Later observations do not move it, so that an answer as of an earlier cut stays what it was.
 */
export function heardAt({ heardAt, occurredAt }: Activity): Instant {
  return heardAt ?? occurredAt
}

export function tellingsOf(activity: Activity): readonly Telling[] {
  return activity.tellings ?? [firstTelling(activity)]
}

function firstTelling(activity: Activity): Telling {
  const { positions, source, occurredAt } = activity
  return { position: positions[0] ?? 0, source, occurredAt, heardAt: heardAt(activity) }
}

/** Did this source record it? */
export function isToldBy(activity: Activity, source: string): boolean {
  return activity.source === source || activity.tellings?.some((telling) => telling.source === source) === true
}

/** Positions are filled in when an activity is read from the ledger; a connector writes 0. */
export function form(key: Key): KeyForm {
  return { key, position: 0 }
}
