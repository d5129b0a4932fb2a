import type { Activity, Key } from '@catena/domain'
import { isDisputed } from './disputes.js'
import type { Evidence } from './evidence.js'
import { numberOf } from './lives.js'

/** How what was read from a slot ended for its reader. */
export interface SlotEnd {
  readonly change: Activity
  /** It was of the version that was read, and nothing may have brought that back. */
  readonly isSure: boolean
  /** What may have brought it back. */
  readonly broughtBack?: Activity
  /** What may have ended it before. */
  readonly perhapsBefore?: SlotEnd
}

/**
 * The first change of the slot after the read by which it ended for certain; where there is none, the first by which it perhaps did. What was deleted and
 * brought back goes on.
 */
export function slotEndOf(evidence: Evidence, read: Activity, slot: Key): SlotEnd | undefined {
  const changes = evidence.factsBy(slot, 'ends').filter((change) => concerns(change, read) !== 'other')
  let perhaps: SlotEnd | undefined
  for (const change of changes) {
    if (change.kind === RESTORED || change.outcome !== 'succeeded' || change.occurredAt <= read.occurredAt) continue
    const back = mayComeBack(change) ? backAfter(change, changes, read) : undefined
    // As of an earlier time it had not been brought back yet.
    if (back !== undefined) evidence.restsOn(back.by)
    if (back?.isSure === true) continue
    const isSure = back === undefined && concerns(change, read) === 'this'
    const end = { change, isSure, ...(back === undefined ? {} : { broughtBack: back.by }) }
    if (isSure && perhaps === undefined) return end
    perhaps ??= end
    if (!isSure) continue
    // As of an earlier time it had perhaps ended, and no more.
    evidence.restsOn(change)
    return { ...end, perhapsBefore: perhaps }
  }
  return perhaps
}

const RESTORED = 'secret-restored'

/** May a later record say that what this ended is back? What was replaced does not come back. */
export function mayComeBack({ kind }: Activity): boolean {
  return kind === 'secret-deleted' || kind === 'secret-destroyed'
}

/**
 * What brought back what this change ended, or may have. Of what was destroyed no more is known, and only by one that names the version: one store plans a
 * destruction and takes that back, another answers whoever asks and does nothing.
 */
function backAfter(
  end: Activity,
  changes: readonly Activity[],
  read: Activity,
): { readonly by: Activity; readonly isSure: boolean } | undefined {
  const since = changes.filter(
    (one) => mayRestore(one) && one.occurredAt >= read.occurredAt && lastOf(one) >= end.occurredAt,
  )
  const isDestroyed = end.kind === 'secret-destroyed'
  const possible = isDestroyed ? since.filter(({ attributes }) => Array.isArray(attributes.versions)) : since
  const sure = isDestroyed ? undefined : possible.find((one) => restores(one, end, read))
  const by = sure ?? possible[0]
  return by === undefined ? undefined : { by, isSure: sure !== undefined }
}

function mayRestore(change: Activity): boolean {
  const mayHaveSucceeded =
    change.outcome === 'succeeded' || change.outcome === 'unknown' || isDisputed(change, 'outcome')
  return change.kind === RESTORED && mayHaveSucceeded
}

function restores(change: Activity, end: Activity, read: Activity): boolean {
  return change.outcome === 'succeeded' && concerns(change, read) === 'this' && change.occurredAt > lastOf(end)
}

function lastOf({ occurredAt, completedAt }: Activity): number {
  return completedAt ?? occurredAt
}

/** Who reads without asking for a version has got the newest; who asks for one by its number may have got one of before. */
function mayBeOlder(change: Activity, read: Activity): boolean {
  return change.attributes.ofNewest === true && read.attributes.versionAsked === true
}

/** Was it the version that was read? A change that names no versions is one of them all, or of the newest. */
function concerns(change: Activity, read: Activity): 'this' | 'perhaps' | 'other' {
  const { versions, versionsHidden } = change.attributes
  const version = numberOf(read, 'version')
  // What was written while the vault answered may be what was read.
  if (change.kind === 'secret-written' && change.occurredAt <= lastOf(read)) {
    const written = numberOf(change, 'version')
    if (written === undefined || version === undefined) return 'perhaps'
    return written > version ? 'this' : 'other'
  }
  if (!Array.isArray(versions)) return versionsHidden === true || mayBeOlder(change, read) ? 'perhaps' : 'this'
  if (version === undefined) return 'perhaps'
  return versions.includes(version) ? 'this' : 'other'
}
