import { stat } from 'node:fs/promises'
import type { QuarantineEntry } from '@catena/ledger'
import { InputFailure } from '../input/input-failure.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'
import { foundInFile, type Found } from './found.js'
import { readRanges } from './read-ranges.js'

export interface FileEntry {
  readonly entry: QuarantineEntry
  readonly from: number
  readonly to: number
}

/** Looks for the entries of one file, in the order of their bytes. */
export async function* findInFile(
  path: string,
  entries: readonly FileEntry[],
  keys: IntakeKeys,
): AsyncGenerator<readonly [QuarantineEntry, Found]> {
  const ascending = [...entries].sort((a, b) => a.from - b.from)
  let settled = 0
  try {
    await stat(path)
    for await (const bytes of readRanges(path, ascending)) {
      const one = ascending[settled++]
      if (one !== undefined) yield [one.entry, foundInFile(one.entry, bytes, one.from, keys)]
    }
  } catch (error) {
    const failure = failureOf(error)
    for (const { entry } of ascending.slice(settled)) yield [entry, failure]
  }
}

/** A file that is away or holds no text any more does not come back by waiting; what the machine refuses may. */
function failureOf(error: unknown): Found {
  const { code } = error as { code?: unknown }
  if (code === 'ENOENT' || code === 'ENOTDIR') return { gone: 'the file is not there' }
  if (!(error instanceof InputFailure)) {
    if (typeof code !== 'string') throw error
    return { unreached: `the file cannot be looked at (${code})` }
  }
  if (error.code === 'cannot-open' || error.code === 'cannot-read') return { unreached: error.message }
  return { gone: `the file is another one now, or damaged: ${error.message}` }
}
