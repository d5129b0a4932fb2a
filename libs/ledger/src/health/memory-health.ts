import type { EventRow } from '../event-row.js'
import type { IntakeCounts, LaneState } from '../port.js'
import { accountOf, conservationOf, type Conservation } from './conservation.js'
import { DELAY_EVENTS_MAX, type SourceDelay } from './delays.js'

/** `versions`: of every stream of decisions. */
export function memoryConservation(
  counts: readonly IntakeCounts[],
  states: readonly LaneState[],
  head: number,
  versions: readonly number[],
): Conservation {
  const names = [...new Set([...counts, ...states].map(({ lane }) => lane))].sort((a, b) => (a < b ? -1 : 1))
  const lanes = names.map((lane) => {
    const state = states.find((one) => one.lane === lane)
    const of = counts.filter((one) => one.lane === lane)
    const offsets = state && lane.startsWith('kafka:') ? Number(state.next - state.first) : undefined
    return accountOf(lane, offsets, {
      read: sum(of.map(({ read }) => read)),
      stored: sum(of.map(({ stored }) => stored)),
      duplicates: sum(of.map(({ duplicates }) => duplicates)),
      quarantined: sum(of.map(({ quarantined }) => quarantined)),
      holes: state?.holes ?? 0,
    })
  })
  return conservationOf(lanes, head, head - sum(lanes.map(({ stored }) => stored)) - sum(versions))
}

export function memoryDelays(
  rows: readonly Pick<EventRow, 'source' | 'streamVersion' | 'occurredAt' | 'recordedAt'>[],
): SourceDelay[] {
  const newest = rows.slice(-DELAY_EVENTS_MAX).filter(({ streamVersion }) => streamVersion === undefined)
  const sources = [...new Set(newest.map(({ source }) => source))].sort((a, b) => (a < b ? -1 : 1))
  return sources.map((source) => {
    const delays = newest
      .filter((row) => row.source === source)
      .map(({ occurredAt, recordedAt }) => recordedAt - occurredAt)
      .sort((a, b) => a - b)
    const half = (delays.length - 1) / 2
    const median = ((delays[Math.floor(half)] ?? 0) + (delays[Math.ceil(half)] ?? 0)) / 2
    return {
      source,
      records: delays.length,
      medianMs: Math.round(median),
      greatestMs: Math.round(delays.at(-1) ?? 0),
    }
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
