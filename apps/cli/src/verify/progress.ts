import { count, roughDuration } from '../terminal/numbers.js'

/** What of an installation is looked at, one after another, and what it is counted in. */
const UNITS = {
  ledger: 'events',
  feed: 'entries',
  campaigns: 'campaigns',
  accesses: 'accesses',
  'sums of accesses': 'credentials',
  verdicts: 'credentials',
  'lists of decisions': 'events',
  'access index': 'events',
} as const
export type Part = keyof typeof UNITS

/** `of`: where it is known how many there are. */
export type Draw = (part: Part, done: number, of?: number) => void

/** `elapsedMs`: since this part began. */
export function progressOf(part: Part, done: number, of: number | undefined, elapsedMs: number): string {
  const rate = Math.round((done * 1000) / Math.max(1, elapsedMs))
  const left = done === 0 || of === undefined ? '' : `  ${roughDuration(((of - done) * elapsedMs) / done)} left`
  const all = of === undefined ? '' : ` of ${count(of)}`
  return done === 0 ? part : `${part}  ${count(done)}${all} ${UNITS[part]}  ${count(rate)}/s${left}`
}
