import { isAlive } from './processes.js'
import { startPostgresServer, type PostgresServer } from './postgres-server.js'

/** Longest time until a dead server is noticed. */
const LOOK_EVERY_MS = 500

/** Starts the server of a folder again whenever it dies: killed for want of memory, say, or ended by a full disk. */
export function watchPostgresServer(folder: string, server: PostgresServer): { end(): Promise<void> } {
  let { pid } = server
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    if (isAlive(pid)) return
    // It may refuse while processes of the old one are still ending or the disk is full: the next look tries again.
    pid = (await startPostgresServer({ folder }).catch(() => undefined))?.pid ?? pid
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined))
  }, LOOK_EVERY_MS)
  timer.unref()
  return {
    async end() {
      clearInterval(timer)
      await looking
    },
  }
}
