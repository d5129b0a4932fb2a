import { setImmediate as settled } from 'node:timers/promises'
import { createGunzip, type Gunzip } from 'node:zlib'
import { InputFailure } from './input-failure.js'

/** Compressed bytes taken at once, so that even a bomb (1 : 1,000) stays small in memory. */
const STEP_BYTES = 16 * 1024

/**
 * Decompresses gzip of any number of members. Everything that could be read is given before it throws an InputFailure
 * (`gzip-ends-early`, `gzip-corrupt`).
 */
export async function* gunzip(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const engine = createGunzip()
  const ready: Buffer[] = []
  let failure: Error | undefined
  engine.on('data', (piece: Buffer) => ready.push(piece))
  engine.on('error', (error) => (failure = error))
  try {
    for await (const piece of compressed) {
      for (let at = 0; at < piece.length; at += STEP_BYTES) {
        await endOf(engine, (done) => engine.write(piece.subarray(at, at + STEP_BYTES), done))
        await settled()
        yield* ready.splice(0)
        if (failure !== undefined) throw asFailure(failure)
      }
    }
    // Only now: an error of the end must not overtake what was read before it.
    if (!engine.readableEnded) await endOf(engine, (done) => engine.once('end', done).end())
    yield* ready.splice(0)
    if (failure !== undefined) throw asFailure(failure)
  } finally {
    engine.destroy()
  }
}

/** Resolves when the step is done, or fails: an engine that failed no longer calls back. */
function endOf(engine: Gunzip, step: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    engine.once('error', resolve)
    step(() => {
      engine.off('error', resolve)
      resolve()
    })
  })
}

function asFailure(error: Error & { code?: string }): InputFailure {
  if (error.code === 'Z_BUF_ERROR') {
    return new InputFailure(
      'gzip-ends-early',
      'the gzip file ends early: it was cut off while it was written or copied',
    )
  }
  return new InputFailure('gzip-corrupt', `the gzip file is damaged (${error.message})`)
}
