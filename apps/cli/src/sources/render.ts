import { count, counted, dateTime, roughDuration } from '../terminal/numbers.js'
import { dim, paint, plain, wrap, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'
import { lanesTable, lawLines } from './render-law.js'
import { sum, type SourceReport, type SourcesReport } from './report.js'

const HEALTH: readonly Column[] = [
  { title: 'source', align: 'left' },
  { title: 'status', align: 'left' },
  { title: 'last record', align: 'left' },
  { title: 'received', align: 'left' },
  { title: 'delay: median, most', align: 'left' },
]

const INTAKE: readonly Column[] = [
  { title: 'source', align: 'left' },
  { title: 'system', align: 'left' },
  { title: 'read', align: 'right' },
  { title: 'stored', align: 'right' },
  { title: 'dupl.', align: 'right' },
  { title: 'quar.', align: 'right' },
]

/** `lanes`: also each partition and file by itself. */
export function renderSources(
  report: SourcesReport,
  now: number,
  paper: Paper,
  { lanes = false }: { readonly lanes?: boolean } = {},
): string {
  const { sources, conservation, kafka } = report
  if (sources.length === 0) return 'No sources are configured: name them in catena.yaml.\n'
  const health = paintTable(HEALTH, sources.map((source) => healthRow(source, now)), paper) // prettier-ignore
  const intake = paintTable(INTAKE, sources.map(intakeRow), paper)
  const lines = [
    ...undeclared(sources),
    ...lawLines(conservation),
    ...quarantineLines(report),
    ...kafkaLines(kafka),
    readModel(report),
    ...unclassified(report),
    ...notInterpreted(report),
  ]
  const text = lines.flatMap((line) => wrap(line, paper.columns)).map((line) => paint(line, paper))
  const waiting = new Map(kafka === 'unknown' ? [] : kafka?.map(({ lane, messages }) => [lane, messages]))
  const each = lanes ? `\n\n${lanesTable(conservation.lanes, waiting, paper)}` : ''
  return `${health}\n\n${intake}${each}\n\n${text.join('\n')}\n`
}

function healthRow(source: SourceReport, now: number): Span[] {
  const { id, lastOccurredAt, lastReceivedAt, delay } = source
  const delayText = delay === undefined ? '-' : `${signed(delay.medianMs)}, ${signed(delay.greatestMs)}`
  return [
    { text: id, style: 'bold' },
    status(source, now),
    plain(minute(lastOccurredAt, now)),
    plain(minute(lastReceivedAt, now)),
    plain(delayText),
  ]
}

function status({ status: state, instance, heardAt }: SourceReport, now: number): Span {
  if (instance === undefined) return { text: 'not configured', style: 'yellow' }
  if (state === 'healthy') return { text: 'healthy', style: 'green' }
  if (state === 'silent') return { text: `SILENT ${roughDuration(now - (heardAt ?? now))}`, style: 'red' }
  return { text: state === 'unknown' ? 'unknown' : 'never heard', style: 'yellow' }
}

/** `03-01 11:58` in UTC; with the year where it is another. */
function minute(instant: number | undefined, now: number): string {
  if (instant === undefined) return '-'
  const text = dateTime(instant).slice(0, 16)
  return text.startsWith(dateTime(now).slice(0, 4)) ? text.slice(5) : text
}

/** A source's clock may be ahead of ours. */
function signed(ms: number): string {
  return ms < -999 ? `-${roughDuration(-ms)}` : roughDuration(ms)
}

function intakeRow(source: SourceReport): Span[] {
  const { instance, quarantined } = source
  return [
    { text: source.id, style: 'bold' },
    plain(instance === undefined ? '-' : `${instance.kind}/${instance.scope}`),
    plain(count(source.read)),
    plain(count(source.stored)),
    plain(count(source.duplicates)),
    quarantined === 0 ? plain('0') : { text: count(quarantined), style: 'red' },
  ]
}

function undeclared(sources: readonly SourceReport[]): Span[][] {
  const ids = sources.filter(({ status: state, instance }) => state === 'unknown' && instance).map(({ id }) => id)
  if (ids.length === 0) return []
  return [[dim(`Unknown: no heartbeat is declared for ${ids.join(', ')}, so silence cannot be told.`)]]
}

function quarantineLines({ quarantine = [] }: SourcesReport): Span[][] {
  if (quarantine.length === 0) return []
  const [open, released] = [sum(quarantine.map((one) => one.open)), sum(quarantine.map((one) => one.released))]
  const text = `Quarantine: ${count(open)} open, ${count(released)} released`
  return [open === 0 ? [plain(`${text}.`)] : [{ text: `${text}: catena quarantine list`, style: 'yellow' }]]
}

function kafkaLines(kafka: SourcesReport['kafka']): Span[][] {
  if (kafka === undefined) return []
  if (kafka === 'unknown')
    return [[{ text: 'Kafka: no broker answers, so what waits there is unknown.', style: 'yellow' }]]
  const behind = kafka.filter(({ messages }) => messages > 0)
  if (behind.length === 0) return [[plain('Kafka: nothing waits.')]]
  const each = behind.map(({ topic, partition, messages }) => `${topic}/${partition} ${count(messages)}`)
  const total = counted(sum(behind.map(({ messages }) => messages)), 'message')
  return [[{ text: `Kafka: ${total} not read yet: ${each.join(', ')}`, style: 'yellow' }]]
}

function readModel({ behind, conservation: { head } }: SourcesReport): Span[] {
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

function notInterpreted({ notInterpreted: types }: SourcesReport): Span[][] {
  if (types.length === 0) return []
  const text =
    'Could not be interpreted (stored, and read again by the next version of Catena; until then they are gaps of their sources):'
  const width = Math.max(...types.map(({ facts }) => count(facts).length))
  return [
    [{ text, style: 'yellow' }],
    ...types.map(({ source, type, failure, facts }) => [dim(`  ${count(facts).padStart(width)}  `), plain(`${source} ${type} (${failure})`)]), // prettier-ignore
  ]
}
