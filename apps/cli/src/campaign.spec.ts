import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { cutAt, loadStream, PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { DEFINITION_DEFAULTS, definitionDecider, definitionStream } from '@catena/recertification'
import { DECISION_VIEWS, type Instance } from '@catena/runtime'
import { openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import { registerCampaign } from './campaign.js'
import { fakeContext } from './testing/fake-context.js'

let postgres: TestPostgres
let ledger: PostgresLedger
let views: DecisionViewRunner
let folder: string
let instance: Instance

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  folder = await mkdtemp(join(tmpdir(), 'catena-campaign-'))
  ledger = new PostgresLedger({ databaseUrl })
  views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError: (error) => console.error(error) })
  views.start()
  const { sources } = await openRecording()
  const configuration = { file: undefined, sources, walk: {}, webhookSecrets: new Map() }
  instance = { databaseUrl, ledger, interpretation: { sources, connectorFor }, configuration, close: () => Promise.resolve() } as unknown as Instance
}, 60_000) // prettier-ignore
afterAll(async () => {
  await views.stop()
  await ledger.close()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

async function run(...args: string[]): Promise<{ out: string; errors: string; code: number | undefined }> {
  const context = fakeContext({ openInstance: () => Promise.resolve(instance) })
  const program = new Command('catena').exitOverride()
  registerCampaign(program, context)
  await program.parseAsync(['node', 'catena', 'campaign', ...args])
  await views.caughtUp(await ledger.head())
  return { out: context.out(), errors: context.errors(), code: context.code() }
}

const DEFINITION = {
  name: 'All of it',
  scope: 'all',
  stages: [{ name: 'boss', fromDay: 0, toDay: 14, reviewers: [{ kind: 'people', people: ['person:x:boss'] }] }],
  launchIncomplete: true,
}

/** Of each campaign the day for which it was scheduled, the moment after it, and the day after. */
async function scheduledDays(): Promise<[{ day: string; after: string; nextDay: string }]> {
  const client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
  const { rows } = await client.query<{ at: number }>('SELECT scheduled_for AS at FROM decisions.campaign')
  await client.end()
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
  return rows.map(({ at }) => ({
    day: dayOf(at),
    after: new Date(at + 1).toISOString(),
    nextDay: dayOf(at + 86_400_000),
  })) as never
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('R6.1 catena campaign', () => {
  it('refuses a definition that is wrong, all of it at once, and one that selects nothing today', async () => {
    const bad = await file('bad.json', { ...DEFINITION, zone: 'Mars/Base', scope: 'colour = red' })
    expect(await run('define', 'bad', bad)).toMatchObject({ code: 1, errors: expect.stringMatching(/Mars\/Base.*colour is no field/s) as unknown })
    const unknown = await file('unknown.json', { ...DEFINITION, colour: 'red' })
    expect(await run('define', 'bad', unknown)).toMatchObject({ code: 1, errors: expect.stringContaining('is no definition') as unknown })
    expect(await run('define', 'bad', await file('text.json', 'hello'))).toMatchObject({ code: 1, errors: expect.stringContaining('is not JSON') as unknown })
    expect(await run('define', 'bad', join(folder, 'none.json'))).toMatchObject({ code: 1, errors: expect.stringContaining('none.json cannot be read (ENOENT)') as unknown })
    const good = await file('good.json', DEFINITION)
    expect(await run('define', 'all', good)).toMatchObject({ code: 1, errors: expect.stringContaining('vacuous, which is no pass') as unknown })
  }, 120_000) // prettier-ignore

  it('takes every member that a definition has', async () => {
    const all = { ...DEFINITION_DEFAULTS, ...DEFINITION, reviewsPerWeekMax: 5, watchDays: 30, schedule: { rule: 'FREQ=MONTHLY', zone: 'UTC', start: '2026-01-31T09:00' } }
    expect(await run('define', 'whole', await file('whole.json', all), '--even-if-empty')).toMatchObject({ code: 0, errors: '' })
    const { state } = await loadStream(ledger, definitionDecider, definitionStream('whole'))
    expect(state.definition).toEqual({ ...all, stages: all.stages.map((stage) => ({ ...stage, quorum: 1 })) })
    const long = await file('long.json', { ...all, watchDays: 1000 })
    expect(await run('define', 'whole', long)).toMatchObject({ code: 1, errors: expect.stringContaining('watchDays: it is 1000: choose 0 to 732') as unknown })
  }, 120_000) // prettier-ignore

  it('tries dry and writes nothing', async () => {
    const head = await ledger.head()
    const dry = await run('dry-run', '--preset', 'privileged-monthly', '--zone', 'Europe/Berlin')
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('selects nothing') as unknown })
    expect(await ledger.head()).toBe(head)
  })

  it('launches, lists, shows and reports; an end that is no pass is called so', async () => {
    expect(await run('define', 'all', await file('all.json', DEFINITION), '--even-if-empty')).toMatchObject({ code: 0 })
    expect(await run('launch', 'all', 'q1', '--by', 'person:ops')).toMatchObject({ code: 0, out: 'all@q1  vacuous, 0 items\n' })
    expect(await run('list')).toMatchObject({ code: 0, out: 'all@q1  vacuous, 0 items\n' })
    expect(await run('show', 'all@q1')).toMatchObject({ code: 0, out: expect.stringContaining('0 self-reviews') as unknown })
    expect(await run('show', 'none@q1')).toMatchObject({ code: 3 })
    const path = join(folder, 'report.html')
    expect(await run('report', 'all@q1', '--output', path)).toMatchObject({ code: 0, out: '' })
    expect(await readFile(path, 'utf8')).toMatch(/^<!doctype html>.*All of it.*<\/html>\n$/s)
    expect(await run('report', 'all@q1', '--output', path)).toMatchObject({ code: 1, errors: `catena: ${path} is there already: name another file, or remove it first\n` })
    const json = JSON.parse((await run('report', 'all@q1', '--format', 'json')).out) as { figures: { items: number }; items: unknown[] }
    expect(json).toMatchObject({ figures: { items: 0 }, items: [] })
    expect((await run('report', 'all@q1', '--format', 'csv')).out).toMatch(/^number,item,/)
    const tomorrow = cutAt(999_999_999)
    expect(await run('report', 'all@q1', '--known-at', tomorrow)).toMatchObject({ code: 1, out: '', errors: expect.stringContaining(`${tomorrow} is a cut that the ledger has not reached`) as unknown })
  }, 120_000) // prettier-ignore

  it('lists every campaign, and says of figures that they are those of the newest only', async () => {
    const whole = await run('figures', '--definition', 'all')
    expect(whole).toMatchObject({ code: 0, errors: '' })
    const [{ day, after, nextDay }] = await scheduledDays()
    for (const [from, to, code] of [
      [day, day, 0],
      [nextDay, nextDay, 3],
      ['2020-01-01', '2020-12-31', 3],
      [day, after, 0],
    ] as const)
      expect(await run('figures', '--definition', 'all', '--from', from, '--to', to)).toMatchObject({ code })
    await expect(run('figures', '--to', 'yesterday')).rejects.toThrow('write a day or a time')
    for (let n = 0; n < 100; n++) expect(await run('launch', 'all', `more-${n}`)).toMatchObject({ code: 0 })
    expect((await run('list')).out.trim().split('\n')).toHaveLength(101)
    const figures = await run('figures', '--definition', 'all', '--format', 'csv')
    expect(figures.out.trim().split('\n')).toHaveLength(102)
    expect(figures.errors).toContain('these are the newest 100, and there are more')
  }, 240_000)

  it('passes refusals on with their reason', async () => {
    expect(await run('extend', 'all@q1', '5', 'late')).toMatchObject({ code: 1, errors: expect.stringContaining('vacuous') as unknown })
    expect(await run('void', 'all@q1', 'wrong')).toMatchObject({ code: 1 })
    expect(await run('sign-off', 'all@q1')).toMatchObject({ code: 1 })
    expect(await run('reiterate', 'none@q1')).toMatchObject({ code: 3 })
    expect(await run('reassign', 'y', 'away', 'f'.repeat(32))).toMatchObject({ code: 1, errors: expect.stringContaining('y is no key of a person: write it as person:<system>:<id>') as unknown })
    expect(await run('reassign', 'person:x:y', 'away', 'f'.repeat(32))).toMatchObject({ code: 1 })
  }, 120_000) // prettier-ignore
})
