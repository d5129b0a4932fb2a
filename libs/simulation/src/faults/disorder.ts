import { Chance } from '../engine/chance.js'
import type { Output } from '../records/journal.js'
import type { Faults } from '../options.js'

/** Lines that may change places, per file. */
const WINDOW_LINES = 2_000
/** Lines that a delayed one lets pass, at most. */
const DELAY_LINES_MAX = 20_000
const DUPLICATES = 0.03
const DELAYS = 0.02

interface Late {
  readonly line: string
  readonly due: number
}

interface Lane {
  passed: number
  readonly window: string[]
  late: Late[]
}

/** Disturbs the order in which lines are written, never what they say. Holds some thousand lines a file. */
export class Disorder implements Output {
  private readonly lanes = new Map<string, Lane>()
  private readonly chance: Chance

  constructor(
    private readonly out: Output,
    private readonly faults: Pick<Faults, 'shuffle' | 'duplicate' | 'delay'>,
    seed: number,
    /** Files that are no records and keep their order. */
    private readonly ordered: ReadonlySet<string>,
  ) {
    this.chance = new Chance(seed ^ 0x5eed)
  }

  write(file: string, line: string): void {
    if (this.ordered.has(file)) {
      this.out.write(file, line)
      return
    }
    const lane = this.laneOf(file)
    this.pass(file, lane, line)
    if (this.faults.duplicate && this.chance.is(DUPLICATES)) this.pass(file, lane, line)
    this.deliver(file, lane)
  }

  /** Everything that is still held back. */
  end(): void {
    for (const [file, lane] of this.lanes) {
      for (const { line } of lane.late) this.out.write(file, line)
      for (const line of lane.window) this.out.write(file, line)
    }
    this.lanes.clear()
  }

  private pass(file: string, lane: Lane, line: string): void {
    lane.passed++
    if (this.faults.delay && this.chance.is(DELAYS)) {
      lane.late.push({ line, due: lane.passed + this.chance.between(1, DELAY_LINES_MAX) })
      return
    }
    this.mix(file, lane, line)
  }

  /** The line, or one that has waited in its place, is written. */
  private mix(file: string, { window }: Lane, line: string): void {
    if (this.faults.shuffle && window.length < WINDOW_LINES) {
      window.push(line)
      return
    }
    this.out.write(file, this.faults.shuffle ? this.exchange(window, line) : line)
  }

  private exchange(window: string[], line: string): string {
    const index = this.chance.between(0, window.length)
    const waited = window[index] ?? ''
    window[index] = line
    return waited
  }

  /** Looked at once in a while: late lines are late anyway. */
  private deliver(file: string, lane: Lane): void {
    if (lane.late.length === 0 || lane.passed % 64 !== 0) return
    const due = lane.late.filter((late) => late.due <= lane.passed)
    if (due.length === 0) return
    lane.late = lane.late.filter((late) => late.due > lane.passed)
    for (const { line } of due) this.out.write(file, line)
  }

  private laneOf(file: string): Lane {
    const known = this.lanes.get(file)
    if (known !== undefined) return known
    const lane: Lane = { passed: 0, window: [], late: [] }
    this.lanes.set(file, lane)
    return lane
  }
}
