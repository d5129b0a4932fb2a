import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import { withTimeLimit } from './time-limit.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Never done by itself. */
const endless = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))

describe('work with a time limit', () => {
  it('is given up in time, though the collector came by', async () => {
    const working = withTimeLimit(100, new AbortController().signal, endless)
    const ended = expect(Promise.race([working, sleep(2_000, 'not given up')])).rejects.toMatchObject({ name: 'TimeoutError' }) // prettier-ignore
    for (let round = 0; round < 5; round++) {
      await sleep(5)
      collect()
    }
    await ended
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
