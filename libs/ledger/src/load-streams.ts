import { fold, type Decider, type DecisionEvent } from '@catena/domain'
import { decodeDecision, liftDecision } from './decision-codec.js'
import type { DecisionStreams } from './decisions.js'
import type { ManyStreams } from './many-streams.js'
import type { LedgerEvent } from './port.js'

/** State of a stream at a version: 0 where it has no events. */
export interface Folded<State> {
  readonly version: number
  readonly state: State
}

type Folds<State, Event extends DecisionEvent> = Pick<
  Decider<State, never, Event>,
  'initial' | 'evolve' | 'schemaVersions' | 'upcasters'
>

/** A stream as it stands, and the position of its last event: 0 where it has none. */
export async function loadStream<State, Event extends DecisionEvent>(
  streams: Pick<DecisionStreams, 'readStream'>,
  decider: Folds<State, Event>,
  stream: string,
): Promise<Folded<State> & { readonly position: number }> {
  const events = await streams.readStream(stream)
  return { ...foldedOf(decider, events), position: events.at(-1)?.position ?? 0 }
}

/** Streams named in one statement. */
const READ_AT_ONCE = 500

/**
 * The streams as they stand, each name once. What was kept of a stream is returned, the same object, where the stream stands at that version; of the
 * others that have events these are read.
 */
export async function loadStreams<State, Event extends DecisionEvent>(
  streams: Pick<ManyStreams, 'versionsOf' | 'readStreams'>,
  decider: Folds<State, Event>,
  names: readonly string[],
  kept: ReadonlyMap<string, Folded<State>> = new Map(),
): Promise<Map<string, Folded<State>>> {
  if (names.length === 0) return new Map()
  const nothing: Folded<State> = { version: 0, state: decider.initial }
  const versions = await streams.versionsOf(names)
  const loaded = new Map(names.map((name) => [name, kept.get(name) ?? nothing]))
  const moved = [...loaded].flatMap(([name, { version }]) => (version === (versions.get(name) ?? 0) ? [] : [name]))
  for (let from = 0; from < moved.length; from += READ_AT_ONCE) {
    const read = await streams.readStreams(moved.slice(from, from + READ_AT_ONCE))
    for (const name of moved.slice(from, from + READ_AT_ONCE)) loaded.set(name, foldedOf(decider, read.get(name) ?? []))
  }
  return loaded
}

/** What was erased tells nothing, and counts for the version. */
function foldedOf<State, Event extends DecisionEvent>(
  decider: Folds<State, Event>,
  events: readonly LedgerEvent[],
): Folded<State> {
  const history = events.flatMap((event) => {
    const recorded = decodeDecision(event)
    return recorded === undefined ? [] : [liftDecision(decider, recorded)]
  })
  return { version: events.at(-1)?.streamVersion ?? 0, state: fold(decider, history) }
}
