import { isSecretRead, credentialKey, type Activity, type Key } from '@catena/domain'
import { dueOf, endsOfLease, prefixesOf, REVOCATION_LAG_MS, tokenPathOf } from './end.js'
import { keyOf, keysOf, type Evidence } from './evidence.js'
import type { Lookup } from './fact-index.js'
import { effectiveTime } from './lives.js'
import { mayComeBack, slotEndOf } from './slot-end.js'

/** What became of the tokens, leases and versions that these facts obtained. */
export async function gatherEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  await Promise.all([
    gatherTokenEnds(evidence, facts),
    evidence.loadAllNames(
      'ends',
      facts.flatMap((fact) => keysOf(fact, 'opened-session')),
    ),
    gatherLeaseEnds(evidence, facts),
    gatherSlotChanges(evidence, facts),
  ])
}

/** The same of the tokens by which these facts were done; who made them was loaded before. */
export function gatherCallerEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const callers = new Set(facts.flatMap((fact) => keysOf(fact, 'caller')))
  const makers = [...callers].flatMap((key) => evidence.factsBy(key, 'establishes'))
  return gatherTokenEnds(evidence, [...new Map(makers.map((maker) => [maker.factId, maker])).values()])
}

/** What became of the tokens that these facts made. */
async function gatherTokenEnds(evidence: Evidence, makers: readonly Activity[]): Promise<void> {
  await Promise.all([
    evidence.loadAllNames(
      'ends',
      makers.flatMap((fact) => [...keysOf(fact, 'issued'), ...keysOf(fact, 'wrapped')]),
    ),
    evidence.loadAllNames(
      'presents',
      makers.flatMap((fact) => keysOf(fact, 'wrapping')),
    ),
    evidence.load('ends', makers.flatMap(expiryLookup)),
  ])
}

/** The server log names a token by its path and the time at which it was due. */
function expiryLookup(maker: Activity): Lookup[] {
  const path = tokenPathOf(maker)
  const due = dueOf(maker)
  if (path === undefined || due === undefined) return []
  return [{ key: path, span: { from: due - REVOCATION_LAG_MS, to: due + REVOCATION_LAG_MS } }]
}

/** No request to revoke a prefix takes longer; a vault gives up on a request after minutes. */
const REQUEST_MAX_MS = 24 * 3_600_000

/** Requests that may explain an end which nothing else does: one prefix is revoked again and again, so they are asked for by that moment. */
async function gatherLeaseEnds(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  await evidence.loadAllNames(
    'ends',
    facts.flatMap((fact) => keysOf(fact, 'lease')),
  )
  const leases = facts.flatMap((fact) => keyOf(fact, 'lease') ?? [])
  await evidence.load('ends', leases.flatMap((lease) => prefixLookups(evidence, lease))) // prettier-ignore
}

function prefixLookups(evidence: Evidence, lease: Key): Lookup[] {
  const { ended, revoked } = endsOfLease(evidence, lease)
  if (ended === undefined || revoked !== undefined) return []
  const span = { from: ended.occurredAt - REQUEST_MAX_MS, to: ended.occurredAt + REQUEST_MAX_MS }
  return prefixesOf(lease).map((key) => ({ key, span }))
}

/** Later than any record's time, ms: the year 2255. */
const END_OF_TIME = 9e12
/** Changes of a slot after the last read of it that are looked at first: mostly the very next ended what was read. */
const CHANGES_FIRST = 4
/** Two stamps of changes of one slot are in the order of the changes, but for this. */
const STAMP_MAX_MS = 60_000

/** What replaced the content after it was read. What came before may be long, and so may what came long after. */
async function gatherSlotChanges(evidence: Evidence, facts: readonly Activity[]): Promise<void> {
  const reads = [...readsBySlot(facts)]
  // As of an earlier time what comes last may not count yet.
  if (evidence.asOf.validAt !== undefined) {
    await evidence.load('ends', reads.map(allAfter))
    return
  }
  await Promise.all([
    evidence.load('ends', reads.flatMap(between)),
    evidence.load(
      'ends',
      reads.map((of) => ({ ...behind(of), first: CHANGES_FIRST })),
    ),
  ])
  await evidence.load('ends', reads.filter((of) => isOpen(evidence, of)).map(behind))
}

/** Reads of one slot, by time. */
type SlotReads = readonly [slot: Key, reads: readonly Activity[]]

function readsBySlot(facts: readonly Activity[]): Map<Key, Activity[]> {
  const slots = new Map<Key, Activity[]>()
  for (const fact of [...facts].sort((a, b) => a.occurredAt - b.occurredAt)) {
    const slot = isSecretRead(fact.kind) && fact.target !== undefined ? credentialKey(fact.target) : undefined
    if (slot === undefined) continue
    const reads = slots.get(slot)
    if (reads === undefined) slots.set(slot, [fact])
    else reads.push(fact)
  }
  return slots
}

function firstAndLast([, reads]: SlotReads): [number, number] {
  return [reads[0]?.occurredAt ?? 0, reads.at(-1)?.occurredAt ?? 0]
}

function allAfter(of: SlotReads): Lookup {
  return { key: of[0], span: { from: firstAndLast(of)[0], to: END_OF_TIME } }
}

function between(of: SlotReads): Lookup[] {
  const [from, to] = firstAndLast(of)
  return from === to ? [] : [{ key: of[0], span: { from, to } }]
}

function behind(of: SlotReads): Lookup {
  return { key: of[0], span: { from: firstAndLast(of)[1], to: END_OF_TIME } }
}

/** Is there a read whose end may be behind the changes that were looked at? */
function isOpen(evidence: Evidence, of: SlotReads): boolean {
  const [slot, reads] = of
  const [, last] = firstAndLast(of)
  const seen = evidence.factsBy(slot, 'ends').map((change) => effectiveTime(change, 'ends'))
  const later = seen.filter((at) => at >= last).sort((a, b) => a - b)
  const horizon = later[CHANGES_FIRST - 1]
  if (horizon === undefined) return false
  return reads.some((read) => {
    const { change, isSure } = slotEndOf(evidence, read, slot) ?? {}
    return change === undefined || isSure !== true || mayComeBack(change) || change.occurredAt > horizon - STAMP_MAX_MS
  })
}
