import { asDatabaseError, createPool, isTransient, systemClock, WakeSignal, type Clock } from '@catena/platform'
import type pg from 'pg'
import { APPEND_CHANNEL, appendBatch, type AppendedBatch } from './append-batch.js'
import { AppendConnection } from './append-connection.js'
import { appendToStream } from './append-decisions.js'
import { requireSound, type SourceTally, type TakenBatch } from './batch.js'
import { appendToStreams, readVersions } from './append-together.js'
import { requireDecisions, type AppendManner, type DecisionOutcome, type NewDecision } from './decisions.js'
import { claimDelivery } from './deliveries/claim-delivery.js'
import type { Deliveries, DeliveryClaim, SignedDelivery } from './deliveries/deliveries.js'
import { byStream, type ManyStreams, type QuietStreams, type StreamAppend, type StreamVersion } from './many-streams.js'
import { eraseEvents } from './erase/erase-events.js'
import { findRecords } from './erase/find-records.js'
import type { Erasure, ErasureOutcome, ErasureRequest } from './erase/erasure.js'
import { LedgerUnavailable } from './errors.js'
import { readConservation, type Conservation } from './health/conservation.js'
import { readDelays, type SourceDelay } from './health/delays.js'
import type { IntakeHealth } from './health/intake-health.js'
import { PrismaIntakeReports } from './intake-reports.js'
import { JoinedAppends } from './joined-appends.js'
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
import { readAfter, readDecisionsAfter, readEventsOfStreams, readPositions, readStreamEvents } from './read-events.js'
import { readLaneStand } from './lane-stand.js'
import { readRecordSpans } from './record-spans.js'
import { RecentAppends } from './recent-appends.js'
import { appendReleases } from './quarantine/append-releases.js'
import {
  requireAttempts,
  type AttemptResult,
  type Quarantine,
  type QuarantineCounts,
  type QuarantineEntry,
  type QuarantineQuery,
  type ReleaseAttempt,
} from './quarantine/quarantine.js'
import { countEntries, readEntries, readEntry } from './quarantine/read-quarantine.js'
import { storableText } from './storable.js'

/** Longest delay of a reader whose notification was lost. */
const POLL_MS = 250

export interface PostgresLedgerOptions {
  /** Of a migrated database. */
  readonly databaseUrl: string
  readonly clock?: Clock
  /** Told of each transaction that stored records: what became of the records of each source, and the seconds from asking to COMMIT. */
  readonly onAppended?: (tallies: readonly SourceTally[], seconds: number) => void
}

/** The ledger in PostgreSQL. Every method throws LedgerUnavailable while the database cannot answer, and works again when it can. */
export class PostgresLedger
  implements Ledger, ManyStreams, IntakeReports, Erasure, Quarantine, IntakeHealth, Deliveries
{
  private readonly pool: pg.Pool
  private readonly connection: AppendConnection
  private readonly joined = new JoinedAppends((batch) => this.store(batch))
  private readonly signal: WakeSignal
  private readonly recent = new RecentAppends()
  private readonly reports: PrismaIntakeReports
  private readonly databaseUrl: string
  private readonly clock: Clock
  private readonly onAppended: PostgresLedgerOptions['onAppended']

  constructor({ databaseUrl, clock = systemClock, onAppended }: PostgresLedgerOptions) {
    this.onAppended = onAppended
    this.databaseUrl = databaseUrl
    this.clock = clock
    this.pool = createPool(databaseUrl, { applicationName: 'catena-read' })
    this.connection = new AppendConnection(databaseUrl)
    this.signal = new WakeSignal({
      databaseUrl,
      channel: APPEND_CHANNEL,
      applicationName: 'catena-listen',
      pollMs: POLL_MS,
    })
    this.reports = new PrismaIntakeReports(this.pool)
  }

  async append(batch: RecordBatch): Promise<BatchOutcome> {
    requireSound(batch)
    if (batch.advance === undefined) return this.joined.append(batch)
    return (await this.store(() => batch)).outcome
  }

  private async store(batch: () => TakenBatch): Promise<AppendedBatch> {
    const asked = performance.now()
    const appended = await this.connection.transaction((client, partitions) =>
      appendBatch(client, partitions, batch(), this.clock.now()),
    )
    this.recent.add(appended.rows)
    this.signal.wake()
    this.onAppended?.(appended.tallies, (performance.now() - asked) / 1000)
    return appended
  }

  async appendDecisions(
    stream: string,
    expectedVersion: number,
    events: readonly NewDecision[],
    manner: AppendManner = {},
  ): Promise<DecisionOutcome> {
    requireDecisions(stream, events)
    const name = storableText(stream)
    return this.connection.transaction((client, partitions) =>
      appendToStream(client, partitions, { stream: name, expectedVersion, events }, this.clock.now(), manner),
    )
  }

  async appendTogether(
    appends: readonly StreamAppend[],
    unchanged: readonly StreamVersion[] = [],
    quiet?: QuietStreams,
  ): Promise<{ readonly head: number }> {
    for (const { stream, events } of appends) requireDecisions(stream, events)
    return this.connection.transaction((client, partitions) =>
      appendToStreams(client, partitions, appends, { unchanged, quiet }, this.clock.now()),
    )
  }

  async readStreams(streams: readonly string[]): Promise<ReadonlyMap<string, readonly LedgerEvent[]>> {
    return byStream(await this.answered(readEventsOfStreams(this.pool, streams.map(storableText))))
  }

  versionsOf(streams: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.answered(readVersions(this.pool, streams.map(storableText)))
  }

  eraseEvents(request: ErasureRequest): Promise<ErasureOutcome> {
    this.recent.clear()
    return this.answered(eraseEvents(this.databaseUrl, request, this.clock.now()))
  }

  positionsOfRecords(recordIds: readonly string[]): Promise<Map<string, number>> {
    return this.answered(findRecords(this.pool, recordIds))
  }

  read(after: number, limit: number): Promise<LedgerEvent[]> {
    return this.answered(readAfter(this.pool, after, limit))
  }

  async readNew(after: number, limit: number): Promise<LedgerEvent[]> {
    return this.recent.after(after, limit) ?? this.read(after, limit)
  }

  readAt(positions: readonly number[]): Promise<LedgerEvent[]> {
    return this.answered(readPositions(this.pool, positions))
  }

  recordSpans(after: number, through: number, limit: number): Promise<RecordSpan[]> {
    return this.answered(readRecordSpans(this.pool, after, through, limit))
  }

  readStream(stream: string): Promise<LedgerEvent[]> {
    return this.answered(readStreamEvents(this.pool, storableText(stream)))
  }

  readDecisions(after: number, limit: number): Promise<LedgerEvent[]> {
    return this.answered(readDecisionsAfter(this.pool, after, limit))
  }

  async head(): Promise<number> {
    const { rows } = await this.answered(this.pool.query<{ position: string }>('SELECT position FROM ledger_head'))
    return Number(rows[0]?.position ?? 0)
  }

  laneOffset(lane: string): Promise<bigint | undefined> {
    return this.answered(this.reports.laneOffset(lane))
  }

  laneStand(lane: string): Promise<LaneStand | undefined> {
    return this.answered(readLaneStand(this.pool, lane))
  }

  intake(): Promise<IntakeCounts[]> {
    return this.answered(this.reports.intake())
  }

  lanes(): Promise<LaneState[]> {
    return this.answered(this.reports.lanes())
  }

  quarantine(after: number, limit: number, source?: string): Promise<QuarantinedRecord[]> {
    return this.answered(this.reports.quarantine(after, limit, source))
  }

  quarantineEntries(query: QuarantineQuery): Promise<QuarantineEntry[]> {
    return this.answered(readEntries(this.pool, query))
  }

  quarantineEntry(id: number): Promise<QuarantineEntry | undefined> {
    return this.answered(readEntry(this.pool, id))
  }

  quarantineCounts(): Promise<QuarantineCounts[]> {
    return this.answered(countEntries(this.pool))
  }

  async recordReleases(attempts: readonly ReleaseAttempt[]): Promise<AttemptResult[]> {
    requireAttempts(attempts)
    return this.connection.transaction((client, partitions) =>
      appendReleases(client, partitions, attempts, this.clock.now()),
    )
  }

  claimDelivery(delivery: SignedDelivery): Promise<DeliveryClaim> {
    return this.answered(claimDelivery(this.pool, delivery))
  }

  conservation(): Promise<Conservation> {
    return this.answered(readConservation(this.pool))
  }

  delays(): Promise<SourceDelay[]> {
    return this.answered(readDelays(this.pool))
  }

  async waitForAppend(position: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while (!this.signal.isClosed && !this.recent.hasAfter(position) && (await this.head()) <= position) {
      const left = deadline - performance.now()
      if (left <= 0 || signal?.aborted === true) return
      await this.signal.next(left, signal)
    }
  }

  async close(): Promise<void> {
    await this.signal.close()
    await this.connection.close()
    await this.reports.close()
    await this.pool.end()
  }

  private async answered<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw isTransient(error) ? new LedgerUnavailable(asDatabaseError(error, this.databaseUrl)) : error
    }
  }
}
