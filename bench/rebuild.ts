import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant } from '@catena/domain'
import type { Ledger } from '@catena/ledger'
import { round } from './ledger/figures.js'
import { multiplyRecords } from './multiply.js'
import { openStage } from './stage.js'

/** Ranges of positions that are read at the same time. */
const RANGES = 2
/** Events of one read. */
const PAGE_EVENTS = 4_000
const FOLDS = 5

export interface RebuildFigures {
  readonly events: number
  /** Reading the whole ledger in parallel ranges and folding a small projection, in memory: median, and the slowest. */
  readonly foldEventsPerSecond: number
  readonly foldEventsPerSecondLeast: number
  /** Processor time of this process, µs an event, in those. */
  readonly foldCpuMicrosPerEvent: number
  /** The access index from the first position to the head, by the projector as it runs. */
  readonly accessIndexEventsPerSecond: number
}

/** How fast what derives from the ledger can be made anew. */
export async function benchRebuild(records: number): Promise<RebuildFigures> {
  const file = join(tmpdir(), `catena-bench-${process.pid}.log`)
  await multiplyRecords(file, records)
  const stage = await openStage({ project: false })
  try {
    await stage.feed(file)
    const { ledger } = stage.instance
    const head = await ledger.head()
    await foldLedger(ledger, head)
    const before = process.cpuUsage()
    const rates: number[] = []
    for (let fold = 0; fold < FOLDS; fold++) rates.push(await rateOf(head, () => foldLedger(ledger, head)))
    const cpu = process.cpuUsage(before)
    rates.sort((a, b) => a - b)
    return {
      events: head,
      foldEventsPerSecond: Math.round(rates[Math.floor(FOLDS / 2)] ?? 0),
      foldEventsPerSecondLeast: Math.round(rates[0] ?? 0),
      foldCpuMicrosPerEvent: round((cpu.user + cpu.system) / (FOLDS * head), 1),
      accessIndexEventsPerSecond: Math.round(await rateOf(head, () => stage.project())),
    }
  } finally {
    await stage.close()
    await rm(file, { force: true })
  }
}

async function rateOf(events: number, work: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.()
  const start = performance.now()
  await work()
  return (events * 1000) / (performance.now() - start)
}

interface Heard {
  events: number
  lastOccurredAt: Instant
}

type SourcesHeard = Map<string, Heard>

/** Per source, how many events there are and when it was last heard: what a small projection keeps. */
async function foldLedger(ledger: Ledger, head: number): Promise<SourcesHeard> {
  const size = Math.ceil(head / RANGES)
  const ranges = Array.from(
    { length: RANGES },
    (_, index) => [index * size, Math.min(head, (index + 1) * size)] as const,
  )
  const parts = await Promise.all(ranges.map(([after, last]) => foldRange(ledger, after, last)))
  const all: SourcesHeard = new Map()
  for (const [source, heard] of parts.flatMap((part) => [...part])) merge(all, source, heard)
  const counted = [...all.values()].reduce((sum, { events }) => sum + events, 0)
  if (counted !== head) throw new Error(`${counted} of ${head} events were read`)
  return all
}

async function foldRange(ledger: Ledger, after: number, last: number): Promise<SourcesHeard> {
  const sources: SourcesHeard = new Map()
  const read = (from: number) => ledger.read(from, Math.min(PAGE_EVENTS, last - from))
  // The next page is on its way while this one is folded.
  let next = read(after)
  for (let at = after; at < last;) {
    const events = await next
    at += events.length
    if (events.length === 0) throw new Error(`no event at position ${at + 1}`)
    next = at < last ? read(at) : Promise.resolve([])
    for (const { source, occurredAt } of events) merge(sources, source, { events: 1, lastOccurredAt: occurredAt })
  }
  return sources
}

function merge(into: SourcesHeard, source: string, { events, lastOccurredAt }: Heard): void {
  const heard = into.get(source)
  if (heard === undefined) into.set(source, { events, lastOccurredAt })
  else {
    heard.events += events
    heard.lastOccurredAt = Math.max(heard.lastOccurredAt, lastOccurredAt)
  }
}
