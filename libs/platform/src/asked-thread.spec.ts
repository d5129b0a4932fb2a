import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AskedThread } from './asked-thread.js'

describe('a thread that is asked', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-asked-'))
  const threads: AskedThread<unknown, unknown>[] = []
  afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.end())))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** A thread that answers by this, begun with `data`. */
  const begun = async (answer: string): Promise<AskedThread<unknown, unknown>> => {
    const outfile = join(folder, `${Date.now()}-${Math.random()}.mjs`)
    const contents = `
      import { answerInThread } from './asked-thread.ts'
      answerInThread((data) => async (question) => { ${answer} })`
    await build({ stdin: { contents, resolveDir: import.meta.dirname, loader: 'js' }, outfile, bundle: true, platform: 'node', format: 'esm' }) // prettier-ignore
    const thread = new AskedThread(pathToFileURL(outfile), { word: 'given' })
    threads.push(thread)
    return thread
  }

  it('answers each question with its own answer, in whatever order it comes to them', async () => {
    const thread = await begun(`
      await new Promise((resolve) => setTimeout(resolve, question))
      return { answer: [data.word, question], moved: [] }`)
    const answers = await Promise.all([40, 0, 20].map((question) => thread.ask(question)))
    expect(answers).toEqual([['given', 40], ['given', 0], ['given', 20]]) // prettier-ignore
  })

  it('hands memory over', async () => {
    const thread = await begun(`
      const bytes = new Uint8Array([1, 2, 3])
      return { answer: bytes, moved: [bytes.buffer] }`)
    expect(await thread.ask('bytes')).toEqual(new Uint8Array([1, 2, 3]))
  })

  it('tells who asked what went wrong, and answers on', async () => {
    const thread = await begun(`
      if (question === 'bad') throw new Error('cannot say')
      return { answer: 'said', moved: [] }`)
    await expect(thread.ask('bad')).rejects.toThrow('cannot say')
    expect(await thread.ask('good')).toBe('said')
  })

  it('that ends leaves nobody waiting, and says so to whoever asks later', async () => {
    const thread = await begun(`
      if (question === 'end') setTimeout(() => { throw new Error('out of luck') }, 1)
      return new Promise(() => undefined)`)
    const waiting = [thread.ask('long'), thread.ask('end')]
    for (const one of await Promise.allSettled(waiting))
      expect(one).toMatchObject({ status: 'rejected', reason: { message: 'out of luck' } })
    await expect(thread.ask('later')).rejects.toThrow('out of luck')
  })

  it('leaves nobody waiting whom its owner ends it under', async () => {
    const thread = await begun('return new Promise(() => undefined)')
    const waiting = thread.ask('long')
    await Promise.all([thread.end(), expect(waiting).rejects.toThrow('has ended')])
  })
})
