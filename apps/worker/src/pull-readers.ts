import { existsSync } from 'node:fs'
import { systemClock, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type { Instance } from '@catena/runtime'
import { PieceThread, pieceReader, type ReadPiece } from '@catena/siem'

const THREAD = new URL('./pull-thread.js', import.meta.url)

/** What makes the pieces of a pull: the caller's thread, and one beside it that takes every second piece. */
export interface PullReaders {
  readonly readers: readonly [ReadPiece, ...ReadPiece[]]
  stop(): Promise<void>
}

/** Where code is compiled only as it is loaded, as in tests, there is no file of a thread, and the caller's does it alone. */
export function pullReaders({ databaseUrl }: Pick<Instance, 'databaseUrl'>, { pool }: Pick<AccessReader, 'pool'>, logger: Pick<Logger, 'error'>, file = THREAD): PullReaders {
  const here = pieceReader(pool, systemClock)
  if (!existsSync(file)) return { readers: [here], stop: () => Promise.resolve() }
  const thread = new PieceThread(file, databaseUrl, (error) => logger.error({ error }, 'the thread of pulls ended; pulls go on without it'))
  // Whatever the thread met is met again here, and told by whoever asks.
  const aside: ReadPiece = (question) => thread.read(question).catch(() => here(question))
  return { readers: [here, aside], stop: () => thread.stop() }
} // prettier-ignore
