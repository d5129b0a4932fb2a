import type { AppendedBatch } from './append-batch.js'
import type { TakenBatch } from './batch.js'
import { LedgerUnavailable } from './errors.js'
import type { BatchOutcome, RecordBatch } from './port.js'

/** Records stored by one transaction of several batches: with more of them what a transaction costs by itself hardly counts. */
const RECORDS_MAX = 1_000
/** The same, bytes of payloads. */
const BYTES_MAX = 4 * 1024 * 1024

/** Stores a batch in a transaction of its own. `batch` is asked for when the turn has come: what waits until then may still join. */
export type Store = (batch: () => TakenBatch) => Promise<AppendedBatch>

interface Waiting {
  readonly batch: RecordBatch
  readonly resolve: (outcome: BatchOutcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches that advance no lane, and wait for their turn at the head of the ledger, are stored together: many sources that post a few records each make
 * few transactions. To each of them it is as if it had been stored by itself, behind the one that came before it.
 */
export class JoinedAppends {
  private readonly waiting: Waiting[] = []

  constructor(private readonly store: Store) {}

  append(batch: RecordBatch): Promise<BatchOutcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ batch, resolve, reject })
      if (this.waiting.length === 1) void this.storeNext()
    })
  }

  private async storeNext(): Promise<void> {
    let joined: readonly Waiting[] | undefined
    try {
      const appended = await this.store(() => {
        joined = this.take()
        return together(joined)
      })
      for (const [{ resolve }, outcome] of outcomesOf(joined ?? [], appended)) resolve(outcome)
    } catch (error) {
      await this.failed(joined ?? this.take(), error)
    }
  }

  /** In the order in which they came; whoever is left takes the next turn. */
  private take(): readonly Waiting[] {
    let [records, bytes, count] = [0, 0, 0]
    for (const { batch } of this.waiting) {
      records += batch.records.length + batch.quarantined.length
      bytes += batch.records.reduce((sum, { payload }) => sum + payload.length, 0)
      if (count > 0 && (records > RECORDS_MAX || bytes > BYTES_MAX)) break
      count += 1
    }
    const taken = this.waiting.splice(0, count)
    if (this.waiting.length > 0) void this.storeNext()
    return taken
  }

  /** What fails for a reason of its own must not fail the others: each is tried by itself. */
  private async failed(joined: readonly Waiting[], error: unknown): Promise<void> {
    const isOfAll = joined.length === 1 || error instanceof LedgerUnavailable
    for (const { batch, resolve, reject } of joined)
      if (isOfAll) reject(error)
      else await this.store(() => batch).then(({ outcome }) => resolve(outcome), reject)
  }
}

function together(joined: readonly Waiting[]): TakenBatch {
  return {
    isOfSeveral: joined.length > 1,
    records: joined.flatMap(({ batch }) => batch.records),
    quarantined: joined.flatMap(({ batch }) => batch.quarantined),
  }
}

/** What each would have been told by itself, but for the head, which is that of all. */
function outcomesOf(joined: readonly Waiting[], { outcome }: AppendedBatch): [Waiting, BatchOutcome][] {
  const isNew = { records: new Set(outcome.admitted.records), quarantined: new Set(outcome.admitted.quarantined) }
  return joined.map((waiting) => {
    const { batch } = waiting
    // One that is listed twice was admitted once.
    const records = batch.records.filter((record) => isNew.records.delete(record))
    const quarantined = batch.quarantined.filter((one) => isNew.quarantined.delete(one))
    const [read, stored] = [batch.records.length + batch.quarantined.length, records.length]
    const duplicates = read - stored - quarantined.length
    const admitted = { records, quarantined }
    return [waiting, { head: outcome.head, stored, duplicates, quarantined: quarantined.length, admitted }]
  })
}
