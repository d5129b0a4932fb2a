import type { SourceInstance } from '@catena/domain'
import type { IntakeCounts } from '@catena/ledger'
import type { UnclassifiedType } from '@catena/projections'

export interface SourceReport {
  readonly id: string
  /** undefined: records of it are stored, but no source of this name is configured any more. */
  readonly instance: SourceInstance | undefined
  readonly read: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  readonly lastReceivedAt: number | undefined
  /** Newest time that one of its records bears. */
  readonly lastOccurredAt: number | undefined
  /** Longer not heard than its heartbeat allows. */
  readonly isSilent: boolean
}

export interface SourcesReport {
  readonly sources: readonly SourceReport[]
  /** Records that the read model has not reached yet. */
  readonly behind: number
  readonly head: number
  readonly unclassified: readonly UnclassifiedType[]
}

/** Every configured source, also where nothing came yet, then those that only the ledger knows. */
export function reportSources(
  instances: readonly SourceInstance[],
  counts: readonly IntakeCounts[],
  now: number,
): SourceReport[] {
  const ids = [...new Set([...instances.map(({ id }) => id), ...counts.map(({ source }) => source)])]
  return ids.map((id) => reportSource(id, instances, counts, now))
}

function reportSource(
  id: string,
  instances: readonly SourceInstance[],
  counts: readonly IntakeCounts[],
  now: number,
): SourceReport {
  const instance = instances.find((one) => one.id === id)
  const lanes = counts.filter(({ source }) => source === id)
  const lastReceivedAt = latest(lanes.map((lane) => lane.lastReceivedAt))
  const silentMs = (instance?.heartbeatSeconds ?? Infinity) * 1000
  return {
    id,
    instance,
    read: sum(lanes.map(({ read }) => read)),
    stored: sum(lanes.map(({ stored }) => stored)),
    duplicates: sum(lanes.map(({ duplicates }) => duplicates)),
    quarantined: sum(lanes.map(({ quarantined }) => quarantined)),
    lastReceivedAt,
    lastOccurredAt: latest(lanes.map((lane) => lane.lastOccurredAt)),
    isSilent: lastReceivedAt !== undefined && now - lastReceivedAt > silentMs,
  }
}

/** Nothing that was read is unaccounted for. */
export function isConserved({ read, stored, duplicates, quarantined }: Totals): boolean {
  return read === stored + duplicates + quarantined
}

export type Totals = Pick<SourceReport, 'read' | 'stored' | 'duplicates' | 'quarantined'>

export function totalOf(sources: readonly SourceReport[]): Totals {
  return {
    read: sum(sources.map(({ read }) => read)),
    stored: sum(sources.map(({ stored }) => stored)),
    duplicates: sum(sources.map(({ duplicates }) => duplicates)),
    quarantined: sum(sources.map(({ quarantined }) => quarantined)),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function latest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
