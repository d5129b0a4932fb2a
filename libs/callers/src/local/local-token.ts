import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const FILE = 'local.token'
const FORM = /^catena_local_[A-Za-z0-9_-]{43}$/

/** Where the token of the local person is, in a data folder. */
export function localTokenFile(dataFolder: string): string {
  return join(dataFolder, FILE)
}

/**
 * Lets whoever may read the data folder use the API: made at the first start, readable by its owner only, kept until it is deleted.
 * Throws where others may read it or it is damaged.
 */
export async function loadLocalToken(dataFolder: string): Promise<string> {
  const file = localTokenFile(dataFolder)
  const found = await readLocalToken(dataFolder)
  if (found !== undefined) return found
  await createOnce(file)
  return (await readLocalToken(dataFolder)) ?? ''
}

/** Undefined: there is none. */
export async function readLocalToken(dataFolder: string): Promise<string | undefined> {
  const file = localTokenFile(dataFolder)
  const text = (await readFile(file, 'utf8').catch(() => undefined))?.trim()
  if (text === undefined) return undefined
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`${file} is open to other users: delete it and start again, and consider it known to them`)
  if (!FORM.test(text)) throw new Error(`${file} is damaged: delete it and start again`)
  return text
}

/** Written aside and linked: of several first starts one wins, and nobody reads half a token. */
async function createOnce(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`catena_local_${randomBytes(32).toString('base64url')}\n`)
    await handle.sync()
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await handle.close()
    await unlink(draft)
  }
}
