import { spawn } from 'node:child_process'
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { bundleProgram } from './bundle-program.js'

const ROOT = join(import.meta.dirname, '..', '..')
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'main.mjs')

let folder: string
beforeAll(() => bundleProgram(join(ROOT, 'apps', 'cli', 'src', 'main.ts')))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catena-output-'))
  chmodSync(folder, 0o711)
  writeFileSync(join(folder, 'catena.yaml'), 'sources:\n  - { id: idp, kind: keycloak, scope: acme }\n')
  const event = { id: 'e1', time: 1_772_000_000_000, type: 'LOGIN', realmId: 'acme', userId: 'u1', sessionId: 's1' }
  writeFileSync(join(folder, 'events.log'), `${JSON.stringify(event)}\n`)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A command on a database of its own; its output goes into a file, or, without one, to a reader that is gone before the first byte. */
async function run(output: string | undefined, ...words: string[]) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, CATENA_DATA: join(folder, 'data'), CATENA_CONFIG: join(folder, 'catena.yaml') }
  const file = output === undefined ? undefined : openSync(output, 'w')
  const child = spawn(process.execPath, [BUNDLE, ...words], { cwd: folder, env, stdio: ['ignore', file ?? 'pipe', 'pipe'] })
  child.stdout?.destroy()
  let said = ''
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()))
  const code = await new Promise<number | string>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? '')))
  if (file !== undefined) closeSync(file)
  return { code, said: said.split('\n').filter((line) => line.startsWith('catena') || line.startsWith(' ') || /Error/.test(line)), isLocked: existsSync(join(folder, 'data', 'catena.lock')) }
} // prettier-ignore

const itOnLinux = existsSync('/dev/full') ? it : it.skip

describe('a command whose output takes no more', () => {
  itOnLinux('does its work, closes its database, and says in one line that the disk is full', async () => {
    expect(await run('/dev/full', 'ingest', 'idp', join(folder, 'events.log'))).toEqual({
      code: 1,
      said: [
        expect.stringMatching(/^catena: the output is not whole: .*the disk is full.* look before you run it again$/),
      ],
      isLocked: false,
    })
    const shown = join(folder, 'shown')
    expect(await run(shown, 'sources')).toMatchObject({ code: 0, said: [] })
  })

  it('goes on without a word where its reader has what it wanted, as with `| head`', async () => {
    expect(await run(undefined, 'ingest', 'idp', join(folder, 'events.log'))).toEqual({
      code: 0,
      said: [],
      isLocked: false,
    })
    expect(await run(undefined, 'controls')).toMatchObject({ code: 0, said: [] })
  })
})
