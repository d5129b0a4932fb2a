import type { ReleaseResult } from '@catena/ingest'
import { count, counted } from '../terminal/numbers.js'
import { dim, paint, plain, type Paper, type Span } from '../terminal/paint.js'

/** `before`: released earlier, by this or another command. */
export type ReleaseCounts = Readonly<Record<ReleaseResult['outcome'] | 'before', number>>

export interface Released {
  readonly results: readonly ReleaseResult[]
  readonly counts: ReleaseCounts
}

const WORDS: readonly (readonly [keyof ReleaseCounts, string])[] = [
  ['stored', 'stored: in the ledger now'],
  ['duplicate', 'duplicate: in the ledger already'],
  ['before', 'released before'],
  ['unreadable', 'unreadable still'],
  ['gone', 'gone: no longer where they were'],
  ['unreached', 'not looked at: try again'],
]

export function releasedOf(results: readonly ReleaseResult[]): Released {
  const counts = { stored: 0, duplicate: 0, before: 0, unreadable: 0, gone: 0, unreached: 0 }
  for (const result of results) counts['isNew' in result && !result.isNew ? 'before' : result.outcome]++
  return { results, counts }
}

/** What became of each, where they were named one by one. */
export function renderResult(result: ReleaseResult, paper: Paper): string {
  const name: Span = { text: `${result.entry}`, style: 'bold' }
  return `${paint([name, plain(`  ${wordsOf(result)}`)], paper)}\n`
}

function wordsOf(result: ReleaseResult): string {
  if (result.outcome === 'unreached') return `not looked at: ${result.reason}`
  const { outcome, isNew, position, reason } = result
  if (reason !== undefined) return `${outcome}: ${reason}`
  const where = `at position ${count(position ?? 0)}`
  if (!isNew) return `released before: it is in the ledger ${where}`
  return outcome === 'stored' ? `stored ${where}` : `duplicate: it is in the ledger already, ${where}`
}

export function renderReleased({ results, counts }: Released, paper: Paper): string {
  const width = count(results.length).length
  const lines: Span[][] = [[plain(`${counted(results.length, 'record')} looked for`)]]
  for (const [kind, words] of WORDS) {
    if (counts[kind] === 0) continue
    lines.push([{ text: `  ${count(counts[kind]).padStart(width)}`, style: 'bold' }, plain(` ${words}`)])
    for (const [reason, times] of reasonsOf(results, kind))
      lines.push([dim(`  ${''.padStart(width)}   ${count(times)} `), plain(reason)])
  }
  if (results.some((result) => result.reason === 'the file is not there'))
    lines.push([plain('Where the file is now, say with --file <path>; it may be gzipped.')])
  return `${lines.map((line) => paint(line, paper)).join('\n')}\n`
}

function reasonsOf(results: readonly ReleaseResult[], kind: keyof ReleaseCounts): [string, number][] {
  const times = new Map<string, number>()
  for (const { outcome, reason } of results)
    if (outcome === kind && reason !== undefined) times.set(reason, (times.get(reason) ?? 0) + 1)
  return [...times].sort(([, a], [, b]) => b - a).slice(0, 10)
}
