import { isRefusal, type Decided, type Decider, type DecisionEvent, type Refusal } from '@catena/domain'
import { encodeDecision } from './decision-codec.js'
import type { DecisionStreams, NewDecision } from './decisions.js'
import { VersionConflict } from './errors.js'
import { loadStream } from './load-streams.js'
import type { ManyStreams, QuietStreams, StreamAppend, StreamVersion } from './many-streams.js'

/** How often something is decided anew because somebody else appended first. */
const TRIES_MAX = 10

export interface CommandOf<Command> {
  readonly stream: string
  readonly command: Command
  readonly by: Decided
  /** Id of the command, event or timer behind it. */
  readonly causation?: string
  /** Keyed hashes of whom the events speak of. */
  readonly subjects?: readonly Buffer[]
  /** Other streams that the command was worked out from: none of them may have moved. Whoever names some answers their VersionConflict. */
  readonly resting?: readonly StreamVersion[]
  /** Streams that it was counted over: none of them may have got an event since. Whoever names some answers their VersionConflict. */
  readonly quiet?: QuietStreams
}

type Streams = Pick<DecisionStreams, 'readStream' | 'appendDecisions'> & Partial<Pick<ManyStreams, 'appendTogether'>>

export interface Handled<State, Event extends DecisionEvent> {
  readonly state: State
  /** What this command added; empty where it changed nothing. */
  readonly events: readonly Event[]
  readonly version: number
  /** Of its last event; 0 where the stream is empty. Read models that reached it show the outcome. */
  readonly position: number
}

/**
 * Reads the stream, lets the decider decide, appends at the version read. A conflict of versions is decided anew on the new state;
 * after TRIES_MAX of them, or where another stream moved that the command rests on, VersionConflict is thrown. A refusal is an answer, and appends nothing.
 */
export async function handleCommand<State, Command, Event extends DecisionEvent, Code extends string>(
  streams: Streams,
  decider: Decider<State, Command, Event, Code>,
  request: CommandOf<Command>,
): Promise<Handled<State, Event> | Refusal<Code>> {
  return decideAnew(
    () => decideOnce(streams, decider, request),
    ({ stream }) => stream === request.stream,
  )
}

/** Does it anew while somebody else appended first, reading what stands then; after TRIES_MAX conflicts, or one that is not to be met so, VersionConflict is thrown. */
export async function decideAnew<Done>(
  attempt: () => Promise<Done>,
  isOwn: (conflict: VersionConflict) => boolean = () => true,
): Promise<Done> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof VersionConflict) || !isOwn(error) || tries === TRIES_MAX) throw error
    }
  }
}

async function decideOnce<State, Command, Event extends DecisionEvent, Code extends string>(
  streams: Streams,
  decider: Decider<State, Command, Event, Code>,
  { stream, command, by, causation, subjects = [], resting = [], quiet }: CommandOf<Command>,
): Promise<Handled<State, Event> | Refusal<Code>> {
  const { state, version, position } = await loadStream(streams, decider as Decider<State, never, Event>, stream)
  const decided = decider.decide(state, command, by)
  if (isRefusal(decided)) return decided
  if (decided.length === 0) return { state, events: [], version, position }
  const more: Pick<NewDecision, 'subjects' | 'causation'> = {
    subjects,
    ...(causation === undefined ? {} : { causation }),
  }
  const news = decided.map((event) => encodeDecision(decider, event, by, more))
  const head = await append(streams, { stream, expectedVersion: version, events: news }, resting, quiet)
  const after = decided.reduce((reached, event) => decider.evolve(reached, event, by), state)
  return { state: after, events: decided, version: version + news.length, position: head }
}

async function append(
  streams: Streams,
  appended: StreamAppend,
  resting: readonly StreamVersion[],
  quiet: QuietStreams | undefined,
): Promise<number> {
  const { stream, expectedVersion, events } = appended
  if (resting.length === 0 && quiet === undefined)
    return (await streams.appendDecisions(stream, expectedVersion, events)).head
  if (streams.appendTogether === undefined) throw new TypeError('these streams cannot hold others still')
  return (await streams.appendTogether([appended], resting, quiet)).head
}
