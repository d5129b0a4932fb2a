import { disputedRoles, type Activity, type Verb } from '@catena/domain'
import { atMost, type LinkState } from './chain.js'

/** What observers of a fact may disagree on so that a statement about it is a candidate and no more. */
export type Disputable = 'outcome' | 'version' | 'grantedBy' | 'target' | 'caller' | 'opened'

/** What its observers disagree on: attributes, and roles in which they show two things. */
export function disputesOf(fact: Activity): readonly string[] {
  const known = disputes.get(fact)
  if (known !== undefined) return known
  const roles = disputedRoles(fact)
  const found = roles.length === 0 ? fact.conflicts : [...fact.conflicts, ...roles]
  disputes.set(fact, found)
  return found
}

/** Asked many times for each chain. */
const disputes = new WeakMap<Activity, readonly string[]>()

/** Do its observers disagree on one of these? Of a target, on any part. */
export function isDisputed(fact: Activity, ...aspects: readonly Disputable[]): boolean {
  return disputesOf(fact).some((name) => aspects.some((aspect) => name === aspect || name.startsWith(`${aspect}.`)))
}

/** Do they show two things in a role in which it made one? */
export function isMakingDisputed(fact: Activity): boolean {
  return isRoleDisputed(fact, 'establishes')
}

/** Do they show two things in a role in which it ended one, or opened it? */
export function isEndingDisputed(fact: Activity): boolean {
  return isRoleDisputed(fact, 'ends') || isDisputed(fact, 'opened')
}

function isRoleDisputed(fact: Activity, of: Verb): boolean {
  const disputed = disputesOf(fact)
  return fact.groups.some(({ verb, role }) => verb === of && disputed.includes(role))
}

/** At most ambiguous where they do. */
export function unlessDisputed(state: LinkState, fact: Activity, ...aspects: readonly Disputable[]): LinkState {
  return isDisputed(fact, ...aspects) ? atMost(state, 'ambiguous') : state
}
