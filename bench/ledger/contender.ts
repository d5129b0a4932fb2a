import type { NewRecord } from '@catena/ledger'

/** One way to get the same events into the same PostgreSQL server. */
export interface Contender {
  readonly name: string
  /** What it leaves undone that the ledger does; empty for the ledger itself. */
  readonly doesNot: string
  /** Brings the records into its own form. Not measured. */
  ready(records: readonly NewRecord[], batchSize: number): Promise<void> | void
  /** Writes what is ready, batch after batch, each acknowledged before the next; durable when it resolves. */
  write(): Promise<void>
  /** Events there are now, counted by the server. */
  count(): Promise<number>
  /** Bytes of its tables and indexes. */
  diskBytes(): Promise<number>
  close(): Promise<void>
}

export function batchesOf<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = []
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size))
  return batches
}
