import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, runningServer } from '@catena/platform'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bundleProgram } from './bundle-program.js'

const BUNDLE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'catena-faults', 'embedded-process.mjs')

let folder: string
beforeAll(() => bundleProgram(join(import.meta.dirname, 'embedded-process.ts')))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catena-ended-'))
  chmodSync(folder, 0o711)
})
afterEach(() => rmSync(folder, { recursive: true }))

const server = () => runningServer(join(folder, 'postgres'))

describe('a command with a database of its own', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that %s ends leaves no server behind', async (signal, code) => {
    const child = spawn(process.execPath, [BUNDLE, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.once('exit', (exit, by) => resolve(exit ?? by)))
    for await (const line of createInterface(child.stdout)) if (line === 'started') break
    const { pid } = (await server())!
    child.kill(signal)
    expect(await ended).toBe(code)
    expect(isAlive(pid)).toBe(false)
    expect(existsSync(join(folder, 'catena.lock'))).toBe(false)
  })

  it('that is ended while the server starts leaves none behind either', async () => {
    const child = spawn(process.execPath, [BUNDLE, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((resolve) => child.once('exit', (exit, by) => resolve(exit ?? by)))
    while ((await server()) === undefined) await sleep(5)
    child.kill('SIGTERM')
    expect(await ended).toBe(143)
    expect(await server()).toBeUndefined()
  })
})
