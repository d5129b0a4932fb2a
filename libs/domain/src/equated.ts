import type { Activity, KeyForm, KeyGroup } from './activity.js'
import { namespaceOf, valueOf, type Key } from './keys.js'

type Pair = readonly [KeyForm, KeyForm]

/** What a caller merely claims equates nothing, nor does a directory entry, whose names pass from one to another. */
export function equates({ forms, trust, verb }: KeyGroup): boolean {
  return forms.length > 1 && trust === 'verified' && verb !== 'describes'
}

/**
 * Forms of a group that are one thing, each pair once. Two clear values of one namespace are two things, whoever shows them in one role: their observers
 * disagree, and then only what one record shows together is one thing.
 */
export function equatedBy(group: KeyGroup): Pair[] {
  if (!equates(group)) return []
  const pairs = pairsOf(group)
  if (!pairs.some(([a, b]) => areTwoThings(a.key, b.key))) return pairs
  return pairs.filter(([a, b]) => a.position === b.position && !areTwoThings(a.key, b.key))
}

/** Roles in which observers of a fact show two things. */
export function disputedRoles({ groups }: Pick<Activity, 'groups'>): string[] {
  const disputed = groups.filter(
    (group) => equates(group) && pairsOf(group).some(([a, b]) => areTwoThings(a.key, b.key)),
  )
  return [...new Set(disputed.map(({ role }) => role))].sort()
}

function pairsOf({ forms }: KeyGroup): Pair[] {
  return forms.flatMap((a, index) => forms.slice(index + 1).map((b): Pair => [a, b]))
}

function areTwoThings(a: Key, b: Key): boolean {
  return namespaceOf(a) === namespaceOf(b) && !isHashed(a) && !isHashed(b)
}

/** A vendor's hash or a mask of the intake may stand for what another record shows in clear. */
function isHashed(key: Key): boolean {
  return /^hmac(?:-sha256)?:/.test(valueOf(key))
}
