import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { joinInstance, openInstance, type Instance } from './index.js'

let folder: string
let running: Instance
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-joined-'))
  // As root the server runs as another user, who walks through here.
  await chmod(folder, 0o755)
  await writeFile(join(folder, 'own.yaml'), 'sources: [{ id: vault-own, kind: vault, scope: own }]')
  await writeFile(join(folder, 'catena.yaml'), 'sources: [{ id: vault-other, kind: vault, scope: other }]')
  const env = { CATENA_DATA: folder, CATENA_CONFIG: join(folder, 'own.yaml') }
  running = await openInstance(readSettings(env), env)
}, 120_000)
afterAll(async () => {
  await running.close()
  await rm(folder, { recursive: true, force: true })
})

async function sourcesBy(env: Record<string, string>): Promise<string[]> {
  const joined = await joinInstance(readSettings(env), env)
  await joined.close()
  return joined.configuration.sources.map(({ id }) => id)
}

describe('a process that runs with a catena.yaml of its own', () => {
  it('R1.9 is joined with that one, whatever lies where the command is given', async () => {
    expect(await sourcesBy({ CATENA_DATA: folder })).toEqual(['vault-own'])
  }, 60_000)

  it('is joined with another where CATENA_CONFIG names it', async () => {
    expect(await sourcesBy({ CATENA_DATA: folder, CATENA_CONFIG: join(folder, 'catena.yaml') })).toEqual(['vault-other']) // prettier-ignore
  }, 60_000)
})
