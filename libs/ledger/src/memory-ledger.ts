import { randomUUID } from 'node:crypto'
import { systemClock, type Clock } from '@catena/platform'
import { admit, idText, NO_LANE, requireSound, tally } from './batch.js'
import { requireDecisions, type DecisionOutcome, type NewDecision } from './decisions.js'
import { VersionConflict } from './errors.js'
import {
  ERASURE_STREAM_PREFIX,
  requireErasable,
  requireErasure,
  tombstoneOf,
  type Erasure,
  type ErasureOutcome,
  type ErasureRequest,
} from './erase/erasure.js'
import { decisionRows, recordRows } from './event-row.js'
import type { Deliveries, DeliveryClaim, SignedDelivery } from './deliveries/deliveries.js'
import { MemoryDeliveries } from './deliveries/memory-deliveries.js'
import type { Conservation } from './health/conservation.js'
import type { SourceDelay } from './health/delays.js'
import type { IntakeHealth } from './health/intake-health.js'
import { memoryConservation, memoryDelays } from './health/memory-health.js'
import {
  byStream,
  inOrder,
  type ManyStreams,
  type QuietStreams,
  type StreamAppend,
  type StreamVersion,
} from './many-streams.js'
import { MemoryEvents } from './memory-events.js'
import { MemoryIntake } from './memory-intake.js'
import type {
  BatchOutcome,
  IntakeCounts,
  IntakeReports,
  LaneStand,
  LaneState,
  Ledger,
  LedgerEvent,
  QuarantinedRecord,
  RecordBatch,
  RecordSpan,
} from './port.js'
import { storableInstant } from './storable.js'
import { MemoryQuarantine } from './quarantine/memory-quarantine.js'
import {
  attemptResults,
  attemptRows,
  requireAttempts,
  type AttemptResult,
  type Quarantine,
  type QuarantineCounts,
  type QuarantineEntry,
  type QuarantineQuery,
  type ReleaseAttempt,
} from './quarantine/quarantine.js'

/** The ledger's rules without a database: for tests, and the truth that the PostgreSQL ledger is compared with. */
export class MemoryLedger implements Ledger, ManyStreams, IntakeReports, Erasure, Quarantine, IntakeHealth, Deliveries {
  private readonly events = new MemoryEvents()
  private readonly stored = new Set<string>()
  private readonly versions = new Map<string, number>()
  private readonly intakeOf = new MemoryIntake()
  private readonly releases = new MemoryQuarantine(this.intakeOf)
  private readonly deliveries = new MemoryDeliveries()

  constructor(private readonly clock: Clock = systemClock) {}

  append(batch: RecordBatch): Promise<BatchOutcome> {
    return promised(() => {
      requireSound(batch)
      if (batch.advance) this.intakeOf.requireLane(batch.advance)
      const now = this.clock.now()
      const admitted = admit(batch, { stored: this.stored, quarantined: this.intakeOf.quarantinedIds() })
      this.events.push([...recordRows(admitted.records, this.events.head, now)])
      for (const { recordId } of admitted.records) this.stored.add(idText(recordId))
      const tallies = tally(batch, admitted, now)
      if (batch.advance) this.intakeOf.advance(batch.advance)
      this.intakeOf.list(batch.quarantined, now)
      this.intakeOf.count(batch.advance?.lane ?? NO_LANE, tallies, now)
      return {
        head: this.events.head,
        stored: admitted.records.length,
        duplicates: tallies.reduce((sum, { duplicates }) => sum + duplicates, 0),
        quarantined: admitted.quarantined.length,
        admitted,
      }
    })
  }

  appendDecisions(stream: string, expectedVersion: number, events: readonly NewDecision[]): Promise<DecisionOutcome> {
    return promised(() => {
      requireDecisions(stream, events)
      const stands = this.versions.get(stream) ?? 0
      if (stands !== expectedVersion) throw new VersionConflict(stream, expectedVersion, stands)
      this.events.push(decisionRows(stream, stands, events, this.events.head, this.clock.now()))
      this.versions.set(stream, stands + events.length)
      return { head: this.events.head, version: stands + events.length }
    })
  }

  appendTogether(
    appends: readonly StreamAppend[],
    unchanged: readonly StreamVersion[] = [],
    quiet?: QuietStreams,
  ): Promise<{ readonly head: number }> {
    return promised(() => {
      const news =
        quiet === undefined
          ? undefined
          : this.events.readDecisions(quiet.since, Infinity).find(({ stream }) => stream.startsWith(quiet.prefix))
      if (news !== undefined)
        throw new VersionConflict(news.stream, (news.streamVersion ?? 1) - 1, news.streamVersion ?? 1)
      const expected = appends.map(({ stream, expectedVersion: version }) => ({ stream, version }))
      for (const { stream, version } of [...unchanged, ...expected]) {
        const stands = this.versions.get(stream) ?? 0
        if (stands !== version) throw new VersionConflict(stream, version, stands)
      }
      for (const { stream, expectedVersion, events } of inOrder(appends)) {
        requireDecisions(stream, events)
        this.events.push(decisionRows(stream, expectedVersion, events, this.events.head, this.clock.now()))
        this.versions.set(stream, expectedVersion + events.length)
      }
      return { head: this.events.head }
    })
  }

  readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly LedgerEvent[]>> {
    return promised(() => byStream(this.events.readStreams(streams)))
  }

  versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return promised(() => {
      const known = streams.map((stream) => [stream, this.versions.get(stream)] as const)
      return new Map(known.flatMap(([stream, version]) => (version === undefined ? [] : [[stream, version]])))
    })
  }

  async eraseEvents(request: ErasureRequest): Promise<ErasureOutcome> {
    requireErasure(request)
    requireErasable(request.positions, await this.readAt(request.positions))
    const stream = `${ERASURE_STREAM_PREFIX}${request.id ?? randomUUID()}`
    const { head } = await this.appendDecisions(stream, 0, [tombstoneOf(request, this.clock.now())])
    return { stream, position: head, erased: this.events.erase(request.positions) }
  }

  positionsOfRecords(recordIds: readonly string[]): Promise<Map<string, number>> {
    return promised(() => this.events.positionsOfRecords(recordIds))
  }

  read(after: number, limit: number): Promise<LedgerEvent[]> {
    return promised(() => this.events.read(after, limit))
  }

  readNew(after: number, limit: number): Promise<LedgerEvent[]> {
    return this.read(after, limit)
  }

  readAt(positions: readonly number[]): Promise<LedgerEvent[]> {
    return promised(() => this.events.readAt(positions))
  }

  recordSpans(after: number, through: number, limit: number): Promise<RecordSpan[]> {
    return promised(() => this.events.recordSpans(after, through).slice(0, limit))
  }

  readStream(stream: string): Promise<LedgerEvent[]> {
    return promised(() => this.events.readStreams([stream]))
  }

  readDecisions(after: number, limit: number): Promise<LedgerEvent[]> {
    return promised(() => this.events.readDecisions(after, limit))
  }

  head(): Promise<number> {
    return promised(() => this.events.head)
  }

  laneOffset(lane: string): Promise<bigint | undefined> {
    return promised(() => this.intakeOf.laneOffset(lane))
  }

  laneStand(lane: string): Promise<LaneStand | undefined> {
    return promised(() => this.intakeOf.laneStand(lane))
  }

  intake(): Promise<IntakeCounts[]> {
    return promised(() => this.intakeOf.intake())
  }

  lanes(): Promise<LaneState[]> {
    return promised(() => this.intakeOf.lanes())
  }

  quarantine(after: number, limit: number, source?: string): Promise<QuarantinedRecord[]> {
    return promised(() => this.intakeOf.quarantine(after, limit, source))
  }

  quarantineEntries(query: QuarantineQuery): Promise<QuarantineEntry[]> {
    return promised(() => this.releases.entries(query))
  }

  quarantineEntry(id: number): Promise<QuarantineEntry | undefined> {
    return promised(() => this.releases.entry(id))
  }

  quarantineCounts(): Promise<QuarantineCounts[]> {
    return promised(() => this.releases.counts())
  }

  recordReleases(attempts: readonly ReleaseAttempt[]): Promise<AttemptResult[]> {
    return promised(() => {
      requireAttempts(attempts)
      const now = this.clock.now()
      const closed = this.releases.releasesOf(attempts.map(({ entry }) => entry))
      const open = attempts.filter(({ entry }) => !closed.has(entry))
      const records = open.flatMap((attempt) => ('record' in attempt ? [attempt.record] : []))
      const admitted = admit({ records, quarantined: [] }, { stored: this.stored, quarantined: new Set() })
      this.events.push(recordRows(admitted.records, this.events.head, now))
      for (const { recordId } of admitted.records) this.stored.add(idText(recordId))
      const rows = attemptRows(open, new Set(admitted.records), this.events.positions(), storableInstant(now))
      this.releases.add(rows)
      return attemptResults(attempts, closed, rows)
    })
  }

  claimDelivery(delivery: SignedDelivery): Promise<DeliveryClaim> {
    return promised(() => this.deliveries.claim(delivery))
  }

  conservation(): Promise<Conservation> {
    return promised(() =>
      memoryConservation(this.intakeOf.intake(), this.intakeOf.lanes(), this.events.head, [
        ...this.versions.values(),
        this.releases.stored,
      ]),
    )
  }

  delays(): Promise<SourceDelay[]> {
    return promised(() => memoryDelays(this.events.all))
  }

  waitForAppend(position: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return this.events.wait(position, timeoutMs, signal)
  }

  close(): Promise<void> {
    return promised(() => this.events.close())
  }
}

/** Callers of the PostgreSQL ledger get a rejected promise, so callers of this one do too. */
function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()))
}
