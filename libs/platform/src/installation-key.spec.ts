import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { loadInstallationKey } from './installation-key.js'

describe('an installation key', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catena-key-'))
    file = join(folder, 'data', 'installation.key')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made once, for its owner only, also when several start together', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => loadInstallationKey(file)))
    expect(keys[0]).toHaveLength(32)
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is refused when others can read it, or when it was cut', async () => {
    await loadInstallationKey(file)
    chmodSync(file, 0o644)
    await expect(loadInstallationKey(file)).rejects.toThrow(/open to other users/)
    chmodSync(file, 0o600)
    writeFileSync(file, 'short')
    await expect(loadInstallationKey(file)).rejects.toThrow(/no installation key/)
  })
})
