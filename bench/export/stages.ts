import type pg from 'pg'
import { quantilesOf, type Quantiles } from '../ledger/figures.js'

/** When the records up to a position passed each stage, Unix ms. */
export interface Handed {
  readonly upTo: number
  /** The oldest of them was due at the door. */
  readonly dueFrom: number
  /** Handed to the door. */
  readonly at: number
  readonly committedAt: number
  /** The access index holds them. */
  readonly indexedAt: number
}

/** What events that tell of records for the first time waited for, stage by stage, and those that people's or Catena's own decisions made. */
export interface Delays {
  readonly eventsPerSecond: number
  readonly events: number
  /** Of these, never received: their delay counts as endless. */
  readonly unreceived: number
  /** From the moment that the oldest record of a request was due, and from the request, to the receiver. */
  readonly fromDue: Quantiles
  readonly whole: Quantiles
  /** From the ledger's commit to the receiver. */
  readonly fromCommit: Quantiles
  readonly stages: {
    /** Door to commit. */
    readonly ledger: Quantiles
    /** Commit to what the access index knows. */
    readonly index: Quantiles
    /** Known to derived, about to be written into the feed. */
    readonly feed: Quantiles
    /** Derived to received. */
    readonly sender: Quantiles
  }
  /** Told again: one rotation changes the chains of all who had read the slot, which follow it piece by piece. From the commit to the receiver. */
  readonly again: Quantiles & { readonly eventsPerSecond: number }
  /** Verdicts and findings, which wait for nobody: from their commit to the receiver. */
  readonly decisions: Quantiles & { readonly eventsPerSecond: number }
}

interface Row {
  readonly sequence: string
  readonly newest: string
  readonly told_ms: string
  readonly committed_ms: string
  readonly is_record: boolean
  readonly is_first: boolean
}

/** The newest entry of the ledger that an event rests on tells when it could be told. */
const EVENTS = `
  SELECT f.sequence, e.position AS newest, extract(epoch FROM f.recorded_at) * 1000 AS told_ms,
    extract(epoch FROM e.recorded_at) * 1000 AS committed_ms, e.stream_version IS NULL AS is_record, f.revision = 1 AS is_first
  FROM feed_event f JOIN event e ON e.position = f.positions[cardinality(f.positions)]
  WHERE e.position > $1 AND e.position <= $2`

export async function delaysOf(
  pool: pg.Pool,
  handed: readonly Handed[],
  from: number,
  arrivals: readonly (readonly [sequence: number, at: number])[],
  seconds: number,
): Promise<Delays> {
  const { rows } = await pool.query<Row>(EVENTS, [from, handed.at(-1)?.upTo ?? from])
  const [received, seen] = [new Map(arrivals), rows.filter(({ is_record, is_first }) => is_record && is_first)]
  const arrival = ({ sequence }: Row): number => received.get(Number(sequence)) ?? Infinity
  const pieces = seen.map((row) => [row, pieceOf(handed, Number(row.newest))] as const)
  const over = (pick: (row: Row, piece: Handed) => number): Quantiles => quantilesOf(pieces.map(([row, piece]) => pick(row, piece))) // prettier-ignore
  const later = (kind: readonly Row[]) => ({
    eventsPerSecond: Math.round(kind.length / seconds),
    ...quantilesOf(kind.map((row) => arrival(row) - Number(row.committed_ms))),
  })
  return {
    eventsPerSecond: Math.round(seen.length / seconds),
    events: seen.length,
    unreceived: seen.filter((row) => arrival(row) === Infinity).length,
    fromDue: over((row, { dueFrom }) => arrival(row) - dueFrom),
    whole: over((row, { at }) => arrival(row) - at),
    fromCommit: over((row, { committedAt }) => arrival(row) - committedAt),
    stages: {
      ledger: over((_, { at, committedAt }) => committedAt - at),
      index: over((_, { committedAt, indexedAt }) => indexedAt - committedAt),
      feed: over((row, { indexedAt }) => Number(row.told_ms) - indexedAt),
      sender: over((row) => arrival(row) - Number(row.told_ms)),
    },
    again: later(rows.filter(({ is_record, is_first }) => is_record && !is_first)),
    decisions: later(rows.filter(({ is_record }) => !is_record)),
  }
}

/** Pieces are handed over one after another, so the first that reaches a position brought it. */
function pieceOf(handed: readonly Handed[], position: number): Handed {
  let [low, high] = [0, handed.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((handed[middle]?.upTo ?? 0) < position) low = middle + 1
    else high = middle
  }
  const piece = handed[low]
  if (piece === undefined) throw new Error(`nobody handed over position ${position}`)
  return piece
}
