import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect, prepareRoles } from '@catena/platform'
import type { AccessIndexSource } from '@catena/runtime'
import { openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { Command } from 'commander'
import { processContext } from './process-context.js'
import { rebuildReadModel, registerRebuild, type RebuildCommandOptions } from './rebuild.js'
import { RebuildWatch } from './rebuild/progress.js'
import { runCommand } from './run-command.js'
import { fakeContext, type FakeContext } from './testing/fake-context.js'

jest.setTimeout(60_000)

let postgres: TestPostgres
let instance: AccessIndexSource & { close(): Promise<void> }
let head: number

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(postgres.databaseUrl)
  const { files, sources } = await openRecording()
  const ledger = new PostgresLedger({ databaseUrl })
  const { source, path } = files.find((file) => file.path.endsWith('keycloak-users.json'))!
  await ingestFile({ path, source, ledger, connectorFor, keys: deriveIntakeKeys(Buffer.alloc(32, 7)), final: true })
  head = await ledger.head()
  const interpretation = { sources, connectorFor }
  instance = { databaseUrl, ownerUrl: postgres.databaseUrl, ledger, interpretation, close: () => Promise.resolve() }
}, 60_000)

afterAll(async () => {
  await instance.ledger.close()
  await postgres.stop()
})

async function run(
  options: RebuildCommandOptions,
  parts: Parameters<typeof fakeContext>[0] = {},
  name = 'access-index',
) {
  const context: FakeContext = fakeContext(parts)
  await runCommand(context, () => rebuildReadModel(context, name, options, () => Promise.resolve(instance)))
  return context
}

describe('catena rebuild', () => {
  it('says that nothing is stored there, and makes nothing there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catena-rebuild-'))
    const env = { CATENA_DATA: join(folder, 'mistyped'), CATENA_PORT: '0' }
    const context = fakeContext({ env, openInstance: () => processContext(env).openInstance() })
    const program = new Command().exitOverride()
    registerRebuild(program, context)
    await program.parseAsync(['rebuild', '--yes'], { from: 'user' })
    expect(context.errors()).toMatch(
      /^catena: no Catena runs on .*mistyped and nothing is stored there: start `catena up`/,
    )
    expect([context.code(), existsSync(env.CATENA_DATA)]).toEqual([5, false])
    rmSync(folder, { recursive: true })
  })

  it('says what was rebuilt, its state, and whether it equals what served', async () => {
    const first = await run({})
    expect([first.code(), first.errors()]).toEqual([0, ''])
    expect(first.out()).toContain(`access-index rebuilt: ${head} events in `)
    expect(first.out()).toContain('nothing of the same version was there to compare with')
    const second = await run({})
    expect(second.out()).toMatch(
      new RegExp(`state {2}[0-9a-f]{64} at #${head}\\n +equal to the old tables at that position`),
    )
    const json = JSON.parse((await run({ json: true })).out()) as object
    expect(json).toMatchObject({ projection: 'access-index', position: head, compared: { equal: true } })
  })

  it('refuses a difference with exit code 1, and tells how to accept it', async () => {
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await owner.query('UPDATE access_fact SET outcome = upper(outcome)')
    await owner.end()
    const refused = await run({})
    expect(refused.code()).toBe(1)
    expect(refused.errors()).toMatch(/^catena: access-index as rebuilt differs .*access_fact \(.*--accept-difference/)
    const accepted = await run({ acceptDifference: true })
    expect([accepted.code(), accepted.out()]).toEqual([0, expect.stringContaining('DIFFERS from the old tables')])
  })

  it('asks at a terminal, and does nothing without a yes', async () => {
    const no = await run({}, { isTerminal: true, stdin: Readable.from([Buffer.from('n\n')]) })
    expect([no.code(), no.out(), no.errors()]).toEqual([1, '', expect.stringContaining('catena: nothing was done')])
    const yes = await run({}, { isTerminal: true, stdin: Readable.from([Buffer.from('y\n')]) })
    expect(yes.code()).toBe(0)
    const unasked = await run({ yes: true }, { isTerminal: true })
    expect([unasked.code(), unasked.errors()]).toEqual([0, expect.not.stringContaining('[y/N]')])
  })

  it('knows its projections', async () => {
    const unknown = await run({}, {}, 'nonsense')
    expect([unknown.code(), unknown.errors()]).toEqual([
      1,
      'catena: unknown projection "nonsense": there is access-index\n',
    ])
  })

  it('shows events, rate and time left of each phase', () => {
    const watch = new RebuildWatch(0)
    const paper = { columns: 80, colour: false }
    const line = watch.render({ phase: 'load', done: 20_000, of: 100_000 }, 2_000, paper)
    expect(line).toBe('reading the ledger  20,000 of 100,000 events  10,000/s  8 s left')
    expect(watch.render({ phase: 'index', done: 0, of: 0 }, 12_000, paper)).toBe('indexing')
    expect(watch.render({ phase: 'catch-up', done: 500, of: 1_000 }, 13_000, paper)).toContain(
      'catching up  500 of 1,000',
    )
  })
})

describe('the tables of the access index', () => {
  it('all stand in its generation: one beside the ledger would be shared by two', async () => {
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    const { rows } = await owner.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname ~ '^access_'`,
    )
    await owner.end()
    expect(rows).toEqual([])
  })
})
