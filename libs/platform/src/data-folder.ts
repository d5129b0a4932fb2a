import { mkdir } from 'node:fs/promises'
import { ConfigurationError } from './configuration-error.js'

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'a file of that name stands there',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the path is too long',
}

/** With all folders above it. The first one that was made; undefined: it was there. Throws ConfigurationError. */
export async function makeDataFolder(folder: string): Promise<string | undefined> {
  try {
    return await mkdir(folder, { recursive: true })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new ConfigurationError('CATENA_DATA', [
      `${folder} cannot be made a folder (${REASONS[code] ?? code}): name another one`,
    ])
  }
}
