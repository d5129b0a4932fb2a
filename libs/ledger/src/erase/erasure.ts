import type { Instant } from '@catena/domain'
import type { NewDecision } from '../decisions.js'
import type { LedgerEvent } from '../port.js'

/** Streams `erasure:<id>` hold one tombstone each. */
export const ERASURE_STREAM_PREFIX = 'erasure:'
export const TOMBSTONE_TYPE = 'EventsErased'
/** The head of the ledger is locked for as long as one erasure takes. */
export const ERASED_POSITIONS_MAX = 10_000

export interface ErasureRequest {
  readonly positions: readonly number[]
  /** Why, in words that name nobody: this text stays for good. */
  readonly reason: string
  /** Who decided it. */
  readonly actor: string
  /** Names the erasure and makes repeating it safe; a new one where absent. */
  readonly id?: string
}

export interface ErasureOutcome {
  /** `erasure:<id>`. */
  readonly stream: string
  /** Of the tombstone. */
  readonly position: number
  /** Events that still had a payload. */
  readonly erased: number
}

/** Personal data leaves, proofs stay (R7.3). */
export interface Erasure {
  /**
   * Payload and salt of the events become null, for good; hashes, envelope and record id stay. A tombstone in the ledger names them.
   * Throws RangeError for positions that hold no erasable event, EventsDetached for those in a file, decisions among them: reattach it first.
   */
  eraseEvents(request: ErasureRequest): Promise<ErasureOutcome>
  /** Positions of the records of these ids (hex); unknown ids are left out. */
  positionsOfRecords(recordIds: readonly string[]): Promise<Map<string, number>>
}

/** What a tombstone says: positions, reason, actor; never what stood there. */
export function tombstoneOf(request: ErasureRequest, now: Instant): NewDecision {
  const positions = [...new Set(request.positions)].sort((a, b) => a - b)
  return {
    type: TOMBSTONE_TYPE,
    schemaVersion: 1,
    occurredAt: now,
    actor: request.actor,
    payload: Buffer.from(JSON.stringify({ positions, reason: request.reason })),
    subjects: [],
  }
}

export function isTombstone({ type, stream }: Pick<LedgerEvent, 'type' | 'stream'>): boolean {
  return type === TOMBSTONE_TYPE && stream.startsWith(ERASURE_STREAM_PREFIX)
}

/** Positions that a tombstone names; none where the payload is not a tombstone's. The bytes come from the ledger under test. */
export function positionsNamedBy(payload: Buffer | undefined): number[] {
  try {
    const { positions } = JSON.parse(payload?.toString('utf8') ?? '{}') as { positions?: unknown }
    return Array.isArray(positions) ? positions.filter((each): each is number => Number.isSafeInteger(each)) : []
  } catch {
    return []
  }
}

export function requireErasure({ positions, reason, actor }: ErasureRequest): void {
  if (positions.length === 0 || positions.length > ERASED_POSITIONS_MAX)
    throw new RangeError(`an erasure names 1 to ${ERASED_POSITIONS_MAX} positions`)
  if (reason.trim() === '' || actor.trim() === '') throw new RangeError('an erasure needs a reason and an actor')
}

/** Throws RangeError unless each position holds an event that may be erased: not a tombstone, not a declaration of an archive. */
export function requireErasable(
  positions: readonly number[],
  events: readonly Pick<LedgerEvent, 'position' | 'stream'>[],
): void {
  const erasable = new Set(
    events.filter(({ stream }) => !/^(erasure|archive):/.test(stream)).map((each) => each.position),
  )
  const refused = positions.filter((position) => !erasable.has(position))
  if (refused.length > 0)
    throw new RangeError(`no event that could be erased stands at ${refused.slice(0, 10).join(', ')}`)
}
