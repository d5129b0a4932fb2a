import type { DecisionStreams, NewDecision } from '@catena/ledger'
import type { Clock } from '@catena/platform'
import { OwnStream } from '../own-stream.js'
import { EVIDENCE_READ, READS_STREAM_PREFIX, type EvidenceRead } from './evidence-read.js'

/** Durable before the answer leaves, as ever; but whatever folds the ledger need not start for every reading. */
const UNHURRIED = { wakes: false }

/** Writes into the ledger who read what. */
export class ReadRecorder {
  private readonly stream: OwnStream
  private answering = 0

  constructor(
    streams: Pick<DecisionStreams, 'appendDecisions'>,
    private readonly clock: Clock,
  ) {
    this.stream = new OwnStream(streams, READS_STREAM_PREFIX, () => this.answering, UNHURRIED)
  }

  /**
   * A question is being answered, and its read may be about to come: transactions wait a moment for it. Call what is returned once when the
   * answer is ready, before its read is recorded.
   */
  expect(): () => void {
    this.answering++
    return () => {
      this.answering--
    }
  }

  /** Resolves when the read is durable; rejects where it may not be: then nothing must be shown. */
  record(read: EvidenceRead): Promise<void> {
    return this.stream.append(eventOf(read, this.clock.now()))
  }
}

function eventOf({ caller, ...data }: EvidenceRead, now: number): NewDecision {
  const payload = Buffer.from(JSON.stringify(data))
  return { type: EVIDENCE_READ, schemaVersion: 1, occurredAt: now, actor: caller, payload, subjects: [] }
}
