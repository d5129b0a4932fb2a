import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import { registerSimulate } from './simulate.js'
import { fakeContext, type FakeContext } from './testing/fake-context.js'

describe('catena simulate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-simulate-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function run(...words: readonly string[]): Promise<FakeContext> {
    const context = fakeContext()
    const program = new Command()
    registerSimulate(program, context)
    await program.parseAsync(['simulate', '--days', '6', '--rate', '200', '--people', '8', ...words], { from: 'user' })
    return context
  }

  it('writes a folder like a recording, the same again for the same options', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')]
    const context = await run('--out', one)
    expect([context.code(), context.errors()]).toEqual([0, ''])
    expect(context.out()).toMatch(/^[\d,]+ records .* a second\n {2}keycloak-admin-events\.jsonl/)
    await run('--out', two)
    const files = readdirSync(one).sort()
    expect(files).toEqual(
      expect.arrayContaining(['catena.yaml', 'incidents.jsonl', 'manifest.json', 'truth.jsonl', 'vault-audit.log']),
    )
    for (const file of files) expect(readFileSync(join(two, file))).toEqual(readFileSync(join(one, file)))
  })

  it('does not write over another simulation', async () => {
    await run('--out', join(folder, 'three'))
    const again = await run('--out', join(folder, 'three'), '--seed', '2')
    expect([again.code(), again.errors()]).toEqual([1, expect.stringContaining('holds a manifest.json already')])
  })

  it.each([
    [['--days', 'many'], '--days takes a whole number from 2'],
    [['--start', 'monday'], '--start takes a date such as 2026-01-05'],
    [
      ['--drop-source', 'entra'],
      '--drop-source takes one of vault, keycloak, github, aws, kubernetes, okta, agents, tickets',
    ],
    [['--incidents', 'fire'], '--incidents takes all, none, or some of shared-identity-access'],
  ])('says what an option takes: %j', async (words, message) => {
    const context = await run('--out', join(folder, 'never'), ...words)
    expect([context.code(), context.errors()]).toEqual([1, expect.stringContaining(message)])
  })
})
