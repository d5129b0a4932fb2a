import {
  isReleased,
  type Locator,
  type QuarantineCounts,
  type QuarantineEntry,
  type QuarantineRelease,
} from '@catena/ledger'
import { bytes, count, counted, dateTime } from '../terminal/numbers.js'
import { dim, paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'

export interface EntryList {
  readonly entries: readonly QuarantineEntry[]
  readonly hasMore: boolean
  readonly counts: readonly QuarantineCounts[]
}

const COLUMNS: readonly Column[] = [
  { title: 'id', align: 'right' },
  { title: 'source', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'first seen (UTC)', align: 'left' },
  { title: 'reason', align: 'left' },
  { title: 'place', align: 'left' },
]

export function renderEntries({ entries, hasMore, counts }: EntryList, paper: Paper): string {
  const total = (pick: (one: QuarantineCounts) => number): number => counts.reduce((sum, one) => sum + pick(one), 0)
  const [open, released] = [total((one) => one.open), total((one) => one.released)]
  const last = entries.at(-1)?.id
  const lines = [
    ...(hasMore && last !== undefined ? [[plain(`More follow: --after ${last}`)]] : []),
    [plain(`In quarantine: ${count(open)} open, ${count(released)} released.`)],
  ]
  const table = entries.length === 0 ? '' : `${paintTable(COLUMNS, entries.map(row), paper)}\n\n`
  return `${table}${lines.map((line) => paint(line, paper)).join('\n')}\n`
}

function row(entry: QuarantineEntry): Span[] {
  return [
    { text: String(entry.id), style: 'bold' },
    plain(entry.source),
    stateOf(entry),
    plain(dateTime(entry.firstSeenAt).slice(0, 16)),
    plain(entry.reason),
    plain(placeOf(entry.locator)),
  ]
}

function stateOf({ lastAttempt, attempts }: QuarantineEntry): Span {
  if (isReleased({ lastAttempt })) return { text: 'released', style: 'green' }
  return attempts === 0 ? plain('open') : { text: `open, ${lastAttempt?.outcome ?? ''}`, style: 'yellow' }
}

export function placeOf(locator: Locator): string {
  switch (locator.door) {
    case 'kafka':
      return `${locator.topic}/${locator.partition} at ${locator.offset}`
    case 'file':
      return `${locator.file}, bytes ${locator.from} to ${locator.to}`
    case 'http':
      return `request ${locator.request}, record ${locator.index}`
  }
}

const LABEL_COLUMNS = 9

export function renderEntry(entry: QuarantineEntry, paper: Paper): string {
  const {
    source,
    reason,
    locator,
    recordId,
    lengthBytes,
    shape,
    seen,
    firstSeenAt,
    lastSeenAt,
    attempts,
    lastAttempt,
  } = entry
  const times = `${counted(seen, 'time')}, first ${dateTime(firstSeenAt)}, last ${dateTime(lastSeenAt)} UTC`
  const lines: [string, Span[]][] = [
    ['source', [plain(source)]],
    ['state', [stateOf(entry)]],
    ['reason', [plain(reason)]],
    ['place', [plain(placeOf(locator))]],
    ['length', [plain(bytes(lengthBytes))]],
    ['shape', [plain(shape)]],
    ['seen', [plain(times)]],
    ['record', [plain(recordId)]],
    ...(lastAttempt === undefined ? [] : [['attempt', attemptOf(lastAttempt, attempts)] as [string, Span[]]]),
  ]
  const title = paint([{ text: `Quarantined record ${entry.id}`, style: 'bold' }], paper)
  return `${title}\n${lines.map(([label, text]) => paint([dim(label.padEnd(LABEL_COLUMNS)), ...text], paper)).join('\n')}\n`
}

function attemptOf({ outcome, reason, position, at, actor }: QuarantineRelease, attempts: number): Span[] {
  const what = position === undefined ? `${outcome}: ${reason ?? ''}` : `${outcome} at position ${count(position)}`
  return [plain(`${what}, ${dateTime(at)} UTC by ${actor} (${counted(attempts, 'attempt')})`)]
}
