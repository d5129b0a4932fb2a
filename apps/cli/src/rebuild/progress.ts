import type { RebuildPhase, RebuildProgress } from '@catena/projections'
import { count, roughDuration } from '../terminal/numbers.js'
import { paint, type Paper } from '../terminal/paint.js'

const WORDS: Readonly<Record<RebuildPhase, string>> = {
  load: 'reading the ledger',
  index: 'indexing',
  merge: 'merging what came in parts',
  'catch-up': 'catching up',
  compare: 'comparing with what serves',
  switch: 'waiting for readers to switch',
}

/** Remembers when a phase began: rate and time left are of the phase. */
export class RebuildWatch {
  private phase: RebuildPhase | undefined

  constructor(private since: number) {}

  /** One line: what is done, of how many events, rate, time left. */
  render({ phase, done, of }: RebuildProgress, now: number, paper: Paper): string {
    if (phase !== this.phase) this.since = this.phase === undefined ? this.since : now
    this.phase = phase
    const elapsedMs = Math.max(1, now - this.since)
    const parts =
      of === 0
        ? [WORDS[phase]]
        : [
            WORDS[phase],
            `${count(done)} of ${count(of)} events`,
            `${count(Math.round((done * 1000) / elapsedMs))}/s`,
            done === 0 ? '' : `${roughDuration(((of - done) * elapsedMs) / done)} left`,
          ]
    const line = parts.filter((part) => part !== '').join('  ')
    return paint([{ text: line.slice(0, paper.columns - 1) }], paper)
  }
}
