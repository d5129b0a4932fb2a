import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Thread } from './thread.js'

describe('a thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-thread-'))
  const diary = join(folder, 'diary')
  const threads: Thread[] = []
  const errors: unknown[] = []
  afterEach(async () => {
    await Promise.all(threads.splice(0).map((thread) => thread.stop()))
    errors.length = 0
    rmSync(diary, { force: true })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** A thread whose part begins with this; it notes in the diary what it does. */
  const begun = async (begin: string): Promise<Thread> => {
    const outfile = join(folder, `${threads.length}-${Date.now()}.mjs`)
    const contents = `
      import { appendFileSync, existsSync } from 'node:fs'
      import { inThread } from './thread.ts'
      await inThread((data) => { const note = (line) => appendFileSync(data.diary, line + '\\n'); ${begin} })`
    await build({ stdin: { contents, resolveDir: import.meta.dirname, loader: 'js' }, outfile, bundle: true, platform: 'node', format: 'esm' }) // prettier-ignore
    const thread = new Thread({ file: pathToFileURL(outfile), data: { diary, word: 'given' }, onError: (error) => errors.push(error) }) // prettier-ignore
    threads.push(thread)
    thread.start()
    return thread
  }
  const noted = (): string[] => {
    try {
      return readFileSync(diary, 'utf8').split('\n').filter(Boolean)
    } catch {
      return []
    }
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  it('begins its part with the data, and has stopped it when stop resolves', async () => {
    const thread = await begun(`
      note(data.word)
      return { stop: async () => { await new Promise((resolve) => setTimeout(resolve, 50)); note('stopped') } }`)
    await until(() => noted().length > 0)
    await thread.stop()
    expect(noted()).toEqual(['given', 'stopped'])
    expect(errors).toEqual([])
  })

  it('stops a part that is told to before it has begun', async () => {
    const thread = await begun(`return { stop: async () => note('stopped') }`)
    await thread.stop()
    expect(noted()).toEqual(['stopped'])
  })

  it('that ends by an error is told of, and begins again', async () => {
    await begun(`
      note('begun')
      setTimeout(() => { throw new Error('out of luck') }, 5)
      return { stop: async () => undefined }`)
    await until(() => noted().length >= 2)
    expect(errors).toContainEqual(expect.objectContaining({ message: 'out of luck' }))
  })

  it('keeps nobody waiting, however long it takes', async () => {
    const thread = await begun(`
      note('begun')
      while (!existsSync(data.diary + '.go')) {}
      note('through')
      return { stop: async () => undefined }`)
    await until(() => noted().includes('begun'))
    writeFileSync(`${diary}.go`, '')
    await thread.stop()
    expect(noted()).toEqual(['begun', 'through'])
  })
})
