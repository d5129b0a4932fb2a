import { isRefusal, type Decided, type Refusal } from '@catena/domain'
import { handleCommand, loadStream, type DecisionStreams } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import type pg from 'pg'
import type { FeedEvent } from '../feed/event.js'
import { readFeedHead, sequenceBefore } from '../feed/feed-table.js'
import { AddedAgain, readCheckpoint, resetCheckpoint } from './checkpoint.js'
import { destinationsDecider, DESTINATIONS_STREAM, standing, type DestinationCommand, type DestinationRefusal, type DestinationState } from './destinations/decider.js' // prettier-ignore
import { readDestination } from './destinations/read-destination.js'
import { openSink, type SinkSurroundings } from './open-sink.js'
import { testEvent } from './own-events.js'
import { isRefused, prepare } from './prepare.js'
import { readDeadLetters, reportDestinations, type DeadLetterEntry, type DestinationReport } from './status.js'

export interface ExportDeskOptions extends SinkSurroundings {
  readonly streams: Pick<DecisionStreams, 'readStream' | 'appendDecisions'>
  readonly pool: pg.Pool
  readonly clock: Clock
  /** Ids of the configured source instances. */
  readonly sources: readonly string[]
}

/** From where a replay goes: everything after a sequence, or everything that the feed took from a moment on. */
export type ReplayFrom = { readonly after: number } | { readonly since: number }

/** What came of a test: the exact line, and whether the receiver took it. */
export interface TestReport {
  readonly line: string
  /** Why it was not taken; undefined: it was. */
  readonly fault?: string
}

/** It is on record that somebody asked for it, and the destination is still where it was. */
export class ReplayNotBegun extends Error {
  /** Of what kept it from beginning. */
  readonly code: unknown

  constructor(destination: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`the replay to ${destination} is recorded and not begun (${reason}): ask for it again, events keep their ids`, { cause }) // prettier-ignore
    this.name = 'ReplayNotBegun'
    this.code = (cause as { code?: unknown } | undefined)?.code
  }
}

type Answer = undefined | Refusal<DestinationRefusal | 'BEYOND_THE_FEED'>

/** What people do with destinations, whether by the command line or the API. */
export class ExportDesk {
  constructor(private readonly options: ExportDeskOptions) {}

  list(): Promise<DestinationReport[]> {
    return reportDestinations(this.options.streams, this.options.pool, this.options.clock.now())
  }

  deadLetters(of: Parameters<typeof readDeadLetters>[1]): Promise<DeadLetterEntry[]> {
    return readDeadLetters(this.options.pool, of)
  }

  /** It begins with the first event of the feed, whatever one of the same name was sent before. `fromNow`: what is in the feed already is not sent. Throws BadDestination. */
  async add(written: unknown, by: Decided, { fromNow = false } = {}): Promise<Answer> {
    const { pool, sources } = this.options
    const destination = readDestination(written, sources)
    const after = fromNow ? (await readFeedHead(pool)).sequence : 0
    const answer = await this.decide({ type: 'AddDestination', destination, after }, by)
    if (isRefusal(answer)) return answer
    // Where it is cut off here, whoever sends to it does the same.
    if (answer !== undefined) await readCheckpoint(pool, answer.addition, by.at)
    return undefined
  }

  /** Pause, resume or remove. */
  change(
    type: 'PauseDestination' | 'ResumeDestination' | 'RemoveDestination',
    id: string,
    by: Decided,
  ): Promise<Answer> {
    return this.decide({ type, id }, by).then((answer) => (isRefusal(answer) ? answer : undefined))
  }

  /** Everything from there on is sent again, with the same ids. Throws ReplayNotBegun: whoever asks again gets it. */
  async replay(id: string, from: ReplayFrom, by: Decided): Promise<Answer> {
    const { pool } = this.options
    const after = 'after' in from ? from.after : await sequenceBefore(pool, from.since)
    const { sequence } = await readFeedHead(pool)
    if (after > sequence) return { refused: 'BEYOND_THE_FEED', message: `the feed ends at ${sequence}: there is nothing after ${after} to replay` } // prettier-ignore
    const answer = await this.decide({ type: 'RequestReplay', id, after }, by)
    if (isRefusal(answer)) return answer
    if (answer !== undefined)
      await resetCheckpoint(pool, answer.addition, after, by.at).catch((error: unknown) => {
        throw error instanceof AddedAgain ? error : new ReplayNotBegun(id, error)
      })
    return undefined
  }

  /** Sends one message by a connection of its own, whatever the destination's status is. */
  async test(id: string, waitMs: number): Promise<TestReport | Refusal> {
    const { state } = await loadStream(this.options.streams, destinationsDecider, DESTINATIONS_STREAM)
    const destination = standing(state, id)?.destination
    if (destination === undefined) return { refused: 'NO_SUCH_DESTINATION', message: `no destination is called ${id}` }
    const now = this.options.clock.now()
    const { sequence } = await readFeedHead(this.options.pool)
    const prepared = prepare(destination, testEvent(id, sequence, now), now)
    if (isRefused(prepared)) return { line: '', fault: prepared.refused }
    return { line: prepared.text, ...(await this.sendOnce(destination, prepared, waitMs)) }
  }

  private async sendOnce(
    destination: DestinationReport['destination'],
    message: { readonly event: FeedEvent; readonly text: string },
    waitMs: number,
  ): Promise<{ fault?: string }> {
    try {
      const sink = await openSink(destination, this.options)
      const [result] = await sink.send([message], AbortSignal.timeout(waitMs)).finally(() => sink.close())
      return result === undefined || result === 'delivered' ? {} : { fault: result.refused }
    } catch (error) {
      return { fault: (error as Error).message }
    }
  }

  /** Resolves with the destination as it stands then; undefined: it is removed. */
  private async decide(command: DestinationCommand, by: Decided): Promise<DestinationState | undefined | Refusal<DestinationRefusal>> {
    const answer = await handleCommand(this.options.streams, destinationsDecider, { stream: DESTINATIONS_STREAM, command, by })
    return isRefusal(answer) ? answer : standing(answer.state, 'destination' in command ? command.destination.id : command.id)
  } // prettier-ignore
}
