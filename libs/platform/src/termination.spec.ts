import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { transformFileSync } from '@swc/core'
import { describe, expect, it } from '@jest/globals'

const { code } = transformFileSync(fileURLToPath(new URL('./termination.ts', import.meta.url)), {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
})
/** Needs so long to stop in order, and says when it begins. */
const program = (stopMs: number): string => `${code}
onTermination(() => new Promise((done) => { console.log('stopping'); setTimeout(() => { console.log('stopped'); done() }, ${stopMs}) }))
setInterval(() => undefined, 1_000)
console.log('ready')`

/** The same of a command that stops when it is interrupted. */
const command = (stopMs: number): string => `${code}
const signal = interruption()
signal.onabort = () => { console.log('stopping'); setTimeout(() => { console.log('stopped'); clearInterval(timer) }, ${stopMs}) }
const timer = setInterval(() => undefined, 1_000)
console.log('ready')`

async function ended(running: string, pausesMs: readonly number[]): Promise<{ code: unknown; said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', running], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await once(child.stdout, 'data')
  // Not at its exit, when what it said last may still be on its way.
  const close = once(child, 'close') as Promise<unknown[]>
  child.kill('SIGINT')
  // From here on it counts the time to the next signal.
  while (!said.includes('stopping')) await once(child.stdout, 'data')
  for (const pauseMs of pausesMs) {
    await new Promise((done) => setTimeout(done, pauseMs))
    child.kill('SIGINT')
  }
  const [exit, signal] = await close
  return { code: exit ?? signal, said }
}

describe('a process that is asked to end', () => {
  it('ends in order, also where its terminal and npm both hand on the same signal', async () => {
    expect(await ended(program(300), [5])).toEqual({ code: 0, said: 'ready\nstopping\nstopped\n' })
  })

  it('ends at once when it is asked again later', async () => {
    expect(await ended(program(60_000), [1_200])).toEqual({ code: 130, said: 'ready\nstopping\n' })
  })
})

describe('a command that is interrupted', () => {
  it('ends by itself, also where its terminal and npm both hand on the same signal', async () => {
    expect(await ended(command(300), [5])).toEqual({ code: 0, said: 'ready\nstopping\nstopped\n' })
  })

  it('ends at once when it is interrupted again later', async () => {
    expect(await ended(command(60_000), [1_200])).toEqual({ code: 'SIGINT', said: 'ready\nstopping\n' })
  })
})
