import type { FileSummary, Tally } from '@catena/ingest'
import { bytes, count, counted } from '../terminal/numbers.js'
import { dim, paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { show } from '../trace/json.js'
import { totalTally } from '@catena/ingest'

export interface FileResult {
  readonly path: string
  readonly summary: FileSummary
}

export interface IngestResult {
  readonly source: string
  readonly files: readonly FileResult[]
  readonly elapsedMs: number
}

/** Reasons and types named in a summary. */
const NAMES_SHOWN = 10
/** Fewer strange records than these say nothing about the choice of the source. */
const ALIEN_RECORDS_MIN = 3

export function renderFile({ path, summary }: FileResult, paper: Paper): string {
  const { read, stored, duplicates, quarantined, resumedAt } = summary
  const counts = `${count(read)} read, ${count(stored)} stored, ${counted(duplicates, 'duplicate')}, ${count(quarantined)} quarantined`
  const resumed = resumedAt > 0 ? `, resumed at byte ${count(resumedAt)}` : ''
  return `${paint([plain(`${path}: ${counts}${resumed}`)], paper)}\n`
}

export function renderSummary(result: IngestResult, paper: Paper): string {
  const tally = totalTally(result.files.map(({ summary }) => summary))
  const seconds = (result.elapsedMs / 1000).toFixed(1)
  const head: Span[] = [
    { text: result.source, style: 'bold' },
    plain(
      `: ${counted(tally.read, 'record')} read in ${seconds} s (${count(rateOf(tally, result.elapsedMs))} records/s)`,
    ),
  ]
  return `${[head, ...countLines(tally), ...hints(result, tally)].map((line) => paint(line, paper)).join('\n')}\n`
}

function countLines(tally: Tally): Span[][] {
  const width = count(tally.read).length
  const line = (value: number, words: string): Span[] => [
    { text: `  ${count(value).padStart(width)}`, style: 'bold' },
    plain(` ${words}`),
  ]
  const named = (counts: Readonly<Record<string, number>>): Span[][] => {
    const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a)
    const rest = sorted.length - NAMES_SHOWN
    return [
      ...sorted
        .slice(0, NAMES_SHOWN)
        .map(([name, value]) => [dim(`  ${''.padStart(width)}   ${count(value)} `), plain(name)]),
      ...(rest > 0 ? [[dim(`  ${''.padStart(width)}   and ${count(rest)} more`)]] : []),
    ]
  }
  const unknown = Object.values(tally.unclassified).reduce((sum, value) => sum + value, 0)
  return [
    line(tally.stored, 'stored'),
    line(tally.duplicates, 'duplicate: read before'),
    line(tally.quarantined, 'quarantined: could not be read'),
    ...named(tally.reasons),
    ...(unknown === 0
      ? []
      : [
          line(unknown, 'of them of types without a rule, stored with every text masked'),
          ...named(tally.unclassified),
        ]),
  ]
}

/** What a person may want to do next. */
function hints({ files, source }: IngestResult, tally: Tally): Span[][] {
  const waiting = files.filter(({ summary }) => summary.waitingBytes > 0 && summary.failure === undefined)
  const unknown = Object.values(tally.unclassified).reduce((sum, value) => sum + value, 0)
  const fresh = tally.read - tally.duplicates
  const isAlien = fresh >= ALIEN_RECORDS_MIN && unknown + tally.quarantined >= fresh
  return [
    ...waiting.map(({ path, summary }) => [
      plain(
        `${path}: half a record at the end (${bytes(summary.waitingBytes)}) waits for the rest: run this again, or with --final if nothing follows`,
      ),
    ]),
    ...(isAlien
      ? [
          [
            {
              text: `Not one record is of a known type: is ${source} the right source for this?`,
              style: 'yellow' as const,
            },
          ],
        ]
      : []),
  ]
}

function rateOf({ read }: Tally, elapsedMs: number): number {
  return Math.round((read * 1000) / Math.max(1, elapsedMs))
}

/** As apps/cli/README.md describes it. */
export function summaryJson({ source, files, elapsedMs }: IngestResult): string {
  const tally = totalTally(files.map(({ summary }) => summary))
  return show({
    source,
    ...tally,
    elapsedMs,
    recordsPerSecond: rateOf(tally, elapsedMs),
    files: files.map(({ path, summary }) => ({ path, ...summary })),
  })
}
