import {
  isSecretRead,
  agreedOutcome,
  credentialKey,
  formatInstant,
  LATEST_INSTANT,
  makeKey,
  scopeOf,
  valueOf,
  type Activity,
  type Instant,
  type Key,
} from '@catena/domain'
import { atMost, positionsOf, type EndAspect } from './chain.js'
import { isDisputed, isEndingDisputed, isMakingDisputed, unlessDisputed } from './disputes.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import { effectiveTime, numberOf, textOf } from './lives.js'
import { slotEndOf, type SlotEnd } from './slot-end.js'
import { contentOf, isOpening, obtainedBy } from './unwrapped.js'

/** A vault takes up to this long to end what it was asked to end, and to write the line. */
export const REVOCATION_LAG_MS = 2_000

/** When what the fact obtained ended, and by whom. */
export function endOfYield(evidence: Evidence, fact: Activity): EndAspect {
  const end = undisputedEnd(evidence, fact)
  const isUnsure = isMakingDisputed(fact) || contentOf(evidence, fact)?.state === 'ambiguous'
  const state = isUnsure ? atMost(end.state, 'ambiguous') : unlessDisputed(end.state, fact, 'version', 'target')
  return { ...end, state }
}

function undisputedEnd(evidence: Evidence, fact: Activity): EndAspect {
  if (agreedOutcome(fact) === 'unknown') return missing('whether anything was obtained is not known')
  if (fact.outcome !== 'succeeded') return missing('nothing was obtained')
  const lease = keyOf(fact, 'lease')
  if (fact.kind === 'lease-issued' && lease !== undefined) return endOfLease(evidence, fact, lease)
  const [issued, wrapping] = [keyOf(fact, 'issued'), keyOf(fact, 'wrapping')]
  if (issued !== undefined) return endOfToken(evidence, fact, issued)
  if (wrapping !== undefined) return endOfWrapping(evidence, fact, wrapping)
  const session = keyOf(fact, 'opened-session')
  if (session !== undefined) return endOfSession(evidence, fact, session)
  const obtained = obtainedBy(evidence, fact)
  if (obtained !== undefined) return undisputedEnd(evidence, obtained)
  if (fact.kind === 'response-unwrapped') {
    return {
      state: 'proven',
      how: 'consumed',
      at: fact.occurredAt,
      words: 'the wrapping was consumed by this request',
      evidence: fact.positions,
    }
  }
  const credential = fact.target === undefined ? undefined : credentialKey(fact.target)
  if (credential !== undefined) return endOfVersion(evidence, fact, credential)
  return missing('no record tells of an end')
}

function endOfSession(evidence: Evidence, fact: Activity, session: Key): EndAspect {
  // A system may give an id again: what ended before it began was another session.
  const end = evidence
    .factsBy(session, 'ends')
    .find((one) => one.outcome === 'succeeded' && effectiveTime(one, 'ends') >= fact.occurredAt)
  if (end === undefined) return missing('no record ends the session')
  const words = `the session ended at ${formatInstant(end.occurredAt)}`
  return { state: 'proven', how: 'ended', at: end.occurredAt, words, evidence: positionsOf([fact, end]) }
}

/** The end of the token that the caller held; undefined where its making was not seen, or is contested, or observers show two tokens. */
export function endOfCaller(evidence: Evidence, fact: Activity): EndAspect | undefined {
  if (isDisputed(fact, 'caller')) return undefined
  const [caller] = keysOf(fact, 'caller')
  const [maker, ...others] = caller === undefined ? [] : evidence.factsBy(caller, 'establishes')
  if (caller === undefined || maker === undefined || others.length > 0) return undefined
  const names = evidence.namesOf(caller)
  const role = TOKEN_ROLES.find((each) => keysOf(maker, each).some((key) => names.includes(key)))
  if (role === undefined) return undefined
  // Of what its maker made it is this one, where observers show two.
  return role === 'wrapping' ? endOfWrapping(evidence, maker, caller) : endOfToken(evidence, maker, caller)
}

const TOKEN_ROLES = ['issued', 'wrapped', 'wrapping'] as const

function endOfLease(evidence: Evidence, fact: Activity, lease: Key): EndAspect {
  const { ended, revoked } = endsOfLease(evidence, lease)
  if (revoked !== undefined) {
    const at = revoked.completedAt ?? revoked.occurredAt
    const end = stated('revoked', at, [revoked, ...(ended ? [ended] : [])], revoked.factId)
    return ended === undefined ? unlessWithToken(evidence, fact, revoked, end) : end
  }
  if (ended === undefined) return missing('no revocation and no line of the server log ends the lease')
  const prefix = prefixesOf(lease)
    .flatMap((key) => evidence.factsBy(key, 'ends'))
    .find((request) => explains(request, ended.occurredAt))
  if (prefix !== undefined) return stated('revoked', ended.occurredAt, [ended, prefix], prefix.factId)
  const words = `ended at ${formatInstant(ended.occurredAt)}; the server log does not say why`
  return { state: 'proven', how: 'ended', at: ended.occurredAt, words, evidence: positionsOf([fact, ended]) }
}

/** A lease ends with the token that obtained it, whoever revokes it afterwards. */
function unlessWithToken(evidence: Evidence, fact: Activity, revoked: Activity, end: EndAspect): EndAspect {
  const token = endOfCaller(evidence, fact)
  if (token?.at === undefined || token.state !== 'proven' || revoked.occurredAt <= token.at + REVOCATION_LAG_MS)
    return end
  const words = `${end.words}; its token had ended at ${formatInstant(token.at)}, and it may have ended then`
  const evidenceOfBoth = [...new Set([...end.evidence, ...token.evidence])].sort((a, b) => a - b)
  return { ...end, state: atMost(end.state, 'ambiguous'), words, evidence: evidenceOfBoth }
}

/** The line of the server log, and the request to revoke it by its own name. A vault says yes to whoever revokes what has ended already: that ends nothing. */
export function endsOfLease(
  evidence: Evidence,
  lease: Key,
): { readonly ended: Activity | undefined; readonly revoked: Activity | undefined } {
  const ends = evidence.factsBy(lease, 'ends').filter((end) => end.outcome === 'succeeded')
  const ended = ends.find((end) => end.kind === 'lease-ended')
  const lastAt = ended === undefined ? Infinity : ended.occurredAt + REVOCATION_LAG_MS
  const revoked = ends.find((end) => end.kind === 'lease-revoked' && end.occurredAt <= lastAt)
  return { ended, revoked }
}

/** Keys of all prefixes under which a lease could have been revoked. A lease inside a namespace ends in that namespace's id, and so do they. */
export function prefixesOf(lease: Key): Key[] {
  const id = valueOf(lease)
  const steps = id.split('/')
  const [namespace = ''] = /\.[A-Za-z0-9]{1,20}$/.exec(steps.at(-1) ?? '') ?? []
  const prefixes = steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/') + namespace)
  return [...prefixes, id].map((prefix) => makeKey('vault-lease-prefix', scopeOf(lease), prefix))
}

function explains(request: Activity, endedAt: Instant): boolean {
  return (
    request.outcome === 'succeeded' &&
    request.occurredAt <= endedAt &&
    endedAt <= (request.completedAt ?? request.occurredAt) + REVOCATION_LAG_MS
  )
}

/** A vault says yes also to whoever revokes a token that is dead already, unless it had to find the living one for that. */
function endOfToken(evidence: Evidence, maker: Activity, token: Key): EndAspect {
  const revoked = evidence.factsBy(token, 'ends').find((end) => end.outcome === 'succeeded')
  if (revoked === undefined) return endByLog(evidence, maker)
  const end = stated('revoked', revoked.completedAt ?? revoked.occurredAt, [maker, revoked], revoked.factId)
  const due = dueOf(maker)
  if (due === undefined || revoked.occurredAt <= due + REVOCATION_LAG_MS || revoked.attributes.ofLiving === true)
    return end
  const words = `${end.words}; it was due at ${formatInstant(due)} unless renewed, and may have ended then`
  return { ...end, state: atMost(end.state, 'ambiguous'), words }
}

/**
 * A token's own lease joins to it by path and time alone. One line that fits this token may fit others too, which nobody has looked
 * for: the line is a candidate, and no inference.
 */
function endByLog(evidence: Evidence, maker: Activity): EndAspect {
  const due = dueOf(maker)
  if (due === undefined) return missing('no record revokes the token and none tells a usable time to live')
  if (isBatch(maker))
    return missing(`due at ${formatInstant(due)}: a batch token is not renewed, and the log tells of none`)
  const path = tokenPathOf(maker)
  const lines = path === undefined ? [] : evidence.factsBy(path, 'ends')
  const fitting = lines.filter((line) => Math.abs(line.occurredAt - due) <= REVOCATION_LAG_MS)
  if (fitting.length === 1 && fitting[0] !== undefined) {
    const [line] = fitting
    const words = `a token of that path ended at ${formatInstant(line.occurredAt)}, when this one was due; the log does not say which`
    return { state: 'ambiguous', how: 'expired', at: line.occurredAt, words, evidence: positionsOf([maker, line]) }
  }
  if (fitting.length > 1) {
    const words = `${fitting.length} tokens of that path ended when this one was due`
    return { state: 'ambiguous', words, evidence: positionsOf([maker, ...fitting]) }
  }
  return missing(`due at ${formatInstant(due)} unless renewed; no record shows it ended`)
}

/** It has no lease of its own, so no line of the server log is of it. */
function isBatch(maker: Activity): boolean {
  return (textOf(maker, 'issuedTokenType') ?? textOf(maker, 'tokenType')) === 'batch'
}

/**
 * When the token that this request made was to end unless renewed. Undefined: it was made without a time to live, or with none that can be meant: less than
 * nothing, or beyond the times that can be kept.
 */
export function dueOf(maker: Activity): Instant | undefined {
  const ttl = numberOf(maker, 'issuedTtlSeconds')
  if (ttl === undefined || ttl <= 0) return undefined
  const due = (maker.completedAt ?? maker.occurredAt) + ttl * 1000
  return due <= LATEST_INSTANT ? due : undefined
}

/** The key under which the server log ends tokens made by this request. */
export function tokenPathOf(maker: Activity): Key | undefined {
  const path = textOf(maker, 'path')
  const [issued] = keysOf(maker, 'issued')
  return path === undefined || issued === undefined ? undefined : makeKey('vault-token-path', scopeOf(issued), path)
}

function endOfWrapping(evidence: Evidence, fact: Activity, token: Key): EndAspect {
  const opened = evidence.factsBy(token, 'presents').find(isOpening)
  if (opened === undefined) return missing('no record shows the wrapping opened')
  return stated('consumed', opened.occurredAt, [fact, opened], opened.factId)
}

/** A static secret ends for its reader when the slot gets another content or none. */
function endOfVersion(evidence: Evidence, fact: Activity, credential: Key): EndAspect {
  // Changes of a slot are asked for reads of it: what others of the page asked must not answer here.
  const ending = isSecretRead(fact.kind) ? slotEndOf(evidence, fact, credential) : undefined
  if (ending === undefined) return missing('no record shows the version that was read replaced')
  const { change, isSure, perhapsBefore } = ending
  const how = howOf(change)
  const at = lastOf(change)
  if (isSure && perhapsBefore === undefined) return stated(how, at, [fact, change], change.factId)
  if (perhapsBefore === undefined)
    return { state: 'ambiguous', how, at, by: change.factId, words: perhapsWords(ending, '; '), evidence: positionsOf([fact, ...toldOf(ending)]) } // prettier-ignore
  const { words, ...end } = stated(how, at, [fact, change], change.factId)
  const evidenceOfBoth = positionsOf([fact, change, ...toldOf(perhapsBefore)])
  return { ...end, words: `${words} at the latest; ${perhapsWords(perhapsBefore, ', and ')}`, evidence: evidenceOfBoth }
}

function perhapsWords({ change, broughtBack }: SlotEnd, then: string): string {
  const ended = `${howOf(change)} at ${formatInstant(lastOf(change))}`
  return broughtBack === undefined
    ? `versions were ${ended}${then}whether the one that was read is among them is not recorded`
    : `${ended}${then}whether it was brought back at ${formatInstant(broughtBack.occurredAt)} is not recorded`
}

function toldOf({ change, broughtBack }: SlotEnd): Activity[] {
  return broughtBack === undefined ? [change] : [change, broughtBack]
}

function howOf({ kind }: Activity): NonNullable<EndAspect['how']> {
  return HOW[kind] ?? 'deleted'
}

function lastOf({ occurredAt, completedAt }: Activity): Instant {
  return completedAt ?? occurredAt
}

const HOW: Readonly<Partial<Record<Activity['kind'], NonNullable<EndAspect['how']>>>> = {
  'secret-written': 'rotated',
  'secret-destroyed': 'destroyed',
}

function stated(how: NonNullable<EndAspect['how']>, at: Instant, facts: readonly Activity[], by: string): EndAspect {
  const state = facts.some(isEndingDisputed) ? 'ambiguous' : 'proven'
  return { state, how, at, by, words: `${how} at ${formatInstant(at)}`, evidence: positionsOf(facts) }
}

function missing(words: string): EndAspect {
  return { state: 'missing', reason: 'no end seen', words, evidence: [] }
}
