import type { SourceInstance } from '@catena/domain'
import {
  needsAttention,
  sourceHealth,
  type Conservation,
  type IntakeCounts,
  type QuarantineCounts,
  type SourceDelay,
  type SourceHealth,
} from '@catena/ledger'
import type { NotInterpreted, UnclassifiedType } from '@catena/projections'
import type { PartitionLag } from '@catena/runtime'

export interface SourceReport extends SourceHealth {
  readonly id: string
  /** undefined: records of it are stored, but no source of this name is configured any more. */
  readonly instance: SourceInstance | undefined
  readonly read: number
  readonly stored: number
  readonly duplicates: number
  readonly quarantined: number
  /** How late its newest records arrived; undefined: none is among the newest of the ledger. */
  readonly delay: SourceDelay | undefined
}

export interface SourcesReport {
  readonly sources: readonly SourceReport[]
  readonly conservation: Conservation
  /** What of the quarantined records was released; those stand in the ledger beside what intake counted as stored. */
  readonly quarantine?: readonly QuarantineCounts[]
  /** Messages that wait in Kafka, per partition; `unknown` where no broker tells, undefined where none is configured. */
  readonly kafka: readonly PartitionLag[] | 'unknown' | undefined
  /** Records that the read model has not reached yet. */
  readonly behind: number
  readonly unclassified: readonly UnclassifiedType[]
  /** Records that their connectors failed on. */
  readonly notInterpreted: readonly NotInterpreted[]
}

/** Every configured source, also where nothing came yet, then those that only the ledger knows. */
export function reportSources(
  instances: readonly SourceInstance[],
  counts: readonly IntakeCounts[],
  delays: readonly SourceDelay[],
  now: number,
): SourceReport[] {
  const ids = [...new Set([...instances.map(({ id }) => id), ...counts.map(({ source }) => source)])]
  return ids.map((id) => {
    const instance = instances.find((one) => one.id === id)
    const lanes = counts.filter(({ source }) => source === id)
    const delay = delays.find(({ source }) => source === id)
    return { id, instance, ...totalOf(lanes), ...sourceHealth(instance, lanes, now), delay }
  })
}

/** What an operator should look at now, one line each; none: `--check` is content. */
export function troublesOf({ sources, conservation, notInterpreted }: SourcesReport): string[] {
  const silent = sources.filter((source) => needsAttention(source, source.instance))
  return [
    ...silent.map(({ id, status }) => (status === 'silent' ? `${id} is silent` : `${id} was never heard`)),
    ...notInterpreted.map(({ source, type, facts }) => `${facts} of ${source} ${type} could not be interpreted`),
    ...(conservation.holds ? [] : ['not everything that was read is accounted for']),
  ]
}

export type Totals = Pick<IntakeCounts, 'read' | 'stored' | 'duplicates' | 'quarantined'>

export function totalOf(counts: readonly Totals[]): Totals {
  return {
    read: sum(counts.map(({ read }) => read)),
    stored: sum(counts.map(({ stored }) => stored)),
    duplicates: sum(counts.map(({ duplicates }) => duplicates)),
    quarantined: sum(counts.map(({ quarantined }) => quarantined)),
  }
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
