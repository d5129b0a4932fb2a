import { isMinted, type Activity, type Key, type KeyGroup } from '@catena/domain'
import type { FactIndex } from './fact-index.js'
import { isFederated } from './lives.js'

/** Keys of verified groups of these facts, each once. */
export function keysIn(facts: readonly Activity[], wanted: (group: KeyGroup) => boolean): Key[] {
  const groups = facts.flatMap((fact) => fact.groups.filter((group) => group.trust === 'verified' && wanted(group)))
  return [...new Set(groups.flatMap(({ forms }) => forms.map(({ key }) => key)))]
}

/**
 * Entities that federated logins belong to: what is learned of one of those tells of the accounts that name its entity, and of nobody else by
 * that name.
 */
export function boundEntities(facts: readonly Activity[]): Key[] {
  return keysIn(facts.filter(isFederated), ({ role, verb }) => role === 'entity' && verb === 'binds')
}

/** Facts that made what these keys name, by whichever of its names. */
export async function makersOf(index: FactIndex, keys: readonly Key[]): Promise<Activity[]> {
  if (keys.length === 0) return []
  const names = new Set([...(await index.equated(keys)).values()].flat())
  const lookups = [...names].map((key) => ({ key }))
  return [...(await index.factsBy(lookups, 'establishes')).values()].flat()
}

/** The wrappings that these facts had made. */
export function wrappingsOf(facts: readonly Activity[]): Key[] {
  return keysIn(facts, ({ role, verb }) => role === 'wrapping' && verb === 'establishes')
}

/**
 * Runs, jobs and requests that approvals name, and jobs that carry out a deployment which they may be of: an approval, and the deployment it is of, may
 * come long after the chains that they are part of.
 */
export async function approvedBy(index: FactIndex, own: readonly Activity[]): Promise<Key[]> {
  const deployments = keysIn(own, ({ role }) => role === 'deployment')
  const deployed = await index.factsBy(deployments.map((key) => ({ key })), 'presents') // prettier-ignore
  const jobs = keysIn([...deployed.values()].flat(), ({ role }) => role === 'job')
  const named = keysIn(own.filter(({ kind }) => kind === 'approval-observed'), ({ verb }) => verb === 'presents') // prettier-ignore
  return [...named.filter(isMinted), ...jobs]
}

/** A code that became tokens tells which of a person's sessions a login came through. */
export function exchangedIn(own: readonly Activity[]): Key[] {
  return keysIn(own.filter(({ kind }) => kind === 'code-exchanged'), ({ verb }) => verb === 'presents').filter(isMinted) // prettier-ignore
}
