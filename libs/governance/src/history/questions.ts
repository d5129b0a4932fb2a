import { isSecretRead, namespaceOf, type ActivityKind, type Instant, type Key, type Namespace } from '@catena/domain'
import type { AccessSummary } from '../access-summary/access-summary.js'
import type { LocationKind } from '../ownership/state.js'
import type { CredentialHistory, PersonRecord, SlotChange } from './credential-history.js'
import { endingAfter, goneAt } from './live-changes.js'
import type { InGroup } from './in-group.js'
import { isObtained, type Retrieval } from './retrieval.js'

const WORKLOADS: ReadonlySet<Namespace> = new Set([
  'agent',
  'kubernetes-account',
  'kubernetes-pod',
  'pipeline',
  'repository',
  'repository-name',
  'runner',
  'spiffe-id',
  'tool-server',
])

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Obtained at least once since that moment. */
export function activeSince({ accessors }: CredentialHistory, since: Instant): AccessSummary[] {
  return accessors.filter(({ lastAt }) => lastAt !== undefined && lastAt >= since)
}

export function obtained({ retrievals }: CredentialHistory): Retrieval[] {
  return retrievals.filter(isObtained)
}

export function obtainedWithin(history: CredentialHistory, windowDays: number): Retrieval[] {
  return obtained(history).filter(({ at }) => at >= history.at - windowDays * DAY_MS)
}

/**
 * Issued anew for each use (a lease), or the same secret until somebody changes it. A credential of which nothing was obtained is neither. That it is
 * issued anew is taken from its declaration only where no record shows it read from its slot, or used there.
 */
export function isDynamic(history: CredentialHistory): boolean | undefined {
  const { kind: declared } = history.stewardship.declared
  const kinds = kindsIn(history)
  const isSeenStatic = [...kinds].some(isSecretRead) || kinds.has('key-used')
  if (declared !== undefined && !(declared === 'dynamic' && isSeenStatic)) return declared === 'dynamic'
  if (kinds.has('lease-issued')) return true
  return kinds.size === 0 ? undefined : false
}

/** Its store changes it by itself, and no record tells when: of whoever read it nobody knows whether they have what it holds now. */
export function rotatesUnseen(history: CredentialHistory): boolean {
  return kindsIn(history).has('rotating-secret-read')
}

/** The secret stays in its store and is only used there. */
export function isKeptKey(history: CredentialHistory): boolean {
  const kinds = [...kindsIn(history)]
  return kinds.length > 0 && kinds.every((kind) => kind === 'key-used')
}

/** How it was obtained, of all that ever was: the sums know what is too old to be held one by one. */
function kindsIn(history: CredentialHistory): ReadonlySet<ActivityKind> {
  return new Set([...history.accessors.flatMap(({ kinds }) => kinds), ...obtained(history).map(({ kind }) => kind)])
}

/** Derived from who really obtained it: more than one accessor, or one that is several. */
export function isUsedByMany({ accessors }: CredentialHistory): boolean {
  const active = accessors.filter(({ lastAt }) => lastAt !== undefined)
  return active.length > 1 || active.some(({ accessor }) => accessor.kind === 'shared' || accessor.kind === 'ambiguous')
}

export function isShared(history: CredentialHistory): boolean {
  return history.stewardship.declared.shared === true || isUsedByMany(history)
}

/** The last that certainly wrote another value, see `perhapsRotatedSince`. */
export function lastRotation({ changes }: CredentialHistory): SlotChange | undefined {
  return changes.findLast(({ how, perhaps }) => how === 'written' && perhaps !== true)
}

/** Writes and updates of which no record tells whether they left another value. */
export function perhapsRotatedSince({ changes }: CredentialHistory, at: Instant): readonly SlotChange[] {
  return changes.filter((change) => change.how === 'written' && change.perhaps === true && change.at > at)
}

/** The slot holds nothing that could be obtained any more; not said where records leave it open, see `goneAt`. */
export function goneSince(history: CredentialHistory): SlotChange | undefined {
  const gone = goneAt(history)
  return gone?.isSure === true ? gone.change : undefined
}

/** Records leave open whether the slot holds anything. */
export function isPerhapsGone(history: CredentialHistory): boolean {
  return goneAt(history)?.isSure === false
}

/** What the accessor has seen ended: the slot holds another content, or none, since. Not said where records leave it open, see `endingAfter`. */
export function endedSince(history: CredentialHistory, seenAt: Instant): SlotChange | undefined {
  return endingAfter(history, seenAt).sure
}

export function isPerson(key: Key): boolean {
  return namespaceOf(key) === 'person'
}

/** What certainly is no person; of a cloud's principal nobody knows by its key. */
export function isWorkload(key: Key): boolean {
  return WORKLOADS.has(namespaceOf(key))
}

/** A team answers as a team; its members are resolved when somebody acts for it. */
export function isTeam(key: Key): boolean {
  return namespaceOf(key) === 'group'
}

export function personOf({ people }: CredentialHistory, key: Key): PersonRecord | undefined {
  return people[key]
}

/** Left or locked out: access should have ended then. */
export function hasLeft(person: Pick<PersonRecord, 'employment'> | undefined): boolean {
  return person !== undefined && (person.employment.state === 'left' || person.employment.state === 'disabled')
}

/** Perhaps: no directory says. */
export function isHere(person: Pick<PersonRecord, 'employment'> | undefined): InGroup {
  if (person === undefined || person.employment.state === 'unknown') return 'perhaps'
  return hasLeft(person) ? 'no' : 'yes'
}

/** Positions of the newest attempt of each, at most a few: a reader wants to see, not to count. */
export function witnessesOf(summaries: readonly AccessSummary[]): number[] {
  return merged(summaries.map(({ newest }) => newest.positions))
}

/** What an answer about these retrievals rests on, and when the last of them leaves the window in which they count. */
export function restingOn(retrievals: readonly Pick<Retrieval, 'at' | 'positions'>[], windowDays: number): Grounds {
  const last = Math.max(...retrievals.map(({ at }) => at))
  return { witnesses: merged(retrievals.map(({ positions }) => positions)), validUntil: edgeOf(last, windowDays) }
}

/** The same about all that these accessors did. */
export function restingOnAccessors(summaries: readonly AccessSummary[], windowDays: number): Grounds {
  const last = Math.max(...summaries.map(({ lastAt }) => lastAt ?? 0))
  return { witnesses: witnessesOf(summaries), validUntil: edgeOf(last, windowDays) }
}

interface Grounds {
  readonly witnesses: number[]
  readonly validUntil: Instant
}

function edgeOf(last: Instant, windowDays: number): Instant {
  return last + windowDays * DAY_MS + 1
}

/** Where what people said stands in the ledger, as far as that is known. */
export function positionsOf(said: readonly { readonly position?: number }[]): number[] {
  return merged([said.flatMap(({ position }) => position ?? [])])
}

const WITNESSES_MAX = 20

export function merged(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())]
    .sort((a, b) => b - a)
    .slice(0, WITNESSES_MAX)
    .sort((a, b) => a - b)
}

/** Where nobody should keep a secret. */
export const INSECURE_LOCATIONS: readonly LocationKind[] = [
  'code',
  'configuration-file',
  'image',
  'ticket',
  'chat',
  'mail',
]

export function named(names: readonly string[], max = 3): string {
  const shown = names.slice(0, max).join(', ')
  return names.length > max ? `${shown} and ${names.length - max} more` : shown
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

export function daysOf(ms: number): string {
  return ms < 2 * DAY_MS ? counted(Math.round(ms / HOUR_MS), 'hour') : counted(Math.round(ms / DAY_MS), 'day')
}
