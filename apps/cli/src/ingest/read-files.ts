import { basename } from 'node:path'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { ingestFile, type FileSummary } from '@catena/ingest'
import type { Ledger } from '@catena/ledger'
import type { CliContext, OpenLedger } from '../context.js'
import { paperOf } from '../run-command.js'
import { contentSize } from './file-size.js'
import { ProgressLine } from './progress-line.js'
import { renderProgress } from './progress.js'
import type { FileResult } from './summary.js'
import { EMPTY_TALLY } from '@catena/ingest'

export interface Reading {
  readonly source: SourceInstance
  readonly paths: readonly string[]
  readonly final: boolean
  readonly follow: boolean
  /** Draw progress on the error stream, which stays apart from what scripts read. */
  readonly showsProgress: boolean
  readonly signal: AbortSignal
  /** Called with each file that was read to its end. */
  readonly onFile: (result: FileResult) => void
}

/** Reads the files one after the other; all at once where they are followed, since none ends. */
export async function readFiles(context: CliContext, open: OpenLedger, reading: Reading): Promise<FileResult[]> {
  const line = new ProgressLine(context.stderr, () => context.now())
  const read = async (path: string, index: number): Promise<FileResult> => {
    const summary = await readFile(context, open, reading, path, titleOf(reading.paths, index), line)
    line.erase()
    const result = { path, summary }
    reading.onFile(result)
    return result
  }
  try {
    if (reading.follow) return await Promise.all(reading.paths.map(read))
    const results: FileResult[] = []
    for (const [index, path] of reading.paths.entries()) {
      if (!reading.signal.aborted) results.push(await read(path, index))
    }
    return results
  } finally {
    line.erase()
  }
}

function titleOf(paths: readonly string[], index: number): string {
  const path = paths[index] ?? ''
  const name = path === '-' ? 'standard input' : basename(path)
  return paths.length === 1 ? name : `${index + 1}/${paths.length} ${name}`
}

async function readFile(
  context: CliContext,
  { ledger, keys }: OpenLedger,
  { source, final, follow, signal, showsProgress }: Reading,
  path: string,
  title: string,
  line: ProgressLine,
): Promise<FileSummary> {
  const startedAt = context.now()
  const sizeBytes = path === '-' || !showsProgress ? undefined : await contentSize(path)
  const meter = new Meter(ledger)
  const draw = (tally = EMPTY_TALLY): void => {
    const elapsedMs = context.now() - startedAt
    const { startedAtByte, atByte } = meter
    const progress = { title, tally, sizeBytes, elapsedMs, startedAtByte, atByte, follows: follow }
    if (showsProgress) line.draw(() => renderProgress(progress, paperOf(context)))
  }
  draw()
  return ingestFile({
    path,
    ...(path === '-' ? { pipe: context.stdin } : {}),
    source,
    ledger: meter,
    connectorFor,
    keys,
    final,
    follow,
    signal,
    now: () => context.now(),
    onProgress: draw,
  })
}

/** Learns from what passes to the ledger how far a file has been read. */
class Meter implements Pick<Ledger, 'append' | 'laneStand'> {
  startedAtByte = 0
  atByte = 0

  constructor(private readonly ledger: Pick<Ledger, 'append' | 'laneStand'>) {}

  async append(batch: Parameters<Ledger['append']>[0]): ReturnType<Ledger['append']> {
    const outcome = await this.ledger.append(batch)
    this.atByte = Number(batch.advance?.next ?? this.atByte)
    return outcome
  }

  async laneStand(lane: string): ReturnType<Ledger['laneStand']> {
    const stand = await this.ledger.laneStand(lane)
    this.startedAtByte = Number(stand?.next ?? 0)
    this.atByte = this.startedAtByte
    return stand
  }
}
