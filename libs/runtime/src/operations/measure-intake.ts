import type { SourceInstance } from '@catena/domain'
import type { PostgresLedgerOptions } from '@catena/ledger'
import type { Metrics } from '@catena/platform'

/** Label of records whose message names no configured source: whoever writes a topic may invent any number of names. */
const OTHER_SOURCE = '(other)'

/** Counts what this process appends: give it to the ledger. */
export function measureIntake(
  metrics: Metrics,
  sources: readonly Pick<SourceInstance, 'id'>[],
): NonNullable<PostgresLedgerOptions['onAppended']> {
  const configured = new Set(sources.map(({ id }) => id))
  const records = metrics.counter({
    name: 'catena_ingest_records_total',
    help: 'Records that this process committed, by what became of them.',
    labels: ['source', 'outcome'],
  })
  const seconds = metrics.durations({
    name: 'catena_ingest_batch_seconds',
    help: 'From a prepared batch, or the first of several that are stored together, to its commit.',
  })
  return (tallies, elapsed) => {
    seconds({}, elapsed)
    for (const { source: id, stored, duplicates, quarantined } of tallies) {
      const source = configured.has(id) ? id : OTHER_SOURCE
      records({ source, outcome: 'stored' }, stored)
      records({ source, outcome: 'duplicate' }, duplicates)
      records({ source, outcome: 'quarantined' }, quarantined)
    }
  }
}
