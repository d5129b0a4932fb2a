import type { Instant } from '@catena/domain'
import { idText, startOf, type SourceTally } from './batch.js'
import {
  LaneMoved,
  type IntakeCounts,
  type LaneAdvance,
  type LaneStand,
  type LaneState,
  type NewQuarantined,
  type QuarantinedRecord,
} from './port.js'
import { storableJson } from './storable.js'

/** What the memory ledger keeps beside its events: lanes, counters and the quarantine. */
export class MemoryIntake {
  private readonly states = new Map<string, LaneState>()
  private readonly contents = new Map<string, Buffer | undefined>()
  private readonly counts = new Map<string, IntakeCounts>()
  private readonly entries = new Map<string, QuarantinedRecord>()

  requireLane(advance: LaneAdvance): void {
    const stands = this.states.get(advance.lane)?.next
    if (stands !== advance.expected) throw new LaneMoved(advance.lane, advance.expected, stands)
  }

  advance(advance: LaneAdvance): void {
    const before = this.states.get(advance.lane)
    this.states.set(advance.lane, {
      lane: advance.lane,
      first: before?.first ?? startOf(advance),
      next: advance.next,
      holes: (before?.holes ?? 0) + advance.holes,
    })
    this.contents.set(advance.lane, advance.content)
  }

  laneOffset(lane: string): bigint | undefined {
    return this.states.get(lane)?.next
  }

  laneStand(lane: string): LaneStand | undefined {
    const next = this.laneOffset(lane)
    return next === undefined ? undefined : { next, content: this.contents.get(lane) }
  }

  lanes(): LaneState[] {
    return [...this.states.values()].sort((a, b) => (a.lane < b.lane ? -1 : 1))
  }

  count(lane: string, tallies: readonly SourceTally[], now: Instant): void {
    for (const added of tallies) {
      const key = JSON.stringify([added.source, lane])
      const before = this.counts.get(key)
      this.counts.set(key, {
        source: added.source,
        lane,
        read: (before?.read ?? 0) + added.read,
        stored: (before?.stored ?? 0) + added.stored,
        duplicates: (before?.duplicates ?? 0) + added.duplicates,
        quarantined: (before?.quarantined ?? 0) + added.quarantined,
        lastReceivedAt: latest(before?.lastReceivedAt, now),
        lastOccurredAt: latest(before?.lastOccurredAt, added.lastOccurredAt),
      })
    }
  }

  intake(): IntakeCounts[] {
    const order = ({ source, lane }: IntakeCounts): string => `${source}\u0000${lane}`
    return [...this.counts.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
  }

  quarantinedIds(): ReadonlySet<string> {
    return new Set(this.entries.keys())
  }

  list(items: readonly NewQuarantined[], now: Instant): void {
    for (const item of items) {
      const id = idText(item.recordId)
      const before = this.entries.get(id)
      const entry = before ?? {
        ...(JSON.parse(storableJson({ ...item, recordId: undefined })) as Omit<NewQuarantined, 'recordId'>),
        recordId: item.recordId.toString('hex'),
        id: this.entries.size + 1,
        firstSeenAt: now,
      }
      this.entries.set(id, {
        ...entry,
        seen: (before?.seen ?? 0) + 1,
        lastSeenAt: latest(before?.lastSeenAt, now) ?? now,
      })
    }
  }

  quarantine(after: number, limit: number, source?: string): QuarantinedRecord[] {
    return [...this.entries.values()]
      .filter((entry) => entry.id > after && (source === undefined || entry.source === source))
      .slice(0, limit)
  }
}

function latest(a: Instant | undefined, b: Instant | undefined): Instant | undefined {
  return a === undefined ? b : b === undefined ? a : Math.max(a, b)
}
