import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { flushFile } from '@catena/platform'
import type { CliContext } from './context.js'
import { CommandFailure } from './exit-codes.js'

/** Why a file cannot be written; other codes are those of what is written into it. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file system takes no file of this size',
  EIO: 'the disk does not work',
}

/**
 * To the terminal, or into a file of its own: that has its name once all is in it and on disk, so that what was interrupted neither looks whole
 * nor is in the way of the next attempt. Throws CommandFailure where nothing can be written, also where a file of that name is there.
 */
export async function writeOutput({ stdout }: Pick<CliContext, 'stdout'>, file: string | undefined, pieces: AsyncIterable<string>): Promise<void> {
  if (file === undefined) {
    for await (const piece of pieces) stdout.write(piece)
    return
  }
  requireFree(file)
  const draft = `${file}.part`
  try {
    await rm(draft, { force: true })
    await pipeline(Readable.from(pieces), createWriteStream(draft, { flags: 'wx', mode: 0o600 }))
    await flushFile(draft)
    requireFree(file)
    await rename(draft, file)
    await flushFile(dirname(file))
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw explained(error, file)
  }
} // prettier-ignore

function requireFree(file: string): void {
  if (existsSync(file)) throw new CommandFailure(`${file} is there already: name another file, or remove it first`)
}

function explained(error: unknown, file: string): unknown {
  const reason = whyUnwritten(error)
  return reason === undefined ? error : new CommandFailure(`${file} cannot be written: ${reason}`)
}

/** In words; undefined where it is no fault of a file. */
export function whyUnwritten(error: unknown): string | undefined {
  return REASONS[(error as NodeJS.ErrnoException).code ?? '']
}
