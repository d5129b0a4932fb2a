import { releaseEntries, type ReleaseDesk, type ReleaseResult } from '@catena/ingest'
import type { Quarantine, QuarantineEntry } from '@catena/ledger'
import { openReleaseDesk } from '@catena/runtime'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { ProgressLine } from '../ingest/progress-line.js'
import { operatorOf } from '../operator.js'
import { paperOf } from '../run-command.js'
import { count } from '../terminal/numbers.js'
import { releasedJson } from './json.js'
import { notQuarantined, wholeNumber } from './list.js'
import { releasedOf, renderReleased, renderResult } from './summary.js'

export interface ReleaseOptions {
  readonly source?: string
  readonly all?: boolean
  readonly file?: string
  readonly by?: string
  readonly json?: boolean
}

/** Entries looked for in one go, so that a packed file is unpacked seldom. */
const ENTRIES_MAX = 5_000

export async function releaseQuarantined(
  context: CliContext,
  ids: readonly string[],
  options: ReleaseOptions,
): Promise<ExitCode> {
  const wanted = [...new Set(ids.map((id) => wholeNumber(id, 'the number of a quarantined record')))]
  requireOneWay(wanted, options)
  const actor = operatorOf(context, options.by)
  const instance = await context.openInstance()
  try {
    const { file } = options
    const release = openReleaseDesk(instance, { actor, ...(file === undefined ? {} : { pathOf: () => file }) })
    const pages = wanted.length > 0 ? named(instance.ledger, wanted) : openOnes(instance.ledger, options.source)
    const results = await releaseAll(context, release.desk, pages, options).finally(() => release.close())
    return conclude(context, results, wanted.length > 0, options)
  } finally {
    await instance.close()
  }
}

function requireOneWay(ids: readonly number[], { source, all }: ReleaseOptions): void {
  const ways = [ids.length > 0, source !== undefined, all === true].filter((way) => way).length
  if (ways !== 1) throw new CommandFailure('say which: their numbers, or --source <source>, or --all')
}

async function* named(ledger: Quarantine, ids: readonly number[]): AsyncGenerator<QuarantineEntry[]> {
  const entries: QuarantineEntry[] = []
  const unknown: number[] = []
  for (const id of ids) {
    const entry = await ledger.quarantineEntry(id)
    if (entry === undefined) unknown.push(id)
    else entries.push(entry)
  }
  if (unknown.length > 0) throw notQuarantined(unknown)
  yield entries
}

async function* openOnes(ledger: Quarantine, source: string | undefined): AsyncGenerator<QuarantineEntry[]> {
  const query = { limit: ENTRIES_MAX, state: 'open' as const, ...(source === undefined ? {} : { source }) }
  for (let after = 0; ;) {
    const entries = await ledger.quarantineEntries({ ...query, after })
    if (entries.length > 0) yield entries
    if (entries.length < ENTRIES_MAX) return
    after = entries.at(-1)?.id ?? after
  }
}

async function releaseAll(
  context: CliContext,
  desk: ReleaseDesk,
  pages: AsyncIterable<readonly QuarantineEntry[]>,
  { file, json }: ReleaseOptions,
): Promise<ReleaseResult[]> {
  const results: ReleaseResult[] = []
  const line = new ProgressLine(context.stderr, () => context.now())
  let looked = 0
  try {
    for await (const entries of pages) {
      if (file !== undefined) requireOneFile(entries)
      results.push(
        ...(await releaseEntries(desk, entries, () => {
          looked++
          if (context.isTerminal && json !== true) line.draw(() => `${count(looked)} records looked for`)
        })),
      )
    }
  } finally {
    line.erase()
  }
  return results
}

/** `--file` stands for one file, so that bytes of another are not looked for in it. */
function requireOneFile(entries: readonly QuarantineEntry[]): void {
  const files = new Set(entries.map(({ locator }) => (locator.door === 'file' ? locator.file : undefined)))
  if (files.size === 1 && !files.has(undefined)) return
  throw new CommandFailure(
    files.has(undefined)
      ? '--file is for records that were read from a file: name those by their numbers'
      : `--file stands for one file, and these were read from ${files.size}: name those of one by their numbers`,
  )
}

function conclude(
  context: CliContext,
  results: readonly ReleaseResult[],
  wereNamed: boolean,
  { json }: ReleaseOptions,
): ExitCode {
  const released = releasedOf(results)
  const paper = paperOf(context)
  if (json === true) context.stdout.write(releasedJson(released))
  else {
    if (wereNamed) for (const result of results) context.stdout.write(renderResult(result, paper))
    context.stdout.write(renderReleased(released, paper))
  }
  const { counts } = released
  if (counts.unreached > 0) return EXIT.failed
  return counts.unreadable + counts.gone > 0 ? EXIT.quarantined : EXIT.ok
}
