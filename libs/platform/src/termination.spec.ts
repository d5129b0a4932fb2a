import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { transformFileSync } from '@swc/core'
import { describe, expect, it } from '@jest/globals'

const { code } = transformFileSync(fileURLToPath(new URL('./termination.ts', import.meta.url)), {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
})
/** Needs 300 ms to stop in order, or for ever. */
const program = (stopMs: number): string => `${code}
onTermination(() => new Promise((done) => setTimeout(() => { console.log('stopped'); done() }, ${stopMs})))
setInterval(() => undefined, 1_000)
console.log('ready')`

async function ended(stopMs: number, pausesMs: readonly number[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(stopMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await once(child.stdout, 'data')
  const exit = once(child, 'exit') as Promise<unknown[]>
  child.kill('SIGINT')
  for (const pauseMs of pausesMs) {
    await new Promise((done) => setTimeout(done, pauseMs))
    child.kill('SIGINT')
  }
  return { code: (await exit)[0], said }
}

describe('a process that is asked to end', () => {
  it('ends in order, also where its terminal and npm both hand on the same signal', async () => {
    expect(await ended(300, [5])).toEqual({ code: 0, said: 'ready\nstopped\n' })
  })

  it('ends at once when it is asked again later', async () => {
    expect(await ended(60_000, [1_200])).toEqual({ code: 130, said: 'ready\n' })
  })
})
