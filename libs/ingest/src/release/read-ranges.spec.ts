import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { RECORD_BYTES_MAX } from '../framing/framed.js'
import { readRanges, type ByteRange } from './read-ranges.js'

/** Longer than what is read at once, so that ranges begin and end in several pieces. */
const content = Buffer.from(Array.from({ length: 400_000 }, (_, index) => `${index}\n`).join(''))
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-ranges-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(bytes: Buffer, ranges: readonly ByteRange[]): Promise<Buffer[]> {
  const path = join(folder, 'file')
  await writeFile(path, bytes)
  const found: Buffer[] = []
  for await (const one of readRanges(path, ranges)) found.push(one)
  return found
}

describe.each([
  ['a plain file', content],
  ['a gzip file', gzipSync(content)],
])('ranges of %s', (_, bytes) => {
  it.each([
    ['ascending', [[0, 5], [5, 9], [262_140, 262_150], [1_000_000, 1_600_000]]],
    ['overlapping, as two versions of one log leave them', [[900_000, 900_050], [900_010, 900_020], [900_015, 1_200_000]]],
    ['in any order', [[2_000_000, 2_000_010], [3, 8], [600_000, 600_001], [0, 1]]],
  ])('are read %s', async (__, pairs) => {
    const ranges = pairs.map(([from, to]) => ({ from: from!, to: to! }))
    expect(await read(bytes, ranges)).toEqual(ranges.map(({ from, to }) => content.subarray(from, to)))
  }) // prettier-ignore

  it('end where the file ends, and are cut behind the largest record', async () => {
    const size = content.length
    const ranges = [{ from: 0, to: size }, { from: size - 3, to: size + 9 }, { from: size + 5, to: size + 9 }] // prettier-ignore
    expect(await read(bytes, ranges)).toEqual([
      content.subarray(0, RECORD_BYTES_MAX + 1),
      content.subarray(size - 3),
      Buffer.alloc(0),
    ])
  })
})
