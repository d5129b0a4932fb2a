import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LaneMoved, LedgerUnavailable, type Ledger, type NewRecord, type RecordBatch } from '@catena/ledger'

/** A lane of records as a broker would deliver them: every offset always has the same content. */
export interface Feed {
  /** Begins with `kafka:`, so that its offsets are accounted for. */
  readonly lane: string
  readonly offsets: number
  readonly batchOffsets: number
}

export interface FeedFigures {
  /** Hex ids of the records that the ledger must hold in the end. */
  readonly ids: ReadonlySet<string>
  readonly duplicates: number
  readonly quarantined: number
}

const NOON = Date.UTC(2026, 2, 1, 12)
type Kind = 'record' | 'repetition' | 'poison' | 'hole'

/** One in 33 offsets is a hole, one in 50 poison, one in 7 the record before it once more. */
function kindAt(offset: number): Kind {
  if (offset % 33 === 32) return 'hole'
  if (offset % 50 === 49) return 'poison'
  return offset % 7 === 6 && offset > 0 ? 'repetition' : 'record'
}

/** What the ledger must say once the whole feed is consumed, however often it was delivered up to the last commit. */
export function figuresOf(feed: Feed): FeedFigures {
  const ids = new Set<string>()
  let [records, quarantined] = [0, 0]
  for (let offset = 0; offset < feed.offsets; offset++) {
    const kind = kindAt(offset)
    if (kind === 'poison') quarantined++
    if (kind !== 'record' && kind !== 'repetition') continue
    records++
    ids.add(recordAt(feed, offset).recordId.toString('hex'))
  }
  return { ids, duplicates: records - ids.size, quarantined }
}

/**
 * Consumes the feed to its end as a consumer must: from the stored offset, again after every failure. Calls back after each
 * acknowledged batch.
 */
export async function consume(ledger: Ledger, feed: Feed, acknowledged: (next: bigint) => void): Promise<number> {
  let failures = 0
  let stands: bigint | undefined
  for (let known = false; ;) {
    try {
      if (!known) stands = await ledger.laneOffset(feed.lane)
      known = true
      if (Number(stands ?? 0n) >= feed.offsets) return failures
      const batch = batchAfter(feed, stands)
      await ledger.append(batch)
      stands = batch.advance.next
      acknowledged(stands)
    } catch (error) {
      if (!(error instanceof LedgerUnavailable) && !(error instanceof LaneMoved)) throw error
      failures++
      known = false
      await sleep(50)
    }
  }
}

export function batchAfter(feed: Feed, expected: bigint | undefined) {
  const from = Number(expected ?? 0n)
  const to = Math.min(from + feed.batchOffsets, feed.offsets)
  const offsets = Array.from({ length: to - from }, (_, index) => from + index)
  return {
    records: offsets.filter((at) => /^re/.test(kindAt(at))).map((at) => recordAt(feed, at)),
    quarantined: offsets.filter((at) => kindAt(at) === 'poison').map((at) => poisonAt(feed, at)),
    advance: {
      lane: feed.lane,
      expected,
      next: BigInt(to),
      holes: offsets.filter((at) => kindAt(at) === 'hole').length,
    },
  } satisfies RecordBatch
}

function recordAt(feed: Feed, offset: number): NewRecord {
  const name = `${feed.lane}#${kindAt(offset) === 'repetition' ? offset - 1 : offset}`
  return {
    source: 'vault-prod',
    stream: 'audit',
    type: 'read',
    occurredAt: NOON + offset,
    recordId: idOf(name),
    payload: Buffer.from(JSON.stringify({ name, filling: 'x'.repeat(300) })),
    schemaVersion: 1,
    subjects: [],
  }
}

function poisonAt({ lane }: Feed, offset: number): RecordBatch['quarantined'][number] {
  return {
    source: 'vault-prod',
    locator: { door: 'kafka', topic: lane, partition: 0, offset: String(offset) },
    recordId: idOf(`${lane}#poison${offset}`),
    lengthBytes: 9,
    reason: 'no JSON',
    shape: '{aaa:0',
  }
}

function idOf(name: string): Buffer {
  return createHash('sha256').update(name).digest().subarray(0, 16)
}
