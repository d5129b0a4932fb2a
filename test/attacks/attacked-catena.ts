import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLocalToken } from '@catena/callers'
import { readSettings } from '@catena/platform'
import { startTestPostgres } from '@catena/testing'
import { startAll } from '../../apps/cli/src/up.js'

/** Of the webhooks whose source names `webhook_secret_file: SECRET_FILE`. */
export const WEBHOOK_SECRET = 'shared with whoever sends webhooks'

/** All of Catena in this process, on a database of its own, with every door open on one port. */
export interface AttackedCatena {
  readonly url: string
  /** Of whoever started it. */
  readonly authorization: string
  isReady(): Promise<boolean>
  /** The second time it does nothing. */
  stop(): Promise<void>
}

/** `sources`: entries of `catena.yaml`, a line each. */
export async function startAttackedCatena(...sources: readonly string[]): Promise<AttackedCatena> {
  const [database, folder] = [await startTestPostgres(), await mkdtemp(join(tmpdir(), 'catena-attacked-'))]
  const secret = join(folder, 'secret')
  await writeFile(secret, WEBHOOK_SECRET)
  const file = join(folder, 'catena.yaml')
  await writeFile(file, `sources:\n${sources.map((one) => `  - ${one.replace('SECRET_FILE', secret)}\n`).join('')}`)
  const env = { DATABASE_URL: database.databaseUrl, CATENA_DATA: folder, CATENA_CONFIG: file, CATENA_PORT: '0', LOG_LEVEL: 'silent' } // prettier-ignore
  const running = await startAll(readSettings(env), env)
  const stop = async (): Promise<void> => {
    await running.stop()
    await database.stop()
    await rm(folder, { recursive: true })
  }
  let stopped: Promise<void> | undefined
  return {
    url: running.url,
    authorization: `Bearer ${await readLocalToken(folder)}`,
    isReady: async () => (await fetch(`${running.url}/health/ready`)).status === 200,
    stop: () => (stopped ??= stop()),
  }
}
