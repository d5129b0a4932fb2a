import type { SourceInstance } from '@catena/domain'
import { needsAttention, sourceHealth, type IntakeCounts, type IntakeHealth, type Ledger } from '@catena/ledger'
import { poolUse, type Metrics, type Sample } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { projectionDelay } from './projection-delay.js'

/** Where gauges are read at each scrape. */
export interface Measured {
  readonly ledger: Pick<Ledger, 'head' | 'readAt' | 'intake'> & IntakeHealth
  readonly reader: Pick<AccessReader, 'projectedPosition' | 'asOf' | 'lostHours'>
  readonly sources: readonly SourceInstance[]
}

/** Gauges of the whole installation, the same in each of its processes: take one or their maximum, never their sum. */
export function measureInstallation(metrics: Metrics, measured: Measured): void {
  measureLedger(metrics, measured)
  measureSources(metrics, measured)
  const help = 'Database connections of this process and queries that wait for one.'
  metrics.gauge({ name: 'catena_database_pool_connections', help, labels: ['pool', 'state'] }, () =>
    poolUse().flatMap(({ name: pool, busy, idle, waiting }) => [
      { labels: { pool, state: 'busy' }, value: busy },
      { labels: { pool, state: 'idle' }, value: idle },
      { labels: { pool, state: 'waiting' }, value: waiting },
    ]),
  )
}

function measureLedger(metrics: Metrics, { ledger, reader }: Measured): void {
  const delay = () => projectionDelay(ledger, reader, Date.now())
  metrics.gauge({ name: 'catena_ledger_position', help: 'Position of the last event.' }, async () => [
    { value: await ledger.head() },
  ])
  metrics.gauge(
    { name: 'catena_projection_delay_positions', help: 'Events that answers do not contain yet.' },
    async () => [{ value: (await delay()).positions }],
  )
  metrics.gauge(
    { name: 'catena_projection_delay_seconds', help: 'Age of the oldest event that answers do not contain yet.' },
    async () => {
      const { ms } = await delay()
      return ms === undefined ? [] : [{ value: ms / 1000 }]
    },
  )
  metrics.gauge(
    { name: 'catena_conservation_holds', help: '1: everything that was read is accounted for; 0: it is not.' },
    async () => [{ value: (await ledger.conservation()).holds ? 1 : 0 }],
  )
}

/** Of configured sources only, so that the number of labels is bounded. */
function measureSources(metrics: Metrics, { ledger, reader, sources }: Measured): void {
  const perSource = (
    name: string,
    help: string,
    valueOf: (source: SourceInstance, counts: readonly IntakeCounts[]) => number | undefined,
  ): void => {
    metrics.gauge({ name, help, labels: ['source'] }, async () => {
      const counts = await ledger.intake()
      return sources.flatMap((source): Sample[] => {
        const value = valueOf(
          source,
          counts.filter((count) => count.source === source.id),
        )
        return value === undefined ? [] : [{ labels: { source: source.id }, value }]
      })
    })
  }
  perSource(
    'catena_source_last_receipt_timestamp_seconds',
    'When the last record of the source arrived.',
    (source, of) => inSeconds(sourceHealth(source, of, Date.now()).lastReceivedAt),
  )
  perSource(
    'catena_source_last_record_timestamp_seconds',
    'Newest time that a record of the source bears.',
    (source, of) => inSeconds(sourceHealth(source, of, Date.now()).lastOccurredAt),
  )
  perSource(
    'catena_source_silent',
    '1: not heard within its declared heartbeat. Absent: it declares none, so nobody can tell.',
    (source, of) =>
      source.heartbeatSeconds === undefined
        ? undefined
        : Number(needsAttention(sourceHealth(source, of, Date.now()), source)),
  )
  perSource('catena_quarantined_records', 'Records of the source that could not be read.', (_, of) =>
    of.reduce((total, { quarantined }) => total + quarantined, 0),
  )
  const help = 'Records of the source that are stored and that its connector could not interpret.'
  metrics.gauge({ name: 'catena_not_interpreted_records', help, labels: ['source'] }, async () => {
    const lost = await reader.lostHours(await reader.asOf())
    return sources.map(({ id: source }) => ({
      labels: { source },
      value: lost.filter((hour) => hour.source === source).reduce((total, { facts }) => total + facts, 0),
    }))
  })
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000
}
