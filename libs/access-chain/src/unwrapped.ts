import {
  asksForContent,
  credentialKey,
  disputedRoles,
  wrappingIn,
  type Activity,
  type Key,
  type Target,
} from '@catena/domain'
import { positionsOf, type ContentAspect, type LinkState } from './chain.js'
import { isDisputed, isMakingDisputed } from './disputes.js'
import { groupOf, keysOf } from './evidence.js'

/** Wrappings of wrappings that are followed: whoever may open one may have it made anew. */
export const REWRAPS_MAX = 12

/** Who made what a key names, by whichever of its names. */
export type MakersOf = (key: Key) => readonly Activity[]

/** The wrapping that a request opens, by its names there: in the body, or as the caller's own token. */
export function openedBy(fact: Activity): Key[] {
  const opened = keysOf(fact, 'opened')
  return opened.length > 0 ? opened : keysOf(fact, 'caller')
}

/** Does it put the content of one wrapping into another? */
export function isRewrap(fact: Activity): boolean {
  return fact.attributes.rewrapped === true && wrappingIn(fact) !== undefined
}

/** Does it use up the wrapping that it opens? */
export function isOpening(fact: Activity): boolean {
  return fact.outcome === 'succeeded' && (fact.kind === 'response-unwrapped' || isRewrap(fact))
}

/** Where what an unwrapping opened came from: the requests whose answers had been wrapped, and what passed them on. */
export interface Origins {
  readonly requests: readonly Activity[]
  readonly rewraps: readonly Activity[]
}

export function originsOf(fact: Activity, makersOf: MakersOf): Origins {
  const [requests, rewraps] = [new Map<string, Activity>(), new Map<string, Activity>()]
  let frontier = [fact]
  for (let step = 0; step <= REWRAPS_MAX && frontier.length > 0; step++) {
    const makers = frontier.flatMap((one) => openedBy(one).flatMap(makersOf)).filter(madeWrapping)
    frontier = makers.filter((maker) => isRewrap(maker) && !rewraps.has(maker.factId))
    for (const maker of makers) (isRewrap(maker) ? rewraps : requests).set(maker.factId, maker)
  }
  return { requests: sorted(requests), rewraps: sorted(rewraps) }
}

/** A token that was handed over wrapped was made by the same request as its wrapping, and is no wrapping. */
function madeWrapping(maker: Activity): boolean {
  return maker.outcome === 'succeeded' && wrappingIn(maker) !== undefined
}

function sorted(facts: ReadonlyMap<string, Activity>): Activity[] {
  return [...facts.values()].sort((a, b) => a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1))
}

/** Credentials that may have been wrapped, by name; a token or a login is none. */
export function wrappedTargets({ requests }: Origins): Target[] {
  const found = new Map<string, Target>()
  for (const request of requests) {
    const { target } = request
    if (target !== undefined && asksForContent(request)) found.set(idOf(target), target)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target)
}

function idOf(target: Target): string {
  return credentialKey(target) ?? `${target.system} ${target.containerName ?? ''} ${target.path}`
}

/** Whose content an unwrapping was of; undefined: it is none, or no credential is known to have been wrapped. */
export function contentOf(fact: Activity, makersOf: MakersOf): ContentAspect | undefined {
  if (fact.kind !== 'response-unwrapped') return undefined
  const origins = originsOf(fact, makersOf)
  const targets = wrappedTargets(origins)
  if (targets.length === 0) return undefined
  const { requests } = origins
  return {
    state: stateOf(fact, origins, targets),
    targets,
    facts: requests.map(({ factId }) => factId),
    since: Math.min(...requests.map(({ occurredAt }) => occurredAt)),
    evidence: positionsOf([fact, ...requests, ...origins.rewraps]),
  }
}

function stateOf(fact: Activity, { requests, rewraps }: Origins, targets: readonly Target[]): LinkState {
  const isSure =
    targets.length === 1 &&
    requests.every((one) => one.target !== undefined && asksForContent(one)) &&
    ![...requests, ...rewraps].some((one) => isMakingDisputed(one) || isDisputed(one, 'target', 'outcome')) &&
    ![fact, ...rewraps].some((one) => isDisputed(one, 'opened') || isBearerDisputed(one))
  return isSure ? 'proven' : 'ambiguous'
}

/** Who names no wrapping in the body opens the one that he came with. */
function isBearerDisputed(fact: Activity): boolean {
  return groupOf(fact, 'opened') === undefined && disputedRoles(fact).includes('caller')
}

/** The unwrapping with the credential that it is of, as lists and rules take it: of several the first by name. */
export function withContent(fact: Activity, content: ContentAspect | undefined): Activity {
  const target = content?.targets[0]
  return target === undefined ? fact : { ...fact, target }
}

/** What was obtained, as if it had been read when it was wrapped: of the content, what became of it since is asked. Undefined where several may be meant. */
export function obtainedBy(fact: Activity, makersOf: MakersOf): Activity | undefined {
  if (fact.kind !== 'response-unwrapped' || fact.outcome !== 'succeeded') return undefined
  const { requests } = originsOf(fact, makersOf)
  const [request] = requests
  if (request?.target === undefined || requests.length > 1 || !asksForContent(request)) return undefined
  const lease = groupOf(fact, 'lease') ?? groupOf(request, 'lease')
  const kind = lease === undefined ? request.kind : 'lease-issued'
  const callers = request.groups.filter(({ role }) => role === 'caller')
  const version = fact.attributes.version ?? request.attributes.version
  return {
    ...request,
    kind,
    groups: [...callers, ...(lease === undefined ? [] : [lease])],
    attributes: { ...request.attributes, ...(version === undefined ? {} : { version }) },
    positions: positionsOf([request, fact]),
  }
}
