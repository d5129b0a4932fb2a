import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { documentControls } from './document.js'
import { CONTROLS } from './registry.js'

const FOLDER = fileURLToPath(new URL('../../../../docs/controls', import.meta.url))

describe('the pages about controls', () => {
  const pages = documentControls(CONTROLS)
  beforeAll(() => {
    if (process.env.UPDATE_CONTROLS !== '1') return
    mkdirSync(FOLDER, { recursive: true })
    for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text)
  })

  it('R5.1 are the ones in docs/controls (write them anew with npm run controls)', () => {
    expect(readdirSync(FOLDER).sort()).toEqual([...pages.keys()].sort())
    for (const [name, text] of pages) expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
  })
})
