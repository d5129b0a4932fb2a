import type { Tally } from '@catena/ingest'
import { bytes, count, roughDuration } from '../terminal/numbers.js'
import { paint, type Paper } from '../terminal/paint.js'

export interface Progress {
  /** File name, before it what of how many. */
  readonly title: string
  readonly tally: Tally
  /** Offset at which this run began, and where it stands. */
  readonly startedAtByte: number
  readonly atByte: number
  /** undefined: not known. */
  readonly sizeBytes: number | undefined
  readonly elapsedMs: number
  /** Reading goes on until the user ends it. */
  readonly follows: boolean
}

const BAR_COLUMNS = 16
const TITLE_COLUMNS = 24

/** One line: bar and percent by bytes where the size is known, records, rate, time left. */
export function renderProgress(progress: Progress, paper: Paper): string {
  const { tally, elapsedMs, follows } = progress
  const rate = Math.round((tally.read * 1000) / Math.max(1, elapsedMs))
  const parts = [
    shortTitle(progress.title),
    follows ? 'following' : barOf(progress),
    `${count(tally.read)} records`,
    `${count(rate)}/s`,
    follows ? 'Ctrl-C ends' : leftOf(progress),
  ]
  const line = parts.filter((part) => part !== '').join('  ')
  return paint([{ text: line.slice(0, paper.columns - 1) }], paper)
}

function shortTitle(title: string): string {
  return title.length <= TITLE_COLUMNS ? title : `…${title.slice(1 - TITLE_COLUMNS)}`
}

function barOf({ atByte, sizeBytes }: Progress): string {
  if (sizeBytes === undefined || sizeBytes === 0) return bytes(atByte)
  const share = Math.min(1, atByte / sizeBytes)
  const full = Math.floor(share * BAR_COLUMNS)
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)} ${percent} %`
}

function leftOf({ atByte, startedAtByte, sizeBytes, elapsedMs }: Progress): string {
  const read = atByte - startedAtByte
  if (sizeBytes === undefined || read <= 0 || atByte >= sizeBytes) return ''
  return `${roughDuration(((sizeBytes - atByte) * elapsedMs) / read)} left`
}
