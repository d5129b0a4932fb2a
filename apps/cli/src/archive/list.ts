import { listArchives, PARTITION_POSITIONS, type Archives } from '@catena/ledger'
import type { CliContext } from '../context.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { paperOf } from '../run-command.js'
import { count } from '../terminal/numbers.js'
import { paint, plain, type Paper, type Span } from '../terminal/paint.js'
import { paintTable, type Column } from '../terminal/table.js'
import { show } from '../trace/json.js'

const COLUMNS: readonly Column[] = [
  { title: 'first', align: 'right' },
  { title: 'last', align: 'right' },
  { title: 'records', align: 'right' },
  { title: 'file', align: 'left' },
  { title: '', align: 'left' },
]

export async function listDetached(context: CliContext, { json }: { json?: boolean }): Promise<ExitCode> {
  const instance = await context.openInstance()
  try {
    const archives = await listArchives(instance.databaseUrl)
    context.stdout.write(json === true ? archivesJson(archives) : renderArchives(archives, paperOf(context)))
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

function renderArchives(archives: Archives, paper: Paper): string {
  const table = archives.detached.length === 0 ? '' : `${paintTable(COLUMNS, archives.detached.map(row), paper)}\n\n`
  return `${table}${paint([plain(couldBe(archives))], paper)}\n`
}

function row({ first, last, file, manifest }: Archives['detached'][number]): Span[] {
  const records = Object.values(manifest?.records ?? {}).reduce((sum, each) => sum + each, 0)
  return [
    plain(count(first)),
    plain(count(last)),
    plain(manifest === undefined ? '?' : count(records)),
    { text: file, style: 'bold' },
    manifest === undefined ? { text: 'not declared in the ledger', style: 'red' } : plain(''),
  ]
}

function couldBe({ detached, closedUpTo, head }: Archives): string {
  const none = detached.length === 0 ? 'Nothing is in files. ' : ''
  if (closedUpTo === 0)
    return `${none}No partition is full yet: the first ends at position ${count(PARTITION_POSITIONS - 1)}, the ledger at ${count(head)}.`
  return `${none}Full partitions end at position ${count(closedUpTo)}, the ledger at ${count(head)}.`
}

function archivesJson({ detached, closedUpTo, head }: Archives): string {
  const ranges = detached.map(({ first, last, file, manifest }) => ({ first, last, file, manifest: manifest ?? null }))
  return show({ detached: ranges, closedUpTo, head })
}
