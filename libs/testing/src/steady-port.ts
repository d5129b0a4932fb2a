import { randomInt } from 'node:crypto'
import { isFree } from '@catena/platform'

/** Below those that systems give to outgoing connections. */
const [LEAST, END] = [10_000, 30_000]

/** A free loopback port that nobody else takes while its server is down, or not up yet. */
export async function steadyPort(): Promise<number> {
  for (;;) {
    const port = randomInt(LEAST, END)
    if (await isFree(port)) return port
  }
}
