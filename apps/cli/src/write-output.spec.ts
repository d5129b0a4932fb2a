import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fakeContext } from './testing/fake-context.js'
import { writeOutput } from './write-output.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-output-'))
  file = join(folder, 'report.csv')
})
afterEach(() => rm(folder, { recursive: true }))

/** More than any buffer holds, then what `atEnd` does. */
async function* pieces(atEnd: () => void = () => undefined): AsyncGenerator<string> {
  for (let n = 0; n < 64; n++) yield await Promise.resolve(`${String(n).padEnd(16_383, '.')}\n`)
  atEnd()
  yield 'the end\n'
}

describe('a file that a command writes', () => {
  it('has its name once everything is in it, for nobody else to read', async () => {
    const seen: boolean[] = []
    await writeOutput(fakeContext(), file, pieces(() => seen.push(existsSync(file)))) // prettier-ignore
    expect(seen).toEqual([false])
    expect((await readFile(file, 'utf8')).slice(-8)).toBe('the end\n')
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600')
    expect(await readdir(folder)).toEqual(['report.csv'])
  })

  it('is not there where the writing failed, and the next attempt writes it', async () => {
    const fails = () => {
      throw new Error('the database went away')
    }
    await expect(writeOutput(fakeContext(), file, pieces(fails))).rejects.toThrow('the database went away')
    expect(await readdir(folder)).toEqual([])
    await writeOutput(fakeContext(), file, pieces())
    expect((await readFile(file, 'utf8')).slice(-8)).toBe('the end\n')
  })

  it('is written anew after a process that was killed at it', async () => {
    await writeFile(`${file}.part`, 'half of')
    await writeOutput(fakeContext(), file, pieces())
    expect(await readdir(folder)).toEqual(['report.csv'])
  })

  it('takes the place of no other, which is said, as is a folder that is not there', async () => {
    await writeFile(file, 'kept')
    await expect(writeOutput(fakeContext(), file, pieces())).rejects.toThrow(
      `${file} is there already: name another file, or remove it first`,
    )
    expect(await readFile(file, 'utf8')).toBe('kept')
    const nowhere = join(folder, 'none', 'report.csv')
    await expect(writeOutput(fakeContext(), nowhere, pieces())).rejects.toThrow(
      `${nowhere} cannot be written: there is no such folder`,
    )
  })
})
