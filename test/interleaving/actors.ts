import type { LedgerEvent } from '@catena/ledger'
import { SeenNames } from '../../libs/projections/src/access-index/rows.js'
import { Tables } from './tables.js'

const SEEN_MAX = 4

/** What a database holds of one projection. */
export interface Database {
  readonly events: LedgerEvent[]
  serving: { tables: Tables; position: number }
  /** The rebuild that holds the lock. */
  rebuilding: Rebuild | undefined
}

const between = (database: Database, after: number, last: number): LedgerEvent[] => database.events.slice(after, last)

/** A projector that believes in a checkpoint and in the generation that it saw it in; it may be wrong in both. */
export class Projector {
  private position: number | undefined
  private seen = new SeenNames(SEEN_MAX)

  step(database: Database, chance: () => number): void {
    if (this.position === undefined || chance() < 0.05) {
      this.readCheckpoint(database)
      return
    }
    const events = between(database, this.position, this.position + 1 + Math.floor(chance() * 4))
    const last = events.at(-1)?.position
    if (last === undefined) return
    // The compare-and-set of the checkpoint; rows and checkpoint commit together or not at all.
    if (database.serving.position !== this.position || chance() < 0.1) {
      this.readCheckpoint(database)
      return
    }
    database.serving.tables.apply(events, this.seen)
    database.serving.position = this.position = last
  }

  private readCheckpoint(database: Database): void {
    this.position = database.serving.position
    this.seen = new SeenNames(SEEN_MAX)
  }
}

/** A rebuild, one step of its own process at a time. It may never be asked for the next. */
export class Rebuild {
  private readonly built = new Tables()
  private readonly lanes = [new SeenNames(SEEN_MAX), new SeenNames(SEEN_MAX)]
  private readonly seen = new SeenNames(SEEN_MAX)
  private readonly ranges: { after: number; last: number }[]
  private readonly taken: ({ after: number; last: number } | undefined)[] = [undefined, undefined]
  private repeated: number[] | undefined
  private position = 0
  private isCompared = false

  constructor(database: Database, chance: () => number) {
    const last = database.serving.position
    const size = 1 + Math.floor(chance() * 6)
    this.ranges = Array.from({ length: Math.ceil(last / size) }, (_, index) => ({
      after: index * size,
      last: Math.min(last, (index + 1) * size),
    }))
    this.position = last
  }

  /** True: it ended, by switching. Throws where it differs from what serves at the same position. */
  step(database: Database, chance: () => number): boolean {
    if (this.loadOne(database, chance)) return false
    this.repeated ??= this.built.takeRepeated()
    if (this.repeated.length > 0) {
      const positions = this.repeated.splice(0, 1 + Math.floor(chance() * 5))
      this.built.apply(
        positions.map((position) => database.events[position - 1]!),
        this.seen,
      )
      return false
    }
    if (!this.isCompared) return this.compare(database)
    this.foldTo(database, chance() < 0.5 ? database.events.length : this.position)
    if (chance() < 0.3) return false
    // The switch: under the locks nobody else moves; the rest is folded there.
    this.foldTo(database, database.serving.position)
    database.serving = { tables: this.built, position: this.position }
    database.rebuilding = undefined
    return true
  }

  private loadOne(database: Database, chance: () => number): boolean {
    const lane = chance() < 0.5 ? 0 : 1
    const other = 1 - lane
    const range = (this.taken[lane] ??= this.ranges.shift())
    if (range === undefined) {
      if (this.taken[other] === undefined) return false
      return this.loadIn(other, this.taken[other], database, chance)
    }
    return this.loadIn(lane, range, database, chance)
  }

  private loadIn(lane: number, range: { after: number; last: number }, database: Database, chance: () => number): true {
    const last = Math.min(range.last, range.after + 1 + Math.floor(chance() * 3))
    this.built.load(between(database, range.after, last), this.lanes[lane]!)
    this.taken[lane] = last < range.last ? { after: last, last: range.last } : undefined
    return true
  }

  private compare(database: Database): false {
    this.foldTo(database, database.serving.position)
    if (this.built.state() !== database.serving.tables.state())
      throw new Error(`rebuilt tables differ from those that serve at position ${this.position}`)
    this.isCompared = true
    return false
  }

  private foldTo(database: Database, last: number): void {
    this.built.apply(between(database, this.position, last), this.seen)
    this.position = Math.max(this.position, last)
  }
}
