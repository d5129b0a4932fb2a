import { isConserved, type Conservation, type LaneAccount } from '@catena/ledger'
import { count, counted } from '../terminal/numbers.js'
import { plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'
import { totalOf } from './report.js'

const HOLDS: Span = { text: '✓ ', style: 'green' }
const BROKEN: Span = { text: '✗ ', style: 'red' }

/** The conservation law: a tick, or the exact difference of each lane that breaks it. */
export function lawLines({ lanes, missingEvents, head }: Conservation): Span[][] {
  const { read, stored, duplicates, quarantined } = totalOf(lanes)
  const sum = `${count(read)} read = ${count(stored)} stored + ${counted(duplicates, 'duplicate')} + ${count(quarantined)} quarantined`
  const broken = lanes.filter((lane) => !isConserved(lane))
  return [
    [broken.length === 0 ? HOLDS : BROKEN, plain(`${sum}${broken.length === 0 ? kindsOf(lanes) : ': BROKEN'}`)],
    ...broken.map((lane) => [plain(`    ${lane.lane}: `), { text: differenceOf(lane), style: 'red' } as const]),
    missingEvents === 0
      ? [HOLDS, plain(`${counted(head, 'event')} in the ledger = records stored + decisions`)]
      : [BROKEN, { text: eventsText(missingEvents, head), style: 'red' }],
  ]
}

/** `, in 2 partitions and 12 files` */
function kindsOf(lanes: readonly LaneAccount[]): string {
  const of = (prefix: string): number => lanes.filter(({ lane }) => lane.startsWith(prefix)).length
  const [partitions, files] = [of('kafka:'), of('file:')]
  const kinds = [
    ...(partitions === 0 ? [] : [counted(partitions, 'partition')]),
    ...(files === 0 ? [] : [counted(files, 'file')]),
  ]
  return kinds.length === 0 ? '' : `, in ${kinds.join(' and ')}`
}

export function differenceOf({ missingRecords, missingOffsets }: LaneAccount): string {
  const records = missingRecords === 0 ? [] : [surplus(missingRecords, 'record', 'read')]
  const offsets = (missingOffsets ?? 0) === 0 ? [] : [surplus(missingOffsets ?? 0, 'offset', 'consumed')]
  return [...records, ...offsets].join(', ')
}

function surplus(difference: number, noun: string, verb: string): string {
  if (difference > 0) return `${counted(difference, noun)} ${verb} and not accounted for`
  return `${counted(-difference, noun)} accounted for and not ${verb}`
}

function eventsText(missing: number, head: number): string {
  const difference = counted(Math.abs(missing), 'event')
  return `${count(head)} events in the ledger: ${difference} ${missing > 0 ? 'more' : 'fewer'} than records stored + decisions`
}

const COLUMNS: readonly Column[] = [
  { title: 'lane', align: 'left' },
  { title: 'read', align: 'right' },
  { title: 'stored', align: 'right' },
  { title: 'dupl.', align: 'right' },
  { title: 'quar.', align: 'right' },
  { title: 'holes', align: 'right' },
  { title: 'waiting', align: 'right' },
  { title: 'law', align: 'left' },
]

/** Every lane by itself, for `--lanes`. */
export function lanesTable(lanes: readonly LaneAccount[], waiting: ReadonlyMap<string, number>, paper: Paper): string {
  const rows = lanes.map((lane): Span[] => {
    const messages = waiting.get(lane.lane)
    return [
      plain(lane.lane),
      plain(count(lane.read)),
      plain(count(lane.stored)),
      plain(count(lane.duplicates)),
      plain(count(lane.quarantined)),
      plain(count(lane.holes)),
      plain(messages === undefined ? '' : count(messages)),
      isConserved(lane) ? { text: '✓', style: 'green' } : { text: differenceOf(lane), style: 'red' },
    ]
  })
  return paintTable(COLUMNS, rows, paper)
}
