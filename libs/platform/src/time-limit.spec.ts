import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from '@jest/globals'
import { transform } from 'esbuild'
import { withTimeLimit } from './time-limit.js'

/** Gives up work while the collector comes by, and says how it ended. */
const COLLECTED = `
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const endless = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
const working = withTimeLimit(100, new AbortController().signal, endless)
const ended = Promise.race([working, sleep(2_000, 'not given up')]).catch(({ name }) => name)
for (let round = 0; round < 5; round++) {
  await sleep(5)
  collect()
}
parentPort.postMessage(await ended)
`

/** Never done by itself. */
const endless = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))

describe('work with a time limit', () => {
  it('is given up in time, though the collector came by', async () => {
    // In a thread of its own: here the collector would go through all that the spec files before have left.
    const { code } = await transform(readFileSync(new URL('time-limit.ts', import.meta.url), 'utf8'), { loader: 'ts' })
    const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code + COLLECTED)}`))
    expect(await once(thread, 'message')).toEqual(['TimeoutError'])
  })

  it('is given up with whatever it is part of, also where that was over before', async () => {
    const outer = new AbortController()
    const working = withTimeLimit(60_000, outer.signal, endless)
    outer.abort(new Error('stopped'))
    await expect(working).rejects.toThrow('stopped')
    await expect(withTimeLimit(60_000, outer.signal, ({ aborted }) => Promise.resolve(aborted))).resolves.toBe(true)
  })

  it('answers as the work does', async () => {
    const { signal } = new AbortController()
    await expect(withTimeLimit(60_000, signal, () => Promise.resolve(1))).resolves.toBe(1)
    await expect(withTimeLimit(60_000, signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  })
})
