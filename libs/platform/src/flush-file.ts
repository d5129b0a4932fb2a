import { open } from 'node:fs/promises'

/** Has what was written to a file, or of a folder the names in it, on disk before it returns. */
export async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
