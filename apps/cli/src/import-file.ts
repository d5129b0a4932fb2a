import { readFile } from 'node:fs/promises'
import { CommandFailure } from './exit-codes.js'
import { escapeText } from './terminal/escape.js'

/** Problems of a file that are named; more are counted. */
const PROBLEMS_MAX = 20

/** A file that somebody named. Throws CommandFailure. */
export async function readNamed(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new CommandFailure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`)
  })
}

/** The text of a file that somebody imports. Throws CommandFailure. */
export async function readImport(file: string): Promise<string> {
  const bytes = await readNamed(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandFailure(`nothing was imported: ${file} is not written in UTF-8, so names would be read wrong; save it as "CSV UTF-8"`)
  }
} // prettier-ignore

/** Says of a file, all of which is taken or nothing, what keeps it from being taken. */
export function nothingImported(file: string, problems: readonly string[]): CommandFailure {
  const shown = problems.slice(0, PROBLEMS_MAX).map((problem) => `  ${escapeText(problem)}`)
  const more = problems.length > PROBLEMS_MAX ? [`  and ${problems.length - PROBLEMS_MAX} more`] : []
  return new CommandFailure(
    [`nothing was imported: ${file} has rows that cannot be taken`, ...shown, ...more].join('\n'),
  )
}
