import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, findInstance } from '@catena/platform'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bundleProgram } from './bundle-program.js'

const ROOT = join(import.meta.dirname, '..', '..')
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'main.mjs')

let folder: string
beforeAll(() => bundleProgram(join(ROOT, 'apps', 'cli', 'src', 'main.ts')))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catena-interrupted-'))
  chmodSync(folder, 0o711)
  writeFileSync(join(folder, 'catena.yaml'), 'sources:\n  - { id: idp, kind: keycloak, scope: acme }\n')
  const event = { id: 'e1', time: 1_772_000_000_000, type: 'LOGIN', realmId: 'acme', userId: 'u1', sessionId: 's1' }
  writeFileSync(join(folder, 'events.log'), `${JSON.stringify(event)}\n`)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** `catena ingest --follow` on a database of its own, at work, and interrupted once or, after so long each, again. */
async function interrupted(...pausesMs: readonly number[]) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, CATENA_DATA: join(folder, 'data'), CATENA_CONFIG: join(folder, 'catena.yaml') }
  const child = spawn(process.execPath, [BUNDLE, 'ingest', 'idp', join(folder, 'events.log'), '--follow'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
  const ended = new Promise<number | string>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? '')))
  while (child.exitCode === null && !(await hasStored())) await sleep(50)
  child.kill('SIGINT')
  for (const pauseMs of pausesMs) {
    await sleep(pauseMs)
    child.kill('SIGINT')
  }
  return { code: await ended, said, isLocked: existsSync(join(folder, 'data', 'catena.lock')) }
} // prettier-ignore

async function hasStored(): Promise<boolean> {
  const { databaseUrl } = (await findInstance(join(folder, 'data'))) ?? {}
  if (databaseUrl === undefined) return false
  const client = await connect(databaseUrl, { applicationName: 'test' }).catch(() => undefined)
  try {
    const { rows } = (await client?.query<{ count: number }>('SELECT count(*)::int FROM event')) ?? { rows: [] }
    return (rows[0]?.count ?? 0) > 0
  } catch {
    return false
  } finally {
    await client?.end()
  }
}

describe('a command with a database of its own that ends by itself when it is interrupted', () => {
  it.each([
    ['once', []],
    ['by its terminal and by npm', [5]],
  ])('R1.9 stores what it was reading and tells what it stored, then stops the database: %s', async (_, pausesMs) => {
    const { code, said, isLocked } = await interrupted(...pausesMs)
    expect({ code, isLocked }).toEqual({ code: 0, isLocked: false })
    expect(said).toMatch(/1 read, 1 stored[^]*idp: 1 record read/)
  })
})
