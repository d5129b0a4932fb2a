import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CannotStart } from './cannot-start.js'

const KEY_BYTES = 32

/**
 * The key behind record ids and masked values (32 bytes). Made at the first start and never changed: with another key every
 * record would look new. Throws when others may read the file or when it is not what was written.
 */
export async function loadInstallationKey(file: string): Promise<Buffer> {
  if (!existsSync(file)) await createOnce(file)
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new CannotStart(`${file} is open to other users: chmod 600 ${file}, and consider the key known to them`)
  }
  const key = await readFile(file)
  if (key.length !== KEY_BYTES)
    throw new CannotStart(`${file} is no installation key (${KEY_BYTES} bytes): restore it from a backup`)
  return key
}

/** Written aside and linked: of several first starts one wins, and nobody reads half a key. */
async function createOnce(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(randomBytes(KEY_BYTES))
    await handle.sync()
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await handle.close()
    await unlink(draft)
  }
}
