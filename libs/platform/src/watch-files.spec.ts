import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, describe } from '@jest/globals'
import { watchFiles, type FileWatch } from './watch-files.js'

let folder: string
let file: string
let taken: number
let isBad: boolean
let problems: unknown[]
let watch: FileWatch | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catena-watch-'))
  file = join(folder, 'one')
  ;[taken, isBad, problems, watch] = [0, false, [], undefined]
  writeFileSync(file, 'a')
})
afterEach(() => {
  watch?.stop()
  rmSync(folder, { recursive: true })
})

const open = (everyMs = 60_000): FileWatch =>
  (watch = watchFiles([file, join(folder, 'other')], everyMs, () => {
    if (isBad) throw new Error('bad')
    taken++
  }, (error) => problems.push(error))) // prettier-ignore

describe('files that are exchanged while the process runs', () => {
  it('are taken at once, and again when one is another, gone or back', () => {
    const { look } = open()
    look()
    expect(taken).toBe(1)
    writeFileSync(file, 'ab')
    look()
    writeFileSync(join(folder, 'other'), '')
    look()
    rmSync(file)
    look()
    look()
    expect([taken, problems]).toEqual([4, []])
  })

  it('that cannot be taken are told once, and tried until they can', () => {
    const { look } = open()
    isBad = true
    writeFileSync(file, 'ab')
    look()
    look()
    expect([taken, problems]).toEqual([1, [new Error('bad')]])
    isBad = false
    look()
    look()
    expect([taken, problems]).toEqual([2, [new Error('bad')]])
  })

  it('that cannot be taken at the start stop it', () => {
    isBad = true
    expect(() => open()).toThrow('bad')
  })

  it('are looked at by themselves until it is stopped', async () => {
    const { stop } = open(5)
    writeFileSync(file, 'ab')
    while (taken < 2) await new Promise((later) => setTimeout(later, 5))
    stop()
    writeFileSync(file, 'abc')
    await new Promise((later) => setTimeout(later, 50))
    expect(taken).toBe(2)
  })
})
