import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { ConfigurationError } from './configuration-error.js'
import { makeDataFolder } from './data-folder.js'

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-data-folder-'))
  const file = join(folder, 'file')
  writeFileSync(file, '')
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    [file, 'a file of that name stands there'],
    [join(file, 'below'), 'a part of the path is a file'],
    [join(folder, 'x'.repeat(300)), 'the path is too long'],
  ])('that cannot be made is told by its reason: %s', async (path, reason) => {
    const failure: unknown = await makeDataFolder(path).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ConfigurationError)
    expect(String(failure)).toBe(
      `ConfigurationError: CATENA_DATA has a mistake:\n  ${path} cannot be made a folder (${reason}): name another one`,
    )
  })

  it('is made with all above it, once', async () => {
    const path = join(folder, 'a', 'b')
    expect(await makeDataFolder(path)).toBe(join(folder, 'a'))
    expect(existsSync(path)).toBe(true)
    expect(await makeDataFolder(path)).toBeUndefined()
  })
})
