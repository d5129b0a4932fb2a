import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { isWithin } from './is-within.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-within-'))
  await mkdir(join(folder, 'logs'))
  await mkdir(join(folder, 'logs-of-others'))
  await writeFile(join(folder, 'logs', 'audit.log'), '')
  await writeFile(join(folder, 'logs-of-others', 'audit.log'), '')
  await symlink('/etc/passwd', join(folder, 'logs', 'passwd'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('a path', () => {
  it.each([
    ['logs/audit.log', true],
    ['logs/../logs/audit.log', true],
    ['logs/../../../etc/passwd', false],
    ['logs/passwd', false],
    ['logs-of-others/audit.log', false],
    ['logs/nothing', false],
    ['logs/audit.log\0.txt', false],
  ])('%s leads into the folder: %s', async (path, isInside) => {
    expect(await isWithin(`${folder}/${path}`, [join(folder, 'logs')])).toBe(isInside)
    expect(await isWithin(`${folder}/${path}`, [])).toBe(false)
  })
})
