import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { SourceInstance } from '@catena/domain'
import { deriveIntakeKeys } from '@catena/ingest'
import { LedgerUnavailable, MemoryLedger } from '@catena/ledger'
import { Command } from 'commander'
import type { CliContext } from './context.js'
import { registerIngest } from './ingest.js'
import { fakeContext, type FakeContext } from './testing/fake-context.js'

const keycloak: SourceInstance = {
  id: 'idp',
  kind: 'keycloak',
  scope: 'acme',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}
const keys = deriveIntakeKeys(Buffer.alloc(32, 1))

let folder: string
let ledger: MemoryLedger
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-cli-'))
  file = join(folder, 'events.log')
  ledger = new MemoryLedger()
})
afterEach(() => rm(folder, { recursive: true }))

function event(number: number, type = 'LOGIN'): string {
  return `${JSON.stringify({ id: `e${number}`, time: 1_772_000_000_000 + number, type, realmId: 'acme', userId: 'u1', sessionId: 's1' })}\n`
}

const events = (count: number): string => Array.from({ length: count }, (_, index) => event(index)).join('')

async function run(words: readonly string[], parts: Partial<CliContext> = {}): Promise<FakeContext> {
  const context = fakeContext({
    sources: () => Promise.resolve({ sources: [keycloak], origin: 'catena.yaml' }),
    openLedger: () => Promise.resolve({ ledger, keys, close: () => Promise.resolve() }),
    ...parts,
  })
  const program = new Command().exitOverride()
  registerIngest(program, context)
  await program.parseAsync(['ingest', ...words], { from: 'user' })
  return context
}

describe('catena ingest', () => {
  it('stores what it reads and closes with a summary', async () => {
    await writeFile(file, events(3) + event(0))
    const context = await run(['idp', file])
    expect(context.out()).toBe(`${file}: 4 read, 3 stored, 1 duplicate, 0 quarantined
idp: 4 records read in 0.0 s (4,000 records/s)
  3 stored
  1 duplicate: read before
  0 quarantined: could not be read
`)
    expect([context.code(), context.errors(), await ledger.head()]).toEqual([0, '', 3])
  })

  it('goes on where it stopped, also in a packed file of the same content', async () => {
    await writeFile(file, events(60))
    await run(['idp', file])
    const packed = join(folder, 'events.log.1.gz')
    await writeFile(packed, gzipSync(events(61)))
    const context = await run(['idp', packed, '--json'])
    expect(JSON.parse(context.out())).toMatchObject({
      source: 'idp',
      read: 1,
      stored: 1,
      files: [{ path: packed, read: 1 }],
    })
    expect(await ledger.head()).toBe(61)
  })

  it('reads the standard input', async () => {
    const stdin = Readable.from([Buffer.from(events(2))])
    expect((await run(['idp', '-', '--quiet'], { stdin })).out()).toBe('')
    expect(await ledger.head()).toBe(2)
  })

  it('ends with 6 and the reasons where something was quarantined', async () => {
    await writeFile(file, `${events(1)}{"broken\n${event(1)}`)
    const context = await run(['idp', file])
    expect(context.code()).toBe(6)
    expect(context.out()).toContain('1 quarantined: could not be read\n      1 ')
  })

  it('lets half a record wait until told that nothing follows', async () => {
    await writeFile(file, `${events(2)}{"id":"e`)
    const waiting = await run(['idp', file])
    expect(waiting.code()).toBe(0)
    expect(waiting.out()).toContain(
      `half a record at the end (8 B) waits for the rest: run this again, or with --final`,
    )
    expect((await run(['idp', file, '--final'])).code()).toBe(6)
  })

  it('names the sources there are when it is given another', async () => {
    const context = await run(['x', file])
    expect(context.errors()).toBe('catena: unknown source "x": configured are idp (catena.yaml)\n')
    expect(context.code()).toBe(1)
  })

  it('tells in a line what is wrong with a file, after storing what could be read', async () => {
    const whole = gzipSync(events(5_000))
    await writeFile(file, whole.subarray(0, whole.length - 200))
    const context = await run(['idp', file])
    expect(context.errors()).toMatch(
      /^catena: .*: the gzip file ends early: .*; the \d+ records before that are stored\. Copy it again.*\n$/,
    )
    expect(context.code()).toBe(1)
    expect(await ledger.head()).toBeGreaterThan(0)
    await writeFile(file, Buffer.alloc(500))
    expect((await run(['idp', file])).errors()).toMatch(/^catena: .*: this is a binary file: .*\n$/)
    expect((await run(['idp', join(folder, 'absent')])).errors()).toMatch(
      /^catena: cannot open .*absent.* Check the path.*\n$/,
    )
  })

  it('ends with 5 where the database cannot be reached, and says how to go on', async () => {
    await writeFile(file, events(1))
    const append = (): Promise<never> => Promise.reject(new LedgerUnavailable(new Error('no answer')))
    const down = Object.assign(Object.create(ledger) as MemoryLedger, { append })
    const context = await run(['idp', file], {
      openLedger: () => Promise.resolve({ ledger: down, keys, close: () => Promise.resolve() }),
    })
    expect(context.errors()).toBe(
      'catena: the ledger is not available: no answer; what was stored stays, so run the same command again to go on\n',
    )
    expect(context.code()).toBe(5)
  })

  it('draws its progress on the error stream of a terminal only', async () => {
    await writeFile(file, events(3))
    const context = await run(['idp', file], { isTerminal: true })
    expect(context.errors()).toContain('events.log')
    expect(context.errors().endsWith('\r\u001b[2K')).toBe(true)
    expect(context.out()).not.toContain('\r')
  })

  it('asks whether the source is right where nothing is known to it', async () => {
    await writeFile(file, [1, 2, 3].map((n) => `{"n":${n}}\n`).join(''))
    expect((await run(['idp', file])).out()).toContain(
      'Not one record is of a known type: is idp the right source for this?',
    )
  })
})
