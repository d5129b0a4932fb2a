import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { accessIndexRunner, openReader } from '@catena/runtime'
import { feedRecording, openRecording, startTestPostgres, type Recording, type TestPostgres } from '@catena/testing'
import { Command } from 'commander'
import { projectHere } from './read-models.js'
import { registerSources } from './sources.js'
import { fakeContext, type FakeContext } from './testing/fake-context.js'
import { registerTrace } from './trace.js'

const FOLDERS = [process.env['CATENA_RECORDINGS'], 'test/recordings', '../shared/recordings']
  .filter((folder) => folder !== undefined)
  .map((folder) => resolve(folder, 'vault-keycloak'))
const folder = FOLDERS.find((candidate) => existsSync(resolve(candidate, 'manifest.json')))

let database: TestPostgres
let recording: Recording
let ledger: PostgresLedger
let opened: ReturnType<typeof openReader>

async function open(): Promise<void> {
  database = await startTestPostgres()
  recording = await openRecording(folder)
  ledger = new PostgresLedger({ databaseUrl: database.databaseUrl })
  await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  const { databaseUrl } = database
  const instance = { databaseUrl, ledger, interpretation: { sources: recording.sources, connectorFor } }
  await projectHere(ledger, (onError) => accessIndexRunner(instance, onError))
  opened = openReader(instance)
}

async function close(): Promise<void> {
  await opened.close()
  await ledger.close()
  await database.stop()
}

async function catena(...words: string[]): Promise<FakeContext> {
  const context = fakeContext({
    openReader: () => Promise.resolve({ reader: opened.reader, ledger, close: () => Promise.resolve() }),
    sources: () => Promise.resolve({ sources: recording.sources, origin: 'catena.yaml' }),
    now: () => Date.now(),
  })
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  registerTrace(program, context)
  registerSources(program, context)
  await program.parseAsync(words, { from: 'user' })
  return context
}

interface Json {
  readonly meaning: { readonly kind: string; readonly name: string }
  readonly hasMore: boolean
  readonly chains: readonly {
    readonly relation: string
    readonly attributed: boolean
    readonly retrieval: { readonly fact: string; readonly type: string; readonly at: string }
    readonly actor: { readonly kind: string; readonly principal?: { readonly name: string } }
    readonly path: { readonly through?: string; readonly candidates: readonly string[] }
  }[]
  readonly asOf: { readonly cut: string; readonly validAt: string | null }
  readonly records?: readonly { readonly position: number }[]
}

async function json(...words: string[]): Promise<Json> {
  return JSON.parse((await catena('trace', ...words, '--json')).out()) as Json
}

const suite = folder === undefined ? describe.skip : describe
suite('the recorded organisation', () => {
  beforeAll(open, 120_000)
  afterAll(close)

  it('R1.1 shows the retrievals of a credential, however its path is written', async () => {
    const whole = await json('secret/payments/stripe', '--all')
    expect(whole.meaning).toMatchObject({ kind: 'credential', name: 'secret/payments/stripe' })
    expect(whole.chains.length).toBeGreaterThan(10)
    for (const term of [
      'secret/data/payments/stripe',
      '/v1/secret/data/payments/stripe',
      'payments/stripe',
      'stripe',
    ]) {
      expect((await json(term, '--all')).chains).toEqual(whole.chains)
    }
    const newest = await json('stripe')
    expect(newest.chains).toEqual(whole.chains.slice(0, 10))
    expect(newest.hasMore).toBe(true)
  })

  it('names who deleted it beside the deletion, and not beside what nobody recorded', async () => {
    const text = (await catena('trace', 'secret/payments/stripe', '--all')).out().replace(/[│├└─\s]+/g, ' ')
    expect(text).toContain('deleted at 04:59:14.945 by oidc-alice@tideline.example; whether it was brought back')
    expect(text).not.toContain('is not recorded by')
  })

  it('keeps apart a path that itself begins with data/', async () => {
    expect((await json('secret/data/warehouse')).meaning.name).toBe('secret/data/warehouse')
    expect((await json('secret/data/data/warehouse')).meaning.name).toBe('secret/data/warehouse')
  })

  it('R1.2 shows all that came through a person, by login name, e-mail or key', async () => {
    const byName = await json('greta', '--all')
    const byMail = await json('greta@tideline.example', '--all')
    expect(byName.chains.map(({ retrieval }) => retrieval.fact)).toEqual(
      byMail.chains.map(({ retrieval }) => retrieval.fact),
    )
    expect(byName.chains.length).toBeGreaterThan(15)
    const held = byName.chains.filter(({ relation }) => relation === 'actor')
    expect(new Set(held.map(({ actor }) => actor.principal?.name))).toEqual(new Set(['greta']))
  })

  it('misses nothing that the walk of every retrieval attributes to a person, or may have come through a session or run', async () => {
    const asOf = await opened.reader.asOf()
    const { items } = await opened.reader.facts(asOf, {}, { limit: 1000 })
    const all = await opened.reader.chains(
      asOf,
      items.map(({ item }) => item),
    )
    const expected = new Map<string, string[]>()
    for (const { fact, actor, path } of all) {
      const persons = actor.kind === 'attributed' && actor.principal.kind === 'person' ? [actor.principal.key] : []
      const ways = [...(path.through === undefined ? [] : [path.through]), ...path.candidates]
      for (const key of [...persons, ...ways]) expected.set(key, [...(expected.get(key) ?? []), fact.factId])
    }
    expect(expected.size).toBeGreaterThan(50)
    for (const [key, facts] of expected) {
      const { chains } = await json(key, '--all')
      const found = chains.filter(({ relation }) => ['actor', 'path', 'candidate'].includes(relation))
      expect([key, found.map(({ retrieval }) => retrieval.fact).sort()]).toEqual([key, [...facts].sort()])
    }
  }, 60_000)

  it('shows all that came through a run, an attempt, a session and a token', async () => {
    const { chains } = await json('secret/ci/deploy', '--all')
    const through = chains.find(({ path }) => path.through?.startsWith('ci-attempt:') === true)
    const attempt = through?.path.through?.split(':').at(-1) ?? ''
    const ofAttempt = await json(attempt, '--all')
    expect(ofAttempt.chains.map(({ retrieval }) => retrieval.fact)).toContain(through?.retrieval.fact)
    const ofRun = await json(attempt.split('/')[0] ?? '', '--all')
    expect(ofRun.chains.length).toBeGreaterThanOrEqual(ofAttempt.chains.length)
    const person = await json('ivan', '--all')
    const session = person.chains.find(({ path }) => path.through !== undefined)?.path.through ?? ''
    expect((await json(session.split(':').at(-1) ?? '')).chains.length).toBeGreaterThan(0)
  })

  it('shows the one request that issued a lease, and a request by its id', async () => {
    const { chains } = await json('database/creds/people-rw')
    const text = (await catena('trace', chains[0]?.retrieval.fact ?? '')).out()
    const lease = /lease (database\/creds\/\S+)/.exec(text)?.[1] ?? ''
    const ofLease = await json(lease)
    expect(ofLease.meaning.kind).toBe('lease')
    expect(ofLease.chains.map(({ retrieval }) => retrieval.fact)).toEqual([chains[0]?.retrieval.fact])
    const id = chains[0]?.retrieval.fact.split(':').at(-1) ?? ''
    expect((await json(id)).meaning.kind).toBe('request')
  })

  it('R1.10 answers as of a time and a cut', async () => {
    const whole = await json('stripe', '--all')
    const at = whole.chains[3]?.retrieval.at ?? ''
    const then = await json('stripe', '--all', '--as-of', at)
    expect(then.chains.map(({ retrieval }) => retrieval.fact)).toEqual(
      whole.chains.slice(3).map(({ retrieval }) => retrieval.fact),
    )
    expect((await json('stripe', '--all', '--known-at', whole.asOf.cut)).chains).toEqual(whole.chains)
    expect((await catena('trace', 'stripe', '--known-at', 'c1.nonsense')).code()).toBe(1)
  })

  it('shows the redacted records behind a chain', async () => {
    const { records, chains } = await json('stripe', '-n', '1', '--evidence')
    expect(records?.length).toBeGreaterThan(3)
    const text = (await catena('trace', chains[0]?.retrieval.fact ?? '', '--evidence')).out()
    expect(text).toContain(`  #${records?.[0]?.position ?? 0} `)
    expect(text).toContain('hmac-sha256:')
  })

  it('ends with codes that scripts can use', async () => {
    expect((await catena('trace', 'stripe', '-n', '1')).code()).toBe(0)
    expect((await catena('trace', 'shared/smtp', '--all')).code()).toBe(0)
    expect((await catena('trace', 'shared/smtp', '--all', '--strict')).code()).toBe(2)
    expect((await catena('trace', 'nobody-of-this-name')).code()).toBe(3)
    const several = await catena('trace', 'dave')
    expect(several.code()).toBe(4)
    expect(several.out()).toBe('')
    expect(several.errors()).toMatch(/person +dave[^]*account +dave at/)
  })

  it('shows how a token came about that obtained nothing', async () => {
    const unused = await json('greta', '--requests', '--all')
    const login = unused.chains.find(({ retrieval }) => retrieval.type.startsWith('update auth/'))
    const fact = await opened.reader.fact(await opened.reader.asOf(), login?.retrieval.fact ?? '')
    const token = fact?.groups.find(({ role }) => role === 'issued')?.forms[0]?.key ?? ''
    const { chains } = await json(token, '--requests', '--all')
    expect(chains.at(-1)?.retrieval.fact).toBe(login?.retrieval.fact)
  })

  it('shows the sources with nothing unaccounted for', async () => {
    const context = await catena('sources')
    expect(context.out()).toContain('✓ 4,096 read = 4,096 stored + 0 duplicates + 0 quarantined')
    expect(context.out()).toContain('Read model: up with the ledger')
    expect(context.code()).toBe(0)
  })
})
