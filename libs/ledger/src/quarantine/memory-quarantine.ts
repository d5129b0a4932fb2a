import type { MemoryIntake } from '../memory-intake.js'
import {
  isReleased,
  releaseIn,
  type AttemptRow,
  type QuarantineCounts,
  type QuarantineEntry,
  type QuarantineQuery,
  type QuarantineRelease,
} from './quarantine.js'

/** The attempts that the memory ledger keeps beside its quarantine. */
export class MemoryQuarantine {
  private readonly attempts = new Map<number, QuarantineRelease[]>()

  constructor(private readonly intake: MemoryIntake) {}

  /** Records that releases put into the ledger. */
  get stored(): number {
    return [...this.attempts.values()].flat().filter(({ outcome }) => outcome === 'stored').length
  }

  entries({ after = 0, limit, source, state }: QuarantineQuery): QuarantineEntry[] {
    return this.all(source)
      .filter((entry) => entry.id > after && (state === undefined || isReleased(entry) === (state === 'released')))
      .slice(0, limit)
  }

  entry(id: number): QuarantineEntry | undefined {
    return this.all().find((entry) => entry.id === id)
  }

  counts(): QuarantineCounts[] {
    const sources = [...new Set(this.all().map(({ source }) => source))].sort()
    return sources.map((source) => {
      const entries = this.all(source)
      const released = entries.filter(isReleased).length
      return { source, open: entries.length - released, released }
    })
  }

  /** The releases of those entries that are released. Throws RangeError for unknown ones. */
  releasesOf(ids: readonly number[]): Map<number, QuarantineRelease> {
    const unknown = ids.filter((id) => this.entry(id) === undefined)
    if (unknown.length > 0) throw new RangeError(`nothing is quarantined under ${unknown.slice(0, 10).join(', ')}`)
    const entries = ids.flatMap((id) => this.entry(id) ?? []).filter(isReleased)
    return new Map(entries.flatMap(({ id, lastAttempt }) => (lastAttempt === undefined ? [] : [[id, lastAttempt]])))
  }

  add(rows: readonly AttemptRow[]): void {
    for (const row of rows) this.attempts.set(row.entry, [...(this.attempts.get(row.entry) ?? []), releaseIn(row)])
  }

  private all(source?: string): QuarantineEntry[] {
    return this.intake.quarantine(0, Infinity, source).map((entry) => {
      const attempts = this.attempts.get(entry.id) ?? []
      const lastAttempt = attempts.find((attempt) => isReleased({ lastAttempt: attempt })) ?? attempts.at(-1)
      return { ...entry, attempts: attempts.length, ...(lastAttempt === undefined ? {} : { lastAttempt }) }
    })
  }
}
