import type { ErasureOutcome, LedgerEvent } from '@catena/ledger'
import { count, counted, dateTime } from '../terminal/numbers.js'
import { paint, plain, type Paper } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'
import { show } from '../trace/json.js'

export interface Erased extends ErasureOutcome {
  readonly positions: readonly number[]
}

/** Events shown before the question. */
const PREVIEW_MAX = 20

const COLUMNS: readonly Column[] = [
  { title: 'position', align: 'right' },
  { title: 'source', align: 'left' },
  { title: 'type', align: 'left' },
  { title: 'occurred (UTC)', align: 'left' },
  { title: '', align: 'left' },
]

/** What is about to go, without its content. */
export function renderPreview(events: readonly LedgerEvent[], paper: Paper): string {
  const rows = events
    .slice(0, PREVIEW_MAX)
    .map(({ position, source, type, occurredAt, payload }) => [
      { text: `#${position}`, style: 'bold' as const },
      plain(source),
      plain(type),
      plain(dateTime(occurredAt).slice(0, 19)),
      plain(payload === undefined ? 'erased before' : ''),
    ])
  const more = events.length > PREVIEW_MAX ? `and ${count(events.length - PREVIEW_MAX)} more\n` : ''
  return `${paintTable(COLUMNS, rows, paper)}\n${more}`
}

export function renderErased({ erased, positions, position, stream }: Erased, paper: Paper): string {
  const before = positions.length - erased
  const lines = [
    `Erased ${counted(erased, 'event')}${before === 0 ? '' : ` (${count(before)} erased before)`}: ${rangesOf(positions)}`,
    `Tombstone: position ${count(position)}, ${stream}`,
    'The access index still holds what it derived from them: `catena rebuild access-index --accept-difference` takes that out too.',
  ]
  return `${lines.map((line) => paint([plain(line)], paper)).join('\n')}\n`
}

/** `#3, #5–#9` of ascending positions. */
export function rangesOf(positions: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const position of positions) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === position - 1) last[1] = position
    else ranges.push([position, position])
  }
  return ranges.map(([first, last]) => (first === last ? `#${first}` : `#${first}–#${last}`)).join(', ')
}

/** As apps/cli/README.md describes it. */
export function erasedJson({ erased, positions, position, stream }: Erased): string {
  return show({ erased, positions, tombstone: { position, stream } })
}

/** Where all of them were erased before: there is no tombstone more. */
export function nothingErasedJson(positions: readonly number[]): string {
  return show({ erased: 0, positions, tombstone: null })
}
