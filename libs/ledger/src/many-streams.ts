import type { DecisionStreams, NewDecision } from './decisions.js'
import type { LedgerEvent } from './port.js'

export interface StreamAppend {
  readonly stream: string
  readonly expectedVersion: number
  readonly events: readonly NewDecision[]
}

/** A stream that a decision rests on, and must not have moved when it is appended. */
export interface StreamVersion {
  readonly stream: string
  readonly version: number
}

/** Streams of which none, whatever its name after the prefix, may have got an event behind the position: what was counted over all of them still holds. */
export interface QuietStreams {
  readonly prefix: string
  readonly since: number
}

/** Several streams at once, for what is decided about many things together. */
export interface ManyStreams extends DecisionStreams {
  /** All or nothing: each stream at its expected version, those of `unchanged` where they stand, those of `quiet` without news. Throws VersionConflict. */
  appendTogether(appends: readonly StreamAppend[], unchanged?: readonly StreamVersion[], quiet?: QuietStreams): Promise<{ readonly head: number }>
  /** Events of the streams in the order of their versions; a stream without events is left out. */
  readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly LedgerEvent[]>>
  /** Versions that the streams stand at; a stream without events is left out. Whoever kept a state of that version need not read the stream. */
  versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>>
} // prettier-ignore

/** Streams in one order everywhere, so that two appends never wait for each other. Throws RangeError for a stream named twice. */
export function inOrder(appends: readonly StreamAppend[]): StreamAppend[] {
  const sorted = [...appends].sort((a, b) => (a.stream < b.stream ? -1 : 1))
  const twice = sorted.find(({ stream }, index) => sorted[index + 1]?.stream === stream)
  if (twice !== undefined) throw new RangeError(`${twice.stream} is named twice`)
  return sorted
}

export function byStream(events: readonly LedgerEvent[]): Map<string, LedgerEvent[]> {
  const grouped = new Map<string, LedgerEvent[]>()
  for (const event of events) {
    const own = grouped.get(event.stream)
    if (own === undefined) grouped.set(event.stream, [event])
    else own.push(event)
  }
  return grouped
}
