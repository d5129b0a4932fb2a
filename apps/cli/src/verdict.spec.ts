import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { PostgresLedger } from '@catena/ledger'
import { connect, createPool } from '@catena/platform'
import { DecisionViewRunner, type AccessReader } from '@catena/projections'
import { accessIndexRunner, DECISION_VIEWS, governanceFollowers, openReader, type Instance } from '@catena/runtime'
import { startRecordedPostgres, type TestPostgres } from '@catena/testing'
import { evaluate, HistoryReader, stewardship, stewardshipStream, verifyVerdicts } from '@catena/governance'
import { handleCommand } from '@catena/ledger'
import { makeKey } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Command } from 'commander'
import type pg from 'pg'
import { fakeContext } from './testing/fake-context.js'
import { registerFindings } from './findings.js'
import { registerOwners } from './owners.js'
import { registerInventory, registerLeaver } from './inventory.js'
import { registerControls, registerVerdict } from './verdict.js'

/** A day after the recording ended. */
const AT = Date.parse('2026-11-24T05:00:00Z')

describe('verdicts over the recorded organisation', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let reader: AccessReader
  let close: () => Promise<void>
  let client: pg.Client
  let follow: () => Promise<void>
  let instance: Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'>
  beforeAll(async () => {
    const recorded = await startRecordedPostgres()
    postgres = recorded
    const { databaseUrl } = postgres
    ledger = new PostgresLedger({ databaseUrl })
    instance = { databaseUrl, ledger, interpretation: { sources: recorded.recording.sources, connectorFor } }
    const opened = openReader(instance)
    ;({ reader, close } = opened)
    client = await connect(databaseUrl, { applicationName: 'catena-test' })
    const followers = governanceFollowers(instance, reader, () => AT)
    follow = async () => {
      const head = await ledger.head()
      const onError = (error: unknown): void => console.error(error)
      const index = accessIndexRunner(instance, onError)
      const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
      index.start()
      views.start()
      await Promise.all([index.caughtUp(head), views.caughtUp(head)])
      await Promise.all([index.stop(), views.stop()])
      for (let more = true; more;) {
        more = false
        for (const follower of followers) more = (await follower.follow(client)) || more
      }
    }
    await follow()
  }, 240_000)
  afterAll(async () => {
    await client.end()
    await close()
    await ledger.close()
    await postgres.stop()
  })

  const evaluations = async () => {
    const { rows } = await client.query<{ credential: string; body: ReturnType<typeof evaluate> }>(
      'SELECT credential, body FROM governance.evaluation ORDER BY credential',
    )
    return rows.map(({ body }) => body)
  }
  const verdictsOf = (evaluation: ReturnType<typeof evaluate>) =>
    evaluation.results.map(({ control, verdict, reason, witnesses }) => ({ control, verdict, reason, witnesses }))
  const typed = async () => {
    const { rows } = await client.query<{ type: string; count: string }>(
      'SELECT type, count(*) FROM event WHERE stream_version IS NOT NULL GROUP BY type ORDER BY type',
    )
    return Object.fromEntries(rows.map(({ type, count }) => [type, Number(count)]))
  }

  it('R5.1 R7.1 stand in their table as in the ledger', async () => {
    const verified = await verifyVerdicts({ pool: client as unknown as pg.Pool, streams: ledger }, 'all', 's')
    expect(verified).toEqual({ count: (await evaluations()).length, findings: [], findingsCount: 0 })
    expect(verified.count).toBeGreaterThan(10)
  })

  it.each(['null', '{}', '{"results":"gone"}', '{"results":[null]}'])('R5.1 R7.1 are told where %s is left of one, beside all else that is found', async (body) => {
    const [first, second] = (await evaluations()).map(({ credential }) => credential)
    const streams = { readStreams: async (names: readonly string[]) => new Map([...(await ledger.readStreams(names))].map(([name, events]) => [name, name.endsWith(second!) ? events.map((event) => ({ ...event, payload: Buffer.from('{"cut') })) : events])) } // prettier-ignore
    await client.query('BEGIN')
    await client.query('UPDATE governance.evaluation SET body = $1 WHERE credential = $2', [body, first])
    const { findings } = await verifyVerdicts({ pool: client as unknown as pg.Pool, streams }, 'all', 's')
    await client.query('ROLLBACK')
    expect(findings).toEqual([first, second].map((credential) => `credential ${credential}: what is shown of it, or what the ledger has, cannot be read`))
  }) // prettier-ignore

  it('R5.1 R5.2 are the same live and by walking the history of the same moment', async () => {
    const live = await evaluations()
    expect(live.length).toBeGreaterThan(5)
    const histories = new HistoryReader(reader)
    const asOf = await reader.asOf()
    for (const evaluation of live) {
      const walked = await histories.onDate(asOf, evaluation.credential, AT)
      expect([evaluation.credential, walked && verdictsOf(evaluate(walked))]).toEqual([
        evaluation.credential,
        verdictsOf(evaluation),
      ])
    }
    expect(live.every(({ verdict }) => verdict !== 'controlled')).toBe(true)
    // Also what nobody was ever seen to obtain.
    const { rows } = await client.query<{ credential: string }>('SELECT credential FROM access_credential ORDER BY credential') // prettier-ignore
    expect(live.map(({ credential }) => credential)).toEqual(rows.map(({ credential }) => credential.replaceAll('-', ''))) // prettier-ignore
  }, 60_000)

  it('R5.1 open findings once, and a rebuild writes nothing twice', async () => {
    const before = await typed()
    expect(before['FindingOpened']).toBeGreaterThan(5)
    await client.query(`UPDATE governance.checkpoint SET version = 'older' WHERE name = 'access-summary'`)
    await follow()
    expect(await typed()).toEqual(before)
  }, 120_000)

  it('R2.2 R5.3 R5.2 change when an owner is assigned, and only from then on', async () => {
    const [first] = await evaluations()
    const { credential } = first!
    const ownerVerdict = (all: readonly ReturnType<typeof evaluate>[]) =>
      all.find((one) => one.credential === credential)?.results.find(({ control }) => control === 'owner-accountable')
        ?.verdict
    expect(ownerVerdict([first!])).toBe('uncontrolled')
    const before = await reader.asOf()
    const key = makeKey('person', 'keycloak/tideline', '3f95bcb9-d434-409b-bdcc-61f4ce1a4e22')
    const command = { do: 'AssignOwner', credential, key, name: 'alice' } as const
    await handleCommand(ledger, stewardship, {
      stream: stewardshipStream(credential),
      command,
      by: { actor: 'person:chief', at: Date.now() },
    })
    await follow()
    expect(ownerVerdict(await evaluations())).toBe('controlled')
    expect((await typed())['FindingClosed']).toBeGreaterThan(0)
    const histories = new HistoryReader(reader)
    const earlier = await histories.onDate(before, credential, AT)
    const now = await histories.onDate(await reader.asOf(), credential, Date.now() + 1000)
    const past = await histories.onDate(await reader.asOf(), credential, Date.now() - 3_600_000)
    expect([earlier, past, now].map((history) => history?.owner?.name)).toEqual([undefined, undefined, 'alice'])
  }, 60_000)

  it('R5.2 are shown by the command line, with what they rest on', async () => {
    const pool = createPool(postgres.databaseUrl, { applicationName: 'catena-test' })
    const { rows } = await pool.query<{ credential: string }>('SELECT credential FROM governance.evaluation LIMIT 1')
    await pool.end()
    const context = fakeContext({
      openReader: () => Promise.resolve({ reader, ledger, close: () => Promise.resolve() }),
    })
    const program = new Command().exitOverride()
    registerVerdict(program, context)
    registerControls(program, context)
    await program.parseAsync(['verdict', rows[0]!.credential.replaceAll('-', ''), '--on', '2026-11-24'], {
      from: 'user',
    })
    expect(context.errors()).toBe('')
    expect(context.out()).toMatch(/is UNCONTROLLED on 2026-11-24T23:59:59\.999Z/)
    expect(context.out()).toMatch(/#\d+/)
    expect(context.code()).toBe(2)
    await program.parseAsync(['controls'], { from: 'user' })
    expect(context.out()).toContain('identity-attribution')
    await program.parseAsync(['verdict', 'no such thing'], { from: 'user' })
    expect(context.code()).toBe(3)
  }, 60_000)

  it('R5.9 a control is tried over the past, as it is and changed, and nothing is recorded by it', async () => {
    const context = fakeContext({
      openReader: () => Promise.resolve({ reader, ledger, close: () => Promise.resolve() }),
    })
    const program = new Command().exitOverride()
    registerControls(program, context)
    const [head, live] = [await ledger.head(), await evaluations()]
    const attempt = async (control: string, ...more: string[]) => {
      const before = context.out().length
      const period = ['--from', '2026-11-20T05:00:00Z', '--to', '2026-11-24T05:00:00Z']
      await program.parseAsync(['controls', 'backtest', control, ...period, ...more], { from: 'user' })
      return context.out().slice(before)
    }
    const answer = JSON.parse(await attempt('identity-attribution', '--json')) as {
      credentials: { credential: string; firings: { since: number; until?: number; witnesses: number[] }[] }[]
    }
    expect([context.errors(), context.code()]).toEqual(['', 2])
    const failing = live.filter(({ results }) =>
      results.some(({ control, verdict }) => control === 'identity-attribution' && verdict === 'uncontrolled'),
    )
    const lasting = answer.credentials.filter(({ firings }) => firings.some(({ until }) => until === undefined))
    expect(lasting.map(({ credential }) => credential).sort()).toEqual(
      failing.map(({ credential }) => credential.replaceAll('-', '')).sort(),
    )
    expect(lasting.every(({ firings }) => firings.every(({ witnesses }) => witnesses.length > 0))).toBe(true)
    expect(await attempt('identity-attribution')).toMatch(/would have fired on [1-9]\d* of \d+ credentials/)
    const day = JSON.parse(
      await attempt('identity-attribution', '--from', '2026-11-23', '--to', '2026-11-23', '--json'),
    ) as object
    expect(day).toMatchObject({ from: Date.parse('2026-11-23'), to: Date.parse('2026-11-23T23:59:59.999Z') })
    await attempt('rotation-age', '--set', 'rotationdays=60')
    expect([context.errors(), context.code()]).toEqual([expect.stringContaining('it has rotationDays'), 3])
    await attempt('no-such-control')
    expect(context.code()).toBe(3)
    expect(await ledger.head()).toBe(head)
  }, 120_000)

  it('R5.1 R5.2 R5.7 the report for an auditor says the same as the verdicts, as of a cut for ever, in HTML and CSV', async () => {
    const context = fakeContext({
      openReader: () => Promise.resolve({ reader, ledger, close: () => Promise.resolve() }),
    })
    const report = async (...more: string[]): Promise<string> => {
      const before = context.out().length
      const program = new Command().exitOverride()
      registerControls(program, context)
      await program.parseAsync(['controls', 'report', ...more], { from: 'user' })
      return context.out().slice(before)
    }
    const { cut } = await reader.asOf()
    const asOf = ['--on', '2026-11-24T05:00:00Z', '--known-at', cut]
    const csv = await report('--format', 'csv', ...asOf)
    expect([context.errors(), context.code()]).toEqual(['', 0])
    const live = (await evaluations()).flatMap(({ credential, results }) => results.map(({ control, verdict }) => `${control} ${credential} ${verdict}`)) // prettier-ignore
    const row = /^([a-z-]+),.*?,([0-9a-f]{32}),.*?,(controlled|exception|uncontrolled|unknown),/
    const told = csv.trim().split('\r\n').slice(1).map((line) => row.exec(line)?.slice(1).join(' ') ?? line) // prettier-ignore
    // Somebody was made owner after that moment.
    const same = (all: readonly string[]): string[] => all.filter((one) => !one.startsWith('owner-')).sort()
    expect(same(told)).toEqual(same(live))
    const html = await report(...asOf)
    for (const href of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${href[1]}"`)
    const failing = told.filter((one) => one.startsWith('identity-attribution ') && one.endsWith(' uncontrolled')).length // prettier-ignore
    expect(html).toContain(`href="#identity-attribution-uncontrolled">${failing}<`)
    expect(html).toMatch(/#\d+/)
    expect(await report(...asOf)).toBe(html)
    const pci = await report('--framework', 'PCI DSS 4.0.1', ...asOf)
    expect([pci.includes('8.2.2'), pci.includes('NHI7:2025')]).toEqual([true, false])
    await report('no-such-control')
    expect([context.errors(), context.code()]).toEqual([expect.stringContaining('there is no control'), 3])
    await report('--framework', 'no such')
    expect(context.errors()).toContain('the crosswalk has OWASP')
  }, 120_000)

  it('R5.1 what fails is listed, gravest first, and what was mended only when asked for', async () => {
    const context = fakeContext({
      openReader: () => Promise.resolve({ reader, ledger, close: () => Promise.resolve() }),
    })
    const list = async (...more: string[]): Promise<{ severity: string; status: string }[]> => {
      const before = context.out().length
      const program = new Command().exitOverride()
      registerFindings(program, context)
      await program.parseAsync(['findings', '--json', '--limit', '1000', ...more], { from: 'user' })
      const answer = JSON.parse(context.out().slice(before)) as { findings: { severity: string; status: string }[] }
      return answer.findings
    }
    await follow()
    const open = await list()
    expect(context.code()).toBe(2)
    expect(open.length).toBeGreaterThan(5)
    const ranks = open.map(({ severity }) => ['critical', 'high', 'medium', 'low'].indexOf(severity))
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set(['open']))
    expect((await list('--state', 'closed')).every(({ status }) => status === 'closed')).toBe(true)
    expect(await list('--control', 'no-such-control')).toEqual([])
    expect(context.code()).toBe(0)
    const program = new Command().exitOverride()
    registerFindings(program, context)
    await program.parseAsync(['findings', '--limit', '3'], { from: 'user' })
    expect(context.out()).toMatch(/3 shown, and there are more/)
    expect(context.errors()).toBe('')
  }, 60_000)

  it('R2.2 owners are imported from a list, all of its lines or none, and the same list again changes nothing', async () => {
    const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 2 })
    const names = items.map(({ item }) => `${item.containerName}${item.path}`)
    const context = fakeContext({
      openInstance: () => Promise.resolve({ ...instance, close: () => Promise.resolve() } as Instance),
      now: () => Date.now(),
    })
    const folder = await mkdtemp(join(tmpdir(), 'catena-owners-'))
    const run = async (text: string, ...more: string[]): Promise<string> => {
      const [file, before] = [join(folder, 'owners.csv'), context.out().length + context.errors().length]
      await writeFile(file, text)
      const program = new Command().exitOverride()
      registerOwners(program, context)
      await program.parseAsync(['owners', 'import', file, '--by', 'chief', ...more], { from: 'user' })
      return `${context.out()}${context.errors()}`.slice(before)
    }
    const head = await ledger.head()
    const good = `credential,owner,custodians\n${names[0]},olga,dave\n${items[1]!.item.id},group:keycloak/tideline:payments,\n`
    await run(`${good}no/such,olga,\n${names[0]},nobody-at-all,\n`)
    expect(context.errors()).toMatch(/line 4: no record and no registration knows no\/such[^]*line 5: no directory knows nobody-at-all/)
    expect(context.code()).toBe(1)
    await run(good, '--dry-run')
    expect([context.code(), await ledger.head()]).toEqual([0, head])
    await run(good)
    expect(context.out()).toContain('2 lines taken: 2 owners assigned, 1 custodian added')
    const imported = await ledger.head()
    expect(imported).toBe(head + 3)
    await run(good)
    expect(await ledger.head()).toBe(imported)
    expect((await ledger.readStream(stewardshipStream(items[0]!.item.id))).map(({ type, actor }) => [type, actor])).toEqual(
      expect.arrayContaining([['CredentialOwnerAssigned', 'chief'], ['CredentialStewardAdded', 'chief']]),
    )
    await rm(folder, { recursive: true })
  }, 60_000) // prettier-ignore

  it('R2.1 R4.2 R4.4 the inventory and what a leaver has seen are shown by the command line', async () => {
    const { rows } = await client.query<{ credential: string; key: string }>(
      `SELECT s.credential, k.key FROM governance.access_summary s, unnest(keys) k (key) JOIN governance.retrieval r ON r.body->'accessor'->>'id' = k.key
       WHERE k.key LIKE 'person:%' AND r.body->>'kind' = 'secret-read' AND r.credential = s.credential AND r.obtained LIMIT 1`,
    )
    const { credential, key } = rows[0]!
    const context = fakeContext({
      openReader: () => Promise.resolve({ reader, ledger, close: () => Promise.resolve() }),
      now: () => AT,
    })
    const program = new Command().exitOverride()
    registerInventory(program, context)
    registerLeaver(program, context)
    await program.parseAsync(['inventory', credential.replaceAll('-', '')], { from: 'user' })
    expect([context.errors(), context.code()]).toEqual(['', 0])
    expect(context.out()).toMatch(/owner {8}(nobody|payments)/)
    expect(context.out()).toContain('would break')
    await program.parseAsync(['leaver', key], { from: 'user' })
    expect(context.errors()).toBe('')
    expect(context.out()).toMatch(/VALID|ended/)
    await program.parseAsync(['leaver', 'nobody at all'], { from: 'user' })
    expect(context.code()).toBe(3)
  }, 60_000)
})
