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
import { groupOf, keysOf, makersIn, type Evidence } from './evidence.js'

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

/**
 * Requests that are looked at for one unwrapping, the earliest known first: a wrapping is made once. More of them share one value that is no wrapping's, as
 * planted ones do, and later ones move none of the earlier out.
 */
export const MAKERS_MAX = 16

/** Where what an unwrapping opened came from: the requests whose answers had been wrapped, and what passed them on. */
export interface Origins {
  readonly requests: readonly Activity[]
  readonly rewraps: readonly Activity[]
  /** There were more than are looked at. */
  readonly isCut: boolean
  /** All that it may have come from is on record, and was looked at. */
  readonly isWhole: boolean
}

export function originsOf(fact: Activity, makersOf: MakersOf): Origins {
  const found = new Map<string, Activity>()
  let frontier = [fact]
  let [isCut, isWhole] = [false, true]
  for (let step = 0; step <= REWRAPS_MAX && frontier.length > 0; step++) {
    const makers = frontier.map((one) => distinct(openedBy(one).flatMap(makersOf)).filter(madeWrapping))
    isWhole &&= makers.every(({ length }) => length > 0)
    const fresh = distinct(makers.flat()).filter(({ factId }) => !found.has(factId))
    const kept = earliestKnown(fresh, MAKERS_MAX - found.size)
    isCut ||= kept.length < fresh.length
    for (const maker of kept) found.set(maker.factId, maker)
    frontier = kept.filter(isRewrap)
  }
  const all = [...found.values()].sort(byTime)
  return {
    requests: all.filter((maker) => !isRewrap(maker)),
    rewraps: all.filter(isRewrap),
    isCut,
    isWhole: isWhole && !isCut && frontier.length === 0,
  }
}

/** The same for whoever asks of many facts that open the same. */
export function originsIn(evidence: Evidence, fact: Activity): Origins {
  return evidence.once(`origins ${openedBy(fact).join(' ')}`, () => originsOf(fact, makersIn(evidence)))
}

/** By the first record of each, which no later one moves. */
export function earliestKnown(facts: readonly Activity[], count: number): readonly Activity[] {
  return facts.length <= count ? facts : [...facts].sort(byFirstPosition).slice(0, count)
}

export function byFirstPosition(a: Activity, b: Activity): number {
  return (a.positions[0] ?? 0) - (b.positions[0] ?? 0) || (a.factId < b.factId ? -1 : 1)
}

function byTime(a: Activity, b: Activity): number {
  return a.occurredAt - b.occurredAt || (a.factId < b.factId ? -1 : 1)
}

/** A thing that records know by several names is found by each of them. */
export function distinct(facts: readonly Activity[]): Activity[] {
  return [...new Map(facts.map((fact) => [fact.factId, fact])).values()]
}

/** A token that was handed over wrapped was made by the same request as its wrapping, and is no wrapping. */
function madeWrapping(maker: Activity): boolean {
  return maker.outcome === 'succeeded' && wrappingIn(maker) !== undefined
}

/** Credentials that may have been wrapped, by name; a token or a login is none. */
export function wrappedTargets({ requests }: Pick<Origins, 'requests'>): Target[] {
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
export function contentOf(evidence: Evidence, fact: Activity): ContentAspect | undefined {
  if (fact.kind !== 'response-unwrapped') return undefined
  const origins = originsIn(evidence, fact)
  const { requests, isCut } = origins
  const targets = wrappedTargets(origins)
  if (targets.length === 0 && !isCut) return undefined
  return {
    state: stateOf(fact, origins, targets),
    targets,
    facts: requests.map(({ factId }) => factId),
    since: requests[0]?.occurredAt ?? fact.occurredAt,
    evidence: positionsOf([fact, ...requests, ...origins.rewraps]),
    ...(isCut ? { isCut } : {}),
  }
}

function stateOf(fact: Activity, { requests, rewraps, isWhole }: Origins, targets: readonly Target[]): LinkState {
  const isSure =
    targets.length === 1 &&
    isWhole &&
    requests.every((one) => one.target !== undefined && asksForContent(one)) &&
    ![...requests, ...rewraps].some((one) => isMakingDisputed(one) || isDisputed(one, 'target', 'outcome')) &&
    ![fact, ...rewraps].some((one) => isDisputed(one, 'opened') || isBearerDisputed(one))
  return isSure ? 'proven' : 'ambiguous'
}

/** Who names no wrapping in the body opens the one that he came with. */
function isBearerDisputed(fact: Activity): boolean {
  return groupOf(fact, 'opened') === undefined && disputedRoles(fact).includes('caller')
}

/** The unwrapping with the credential that it is of, as lists and rules take it (of several the first by name), and with the lease that was obtained. */
export function withContent(fact: Activity, content: ContentAspect | undefined, obtained?: Activity): Activity {
  const target = content?.targets[0]
  if (target === undefined) return fact
  const lease = groupOf(fact, 'lease') === undefined && obtained !== undefined ? groupOf(obtained, 'lease') : undefined
  return { ...fact, target, ...(lease === undefined ? {} : { groups: [...fact.groups, lease] }) }
}

/** What was obtained, as if it had been read when it was wrapped: of the content, what became of it since is asked. Undefined where several may be meant. */
export function obtainedBy(evidence: Evidence, fact: Activity): Activity | undefined {
  if (fact.kind !== 'response-unwrapped' || fact.outcome !== 'succeeded') return undefined
  const { requests, isCut } = originsIn(evidence, fact)
  const [request] = requests
  if (request?.target === undefined || requests.length > 1 || isCut || !asksForContent(request)) return undefined
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
