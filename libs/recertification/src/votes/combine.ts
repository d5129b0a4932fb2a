import type { Exception, Modify, Outcome, ReviewDecision } from './decision.js'

/** What the votes of one stage say together. */
export type Combined =
  | { readonly status: 'decided'; readonly outcome: Outcome }
  /** Too few have judged. Silence and abstention never become an outcome. */
  | { readonly status: 'undecided'; readonly votes: number; readonly quorum: number }

/**
 * The published table: any revoke > modify > exception > certify > abstain > none. Abstentions do not count towards the quorum.
 * Total, and independent of the order of the votes.
 */
export function combine(votes: readonly ReviewDecision[], quorum: number): Combined {
  const judged = votes.filter((vote): vote is Outcome => vote.kind !== 'abstain')
  if (judged.length < Math.max(1, quorum)) return { status: 'undecided', votes: judged.length, quorum }
  return { status: 'decided', outcome: strongest(judged) }
}

function strongest(judged: readonly Outcome[]): Outcome {
  if (judged.some(({ kind }) => kind === 'revoke')) return { kind: 'revoke' }
  const modifies = judged.filter((vote): vote is Modify => vote.kind === 'modify')
  if (modifies.length > 0) return combineModifies(modifies)
  const exceptions = judged.filter((vote): vote is Exception => vote.kind === 'exception')
  return exceptions.length > 0 ? combineExceptions(exceptions) : { kind: 'certify' }
}

/** Intersection of scopes, earliest end. Where nothing is left of the scope, nothing may stay: revoke. */
function combineModifies(votes: readonly Modify[]): Outcome {
  const scopes = votes.flatMap(({ scope }) => (scope === undefined ? [] : [scope]))
  const scope = scopes.length === 0 ? undefined : intersect(scopes)
  if (scope?.length === 0) return { kind: 'revoke' }
  const until = earliest(votes.map((vote) => vote.until))
  return { kind: 'modify', ...(scope === undefined ? {} : { scope }), ...(until === undefined ? {} : { until }) }
}

/** Earliest end; every compensating control that somebody asked for. */
function combineExceptions(votes: readonly Exception[]): Outcome {
  const controls = [...new Set(votes.flatMap(({ compensatingControls }) => compensatingControls))].sort()
  return { kind: 'exception', until: Math.min(...votes.map(({ until }) => until)), compensatingControls: controls }
}

function intersect(scopes: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = scopes
  return [...new Set(first)].filter((part) => others.every((scope) => scope.includes(part))).sort()
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
