import { formatInstant } from '@catena/domain'
import { count, counted, dateTime, roughDuration } from '../terminal/numbers.js'
import { dim, paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'
import { show } from '../trace/json.js'
import { isConserved, totalOf, type SourceReport, type SourcesReport } from './report.js'

const COLUMNS: readonly Column[] = [
  { title: 'source', align: 'left' },
  { title: 'system', align: 'left' },
  { title: 'read', align: 'right' },
  { title: 'stored', align: 'right' },
  { title: 'dupl.', align: 'right' },
  { title: 'quar.', align: 'right' },
  { title: 'last heard (UTC)', align: 'left' },
]

export function renderSources(report: SourcesReport, now: number, paper: Paper): string {
  if (report.sources.length === 0) return 'No sources are configured: name them in catena.yaml.\n'
  const table = paintTable(
    COLUMNS,
    report.sources.map((source) => row(source, now)),
    paper,
  )
  const lines = [conservation(report), readModel(report), ...unclassified(report)]
  return `${table}\n\n${lines.map((line) => paint(line, paper)).join('\n')}\n`
}

function row(source: SourceReport, now: number): Span[] {
  const { instance, quarantined } = source
  return [
    { text: source.id, style: 'bold' },
    instance === undefined ? { text: 'not configured', style: 'yellow' } : plain(`${instance.kind}/${instance.scope}`),
    plain(count(source.read)),
    plain(count(source.stored)),
    plain(count(source.duplicates)),
    quarantined === 0 ? plain('0') : { text: count(quarantined), style: 'red' },
    lastHeard(source, now),
  ]
}

function lastHeard({ lastReceivedAt, isSilent }: SourceReport, now: number): Span {
  if (lastReceivedAt === undefined) return { text: 'never', style: 'yellow' }
  const when = `${dateTime(lastReceivedAt).slice(5, 16)}, ${roughDuration(now - lastReceivedAt)} ago`
  return isSilent ? { text: `${when}: SILENT`, style: 'red' } : plain(when)
}

function conservation({ sources }: SourcesReport): Span[] {
  const total = totalOf(sources)
  const broken = sources.filter((source) => !isConserved(source)).map(({ id }) => id)
  const sum = `${count(total.read)} read = ${count(total.stored)} stored + ${counted(total.duplicates, 'duplicate')} + ${count(total.quarantined)} quarantined: `
  return [
    plain(sum),
    broken.length === 0 ? { text: 'holds', style: 'green' } : { text: `BROKEN for ${broken.join(', ')}`, style: 'red' },
  ]
}

function readModel({ behind, head }: SourcesReport): Span[] {
  if (behind === 0) return [plain(`Read model: up with the ledger (${counted(head, 'event')}).`)]
  return [{ text: `Read model: ${counted(behind, 'event')} behind the ledger (${count(head)}).`, style: 'yellow' }]
}

function unclassified({ unclassified: types }: SourcesReport): Span[][] {
  if (types.length === 0) return []
  const title = [plain('Of types that no connector knows yet (stored, in no chain):')]
  const width = Math.max(...types.map(({ facts }) => count(facts).length))
  return [
    title,
    ...types.map(({ source, type, facts }) => [dim(`  ${count(facts).padStart(width)}  `), plain(`${source} ${type}`)]),
  ]
}

/** As apps/cli/README.md describes it. */
export function sourcesJson({ sources, behind, head, unclassified: types }: SourcesReport): string {
  const time = (instant: number | undefined): string | null => (instant === undefined ? null : formatInstant(instant))
  return show({
    sources: sources.map(({ id, instance, lastReceivedAt, lastOccurredAt, isSilent, ...counts }) => ({
      id,
      kind: instance?.kind ?? null,
      scope: instance?.scope ?? null,
      ...counts,
      lastReceivedAt: time(lastReceivedAt),
      lastOccurredAt: time(lastOccurredAt),
      silent: isSilent,
    })),
    conserved: sources.every(isConserved),
    readModel: { head, behind },
    unclassified: types,
  })
}
