import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { assetsOf, bundleAssets, ROOT, type Assets } from './assets.js'

const SOURCE = join(ROOT, 'apps/api/src/pages/assets.ts')
const BUILD = join(ROOT, 'dist/apps/api/src/pages/assets.js')

let folder: string
let sources: Assets
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-pages-'))
  sources = await bundleAssets()
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

describe('the pages of an earlier build', () => {
  it('are served by that build, and by no sources beside it, which may have changed since', async () => {
    expect((await assetsOf(BUILD, folder))?.get('review.js')).toEqual(sources.get('review.js'))
    for (const name of sources.keys()) await writeFile(join(folder, name), 'of before')
    expect((await assetsOf(BUILD, folder))?.get('review.js')?.toString()).toBe('of before')
    expect((await assetsOf(SOURCE, folder))?.get('review.js')).toEqual(sources.get('review.js'))
  }, 60_000)
})
