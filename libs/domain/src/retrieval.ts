import type { Activity, ActivityKind, KeyGroup } from './activity.js'

const RETRIEVALS: ReadonlySet<ActivityKind> = new Set([
  'secret-read',
  'rotating-secret-read',
  'lease-issued',
  'response-unwrapped',
  'key-used',
  'secrets-passed',
])

/**
 * Did it obtain a credential, or try to? What was answered wrapped was obtained by nobody yet: whoever unwraps it does. Where only the request for a
 * wrapped answer is on record, nobody knows whether it was answered, and how, so it counts.
 */
export function isRetrieval(activity: Activity): boolean {
  return asksForContent(activity) && !isAnsweredWrapped(activity)
}

export function isAnsweredWrapped(activity: Activity): boolean {
  return activity.outcome === 'succeeded' && wrappingIn(activity) !== undefined
}

/** Would its answer, or what was wrapped of it, be a credential? */
export function asksForContent({ kind }: Pick<Activity, 'kind'>): boolean {
  return RETRIEVALS.has(kind)
}

/** The wrapping that it had made. */
export function wrappingIn({ groups }: Pick<Activity, 'groups'>): KeyGroup | undefined {
  return groups.find(({ role, verb, trust }) => role === 'wrapping' && verb === 'establishes' && trust === 'verified')
}
