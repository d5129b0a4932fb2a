import { asDatabaseError, connect, endStalledSessions, isTransient } from '@catena/platform'
import type pg from 'pg'
import { LedgerUnavailable } from './errors.js'
import { Partitions } from './partitions.js'

/** Longest wait for another appender's transaction. */
const LOCK_TIMEOUT_MS = 20_000
/** Longest statement of an append. */
const STATEMENT_TIMEOUT_MS = 60_000
/** A frozen process must not hold the head of the ledger for longer: between statements the server ends its session, in a COPY whoever waits. */
const SILENCE_MAX_MS = 15_000

export type AppendWork<T> = (client: pg.Client, partitions: Partitions) => Promise<T>

/** The connection on which one process appends: its transactions run one after another; a dead one is replaced when next needed. */
export class AppendConnection {
  private client: pg.Client | undefined
  private last: Promise<unknown> = Promise.resolve()
  private closed = false
  private readonly partitions = new Partitions()

  constructor(private readonly databaseUrl: string) {}

  /** Commits what `work` did, or rolls it back when it throws. Throws LedgerUnavailable for what may pass. */
  transaction<T>(work: AppendWork<T>): Promise<T> {
    const turn = this.last.then(() => this.run(work))
    this.last = turn.catch(() => undefined)
    return turn
  }

  async close(): Promise<void> {
    this.closed = true
    await this.last
    await this.client?.end()
    this.client = undefined
  }

  private async run<T>(work: AppendWork<T>): Promise<T> {
    if (this.closed) throw new Error('the ledger was closed')
    try {
      this.client ??= await this.open()
      await this.client.query('BEGIN')
      const result = await work(this.client, this.partitions)
      await this.client.query('COMMIT')
      this.partitions.committed()
      return result
    } catch (error) {
      await this.rollBack()
      if (isLockTimeout(error)) await this.endWhoeverFroze()
      throw isTransient(error) ? new LedgerUnavailable(asDatabaseError(error, this.databaseUrl)) : error
    }
  }

  private async open(): Promise<pg.Client> {
    const client = await connect(this.databaseUrl, {
      applicationName: 'catena-append',
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      lockTimeoutMs: LOCK_TIMEOUT_MS,
      idleInTransactionTimeoutMs: SILENCE_MAX_MS,
    })
    client.on('end', () => {
      if (this.client === client) this.client = undefined
    })
    return client
  }

  private async endWhoeverFroze(): Promise<void> {
    if (this.client) await endStalledSessions(this.client, SILENCE_MAX_MS).catch(() => undefined)
  }

  /** A connection that cannot even roll back is dropped; the server rolls back for it. */
  private async rollBack(): Promise<void> {
    this.partitions.rolledBack()
    const client = this.client
    if (!client) return
    try {
      await client.query('ROLLBACK')
    } catch {
      this.client = undefined
      void client.end().catch(() => undefined)
    }
  }
}

function isLockTimeout(error: unknown): boolean {
  return (error as Partial<pg.DatabaseError>).code === LOCK_NOT_AVAILABLE
}

/** SQLSTATE of a statement that waited for a lock for too long. */
const LOCK_NOT_AVAILABLE = '55P03'
