import type { Instant } from '@catena/domain'
import { looksBackTo } from './looks-back.js'
import type { CredentialHistory, SlotChange } from './credential-history.js'

/** Was the change of what the slot holds live, or of older versions alone? `perhaps`: records do not tell. Never a pass, and no failure. */
export type OfLive = 'yes' | 'perhaps' | 'no'

export interface LiveChange {
  readonly change: SlotChange
  readonly ofLive: Exclude<OfLive, 'no'>
}

/** Changes that were, or may have been, of the live version, by time. What ended older versions alone is left out: it ends nothing that is in use. */
export function liveChanges(history: Slot): readonly LiveChange[] {
  const known = judged.get(history) ?? judge(history)
  judged.set(history, known)
  return known
}

/** Asked once for each accessor and control, so judged once. */
const judged = new WeakMap<Slot, readonly LiveChange[]>()

type Slot = Pick<CredentialHistory, 'changes' | 'retrievals' | 'older'>

function judge(slot: Slot): LiveChange[] {
  return slot.changes.flatMap((change) => {
    const ofLive = isOfLive(slot, change)
    return ofLive === 'no' ? [] : [{ change, ofLive: change.perhaps === true ? 'perhaps' : ofLive }]
  })
}

/** A change that names no versions is of them all, or of the newest, which is the live one. */
function isOfLive(slot: Slot, change: SlotChange): OfLive {
  const { versions, versionsHidden } = change
  if (change.how === 'written') return 'yes'
  if (versions === undefined && versionsHidden !== true) return hasOrder(slot, change) ? 'yes' : 'perhaps'
  const { live, atLeast } = versionAt(slot, change.at)
  if (versions === undefined && live !== undefined && isReadAfter(slot, change, live))
    return change.how === 'restored' ? 'yes' : 'no'
  if (versions === undefined) return 'perhaps'
  if (atLeast !== undefined && versions.every((version) => version < atLeast)) return 'no'
  return live !== undefined && versions.includes(live) && hasOrder(slot, change) ? 'yes' : 'perhaps'
}

/** What brings back at the moment of an end may have come before it: then it brought back nothing. */
function hasOrder({ changes }: Slot, { how, at }: SlotChange): boolean {
  return how !== 'restored' || !changes.some((other) => other.at === at && mayComeBack(other))
}

function mayComeBack({ how }: SlotChange): boolean {
  return how === 'deleted' || how === 'destroyed'
}

interface KnownVersion {
  /** By the write that made it; undefined where none tells. */
  readonly live: number | undefined
  /** Older than that it was not: who reads may ask for an old version, and never for one to come. */
  readonly atLeast: number | undefined
}

/**
 * Versions are numbered upwards, and anew after all of them were destroyed. Reads before a write that tells its version say nothing more than that. Which
 * version is live is told only where each time that it was obtained since then is known one by one: another may show a later version.
 */
function versionAt(slot: Slot, at: Instant): KnownVersion {
  const { changes, retrievals } = slot
  const before = changes.filter((change) => change.at <= at)
  const anewAt = before.findLast((change) => isOfAll(change) && change.perhaps !== true)?.at ?? -Infinity
  const since = before.filter((change) => change.at >= anewAt)
  if (since.some((change) => isOfAll(change) && change.perhaps === true)) return { live: undefined, atLeast: undefined }
  const all = since.filter(({ how }) => how === 'written')
  const writes = all.filter(({ perhaps }) => perhaps !== true)
  const written = greatest(writes)
  const toldAt = writes.findLast(({ version }) => version !== undefined)?.at ?? anewAt
  const atLeast = greatest([...writes, ...retrievals.filter((read) => isReadBetween(read, toldAt, at))])
  const isTold =
    written !== undefined &&
    written === atLeast &&
    all.every(({ version, perhaps }) => version !== undefined && perhaps !== true) &&
    looksBackTo(slot, toldAt)
  return { live: isTold ? written : undefined, atLeast }
}

function isOfAll({ how, versions, versionsHidden }: SlotChange): boolean {
  return how === 'destroyed' && versions === undefined && versionsHidden !== true
}

/** Whoever obtained the live version after the change, and before another was written, shows that it is there: the change did not end it, or brought it back. */
function isReadAfter({ changes, retrievals }: Slot, { at }: SlotChange, live: number): boolean {
  const until = changes.find((change) => change.at > at && change.how === 'written')?.at ?? Infinity
  return retrievals.some((read) => read.version === live && isReadBetween(read, at, until))
}

function isReadBetween(
  { at, outcome }: CredentialHistory['retrievals'][number],
  after: Instant,
  until: Instant,
): boolean {
  return outcome === 'succeeded' && at > after && at <= until
}

function greatest(all: readonly { readonly version?: number }[]): number | undefined {
  const versions = all.flatMap(({ version }) => version ?? [])
  return versions.length === 0 ? undefined : versions.reduce((a, b) => Math.max(a, b))
}

/** The change after which the slot holds nothing that could be obtained any more, and whether records tell so for certain. */
export interface Gone {
  readonly change: SlotChange
  readonly isSure: boolean
}

/** As of a moment; undefined: it holds something, or nothing is known to have ended it. What perhaps was written since may be there. */
export function goneAt(history: Slot, at: Instant = Infinity): Gone | undefined {
  const changes = liveChanges(history).filter((one) => one.change.at <= at)
  const isWrite = ({ change }: LiveChange): boolean => change.how === 'written'
  const sinceWritten = changes.slice(changes.findLastIndex((one) => isWrite(one) && one.ofLive === 'yes') + 1)
  const ends = endsAmong(sinceWritten, changes).filter((one) => !isWrite(one))
  const last = ends.findLast(({ ofLive }) => ofLive === 'yes') ?? ends.at(-1)
  const isRefilled = sinceWritten.some((one) => isWrite(one) && one.change.at >= (last?.change.at ?? Infinity))
  return last && { change: last.change, isSure: last.ofLive === 'yes' && !isRefilled }
}

/** How what a slot held from a moment on ended. */
export interface Ending {
  /** The first change that ended it for certain. */
  readonly sure?: SlotChange
  /** The first of which records do not tell whether it did; absent where the certain one came before. */
  readonly perhaps?: SlotChange
}

export function endingAfter(history: Slot, at: Instant): Ending {
  return endingAmong(liveChanges(history).filter(({ change }) => change.at > at))
}

/** The same with what was changed at that very moment. */
export function endingFrom(history: Slot, at: Instant): Ending {
  return endingAmong(liveChanges(history).filter(({ change }) => change.at >= at))
}

/** By time. What was brought back has not ended; of what was destroyed nobody knows whether it was. */
export function endingAmong(changes: readonly LiveChange[]): Ending {
  const ends = endsAmong(changes, changes)
  const sure = ends.find(({ ofLive }) => ofLive === 'yes')?.change
  const perhaps = ends.find(({ ofLive }) => ofLive === 'perhaps')?.change
  return {
    ...(sure === undefined ? {} : { sure }),
    ...(perhaps === undefined || (sure !== undefined && sure.at <= perhaps.at) ? {} : { perhaps }),
  }
}

function endsAmong(some: readonly LiveChange[], changes: readonly LiveChange[]): LiveChange[] {
  return some.filter(({ change }) => change.how !== 'restored').flatMap((one) => standing(one, changes))
}

function standing(end: LiveChange, changes: readonly LiveChange[]): LiveChange[] {
  const back = changes.filter(({ change }) => change.how === 'restored' && change.at >= end.change.at)
  if (back.length === 0 || !mayComeBack(end.change)) return [end]
  const isBack = end.change.how === 'deleted' && back.some(({ ofLive }) => ofLive === 'yes')
  return isBack ? [] : [{ ...end, ofLive: 'perhaps' }]
}

/** Had it ended by then? */
export function hasEndedBy({ sure, perhaps }: Ending, by: Instant): OfLive {
  if (sure !== undefined && sure.at <= by) return 'yes'
  return perhaps !== undefined && perhaps.at <= by ? 'perhaps' : 'no'
}
