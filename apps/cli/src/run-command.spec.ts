import { describe, expect, it } from '@jest/globals'
import { DatabaseUnavailable } from '@catena/platform'
import { CommandFailure, EXIT } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { fakeContext } from './testing/fake-context.js'

async function failWith(error: Error): Promise<{ code: number | undefined; errors: string }> {
  const context = fakeContext()
  await runCommand(context, () => Promise.reject(error))
  return { code: context.code(), errors: context.errors() }
}

describe('a command', () => {
  it('ends with the code that it returns', async () => {
    const context = fakeContext()
    await runCommand(context, () => Promise.resolve(EXIT.nothingFound))
    expect([context.code(), context.errors()]).toEqual([3, ''])
  })

  it('ends with 5 where the database cannot be reached, however that shows', async () => {
    expect(await failWith(new DatabaseUnavailable('not available'))).toEqual({
      code: 5,
      errors: 'catena: not available\n',
    })
    expect((await failWith(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).code).toBe(5)
    expect((await failWith(Object.assign(new Error('open'), { code: 'EACCES', path: '/x' }))).code).toBe(1)
  })

  it.each([
    Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }),
    new Error('Client has encountered a connection error and is not queryable'),
  ])('says what to do where the database went away under it ($message)', async (error) => {
    const { code, errors } = await failWith(error)
    expect(code).toBe(5)
    expect(errors).toBe(
      `catena: the database went away meanwhile (${error.message}): run this again once it is there\n`,
    )
  })

  it('says what to do where the database answers that it cannot', async () => {
    const full = Object.assign(new Error('sorry, too many clients already'), { code: '53300' })
    expect(await failWith(full)).toEqual({
      code: 5,
      errors:
        'catena: the database is not available (sorry, too many clients already): all its connections are taken: end what holds them, or raise max_connections\n',
    })
  })

  it('tells a failure in words that cannot control the terminal', async () => {
    expect(await failWith(new CommandFailure('a\u001b[2Jb\nc', EXIT.notUnique))).toEqual({
      code: 4,
      errors: 'catena: a\\x1b[2Jb\nc\n',
    })
  })
})

describe('colour', () => {
  it('is for terminals without NO_COLOR', () => {
    const colourOf = (isTerminal: boolean, env: Record<string, string>): boolean =>
      paperOf(fakeContext({ isTerminal, env })).colour
    expect([colourOf(true, {}), colourOf(false, {})]).toEqual([true, false])
    expect([colourOf(true, { NO_COLOR: '1' }), colourOf(true, { TERM: 'dumb' })]).toEqual([false, false])
  })
})
