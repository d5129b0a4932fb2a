import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startProcess, type RunningProcess } from '@catena/runtime'
import { makeToken, readLocalToken, tokenDecider, tokenStream } from '@catena/callers'
import { handleCommand } from '@catena/ledger'
import { connect, readSettings, transaction } from '@catena/platform'
import { appendToFeed, feedId, type FeedContent } from '@catena/siem'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleOf } from '../../libs/siem/src/testing/samples.js'
import { WorkerModule } from '../../apps/worker/src/worker.module.js'

describe('GET /v1/events', () => {
  let postgres: TestPostgres
  let running: RunningProcess
  let token: string
  const folder = mkdtempSync(join(tmpdir(), 'catena-pull-'))
  beforeAll(async () => {
    postgres = await startTestPostgres()
    const env = { CATENA_DATA: folder, DATABASE_URL: postgres.databaseUrl, CATENA_PORT: '0', LOG_LEVEL: 'silent' }
    running = await startProcess([WorkerModule], readSettings(env), env)
    token = (await readLocalToken(folder)) ?? ''
    await tell(0, 250)
  }, 60_000)
  afterAll(async () => {
    await running.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 30_000)

  async function tell(from: number, to: number, over: Partial<FeedContent> = {}): Promise<void> {
    const client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    const content = (kind: 'login' | 'lease-issued') => sampleOf(kind, over).content
    const drafts = Array.from({ length: to - from }, (_, index) => ({ id: feedId(`spec:${from + index}`), content: content(index % 5 === 0 ? 'login' : 'lease-issued'), positions: [] })) // prettier-ignore
    await transaction(client, () => appendToFeed(client, drafts, Date.UTC(2026, 10, 23) + from))
    await client.end()
  }

  async function issueToken(sources: string[] = []): Promise<string> {
    const [{ ledger, callerKeys }, { id, secret, text }, at] = [running.instance, makeToken(), Date.now()]
    const command = { type: 'IssueToken', id, name: 'other', owner: 'spec', roles: ['export'], sources, expiresAt: at + 3_600_000, hash: callerKeys.tokenHash(secret), givable: ['export'] } as const // prettier-ignore
    await handleCommand(ledger, tokenDecider, { stream: tokenStream(id), command, by: { actor: 'spec', at } })
    return text
  }

  const ask = (query: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${running.url}/v1/events?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } }) // prettier-ignore
  const sequencesIn = (text: string): number[] => text.split('\n').filter((line) => line !== '').map((line) => (JSON.parse(line) as { metadata: { sequence: number } }).metadata.sequence) // prettier-ignore
  const message = async (query: string): Promise<string> => `${(await ask(query)).status} ${((await (await ask(query)).json()) as { message: string }).message}` // prettier-ignore

  it('R8.1 gives everything in order, page by page, with a cursor and the ends of the feed', async () => {
    const [seen, watermarks] = [[] as number[], [] as string[]]
    for (let query = 'limit=100'; ; ) {
      const answer = await ask(query)
      seen.push(...sequencesIn(await answer.text()))
      watermarks.push(`${answer.headers.get('catena-high-watermark') ?? ''}/${answer.headers.get('catena-oldest-available') ?? ''}`)
      if (answer.headers.get('catena-has-more') === 'false') break
      query = `limit=100&cursor=${answer.headers.get('catena-cursor') ?? ''}`
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => index + 1))
    expect(new Set(watermarks)).toEqual(new Set(['250/1']))
  }) // prettier-ignore

  it('R8.1 filters, replays from a sequence or a time, and speaks every format', async () => {
    expect(sequencesIn(await (await ask('kinds=login&limit=1000')).text())).toHaveLength(50)
    expect(sequencesIn(await (await ask('after=248')).text())).toEqual([249, 250])
    expect(sequencesIn(await (await ask('since=2026-11-23T00:00:00Z&limit=3')).text())).toEqual([1, 2, 3])
    expect(await (await ask('format=cef&limit=1')).text()).toMatch(/^CEF:0\|Catena\|/)
    const object = (await (await ask('format=ecs&limit=2', { accept: 'application/json' })).json()) as object
    expect(object).toMatchObject({ events: [{ event: { sequence: 1 } }, { event: { sequence: 2 } }], has_more: true, high_watermark: 250, oldest_available: 1, withheld: [] }) // prettier-ignore
  })

  it('R8.1 waits for the next event, and answers as soon as it is there', async () => {
    const { headers } = await ask('after=250')
    // Longer than this test may take.
    const waiting = ask(`wait=60&cursor=${headers.get('catena-cursor') ?? ''}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await tell(250, 251)
    expect(sequencesIn(await (await waiting).text())).toEqual([251])
  }, 30_000)

  it('R8.1 answers nobody who does not say who they are', async () => {
    for (const authorization of ['', 'Bearer nonsense']) expect((await ask('', { authorization })).status).toBe(401)
  })

  it('R8.1 gives a token that is limited to sources nothing of others, whatever it asks for', async () => {
    await tell(251, 253, { source: 'keycloak' })
    const authorization = `Bearer ${await issueToken(['keycloak'])}`
    expect(sequencesIn(await (await ask('limit=10000', { authorization })).text())).toEqual([252, 253])
    const beyond = await ask('sources=catena', { authorization })
    expect([beyond.status, await beyond.json()]).toEqual([400, { error: 'bad-question', message: 'your token may read of keycloak only: name one of these, or none' }]) // prettier-ignore
  })

  it('R8.1 names the events that it withholds, however long it was to wait for others', async () => {
    await tell(253, 254, { summary: `leaked ${['ghp_', 'A'.repeat(36)].join('')}` })
    const answer = await ask('after=253&wait=60')
    expect([await answer.text(), answer.headers.get('catena-withheld')]).toEqual(['', '254'])
  }, 30_000)

  it('says clearly what cannot be answered', async () => {
    const cursor = (await ask('limit=1')).headers.get('catena-cursor') ?? ''
    expect(await message(`cursor=${cursor}&kinds=login`)).toMatch(/^400 the cursor is of another filter or format/)
    expect(await message(`cursor=${cursor.slice(0, -2)}AA`)).toMatch(/^400 the cursor is malformed/)
    expect(await message('cursor=e30.AAAA')).toMatch(/^400 the cursor is malformed/)
    expect(await message('after=100000')).toMatch(/^400 this place is in the future: the feed ends at 25\d/)
    expect(await message('kinds=nonsense')).toMatch(/^400 kinds/)
    expect(await message('sources=catena,nobody')).toMatch(
      /^400 filter.sources names nobody, which is no source: there are catena/,
    )
    expect(await message('sources=nobody')).toMatch(/^400 filter.sources selects nothing: there are catena/)
    expect(await message('limit=0')).toMatch(/^400 limit must be a whole number from 1 to 10000/)
    expect(await message('colour=red')).toMatch(/^400 colour is no parameter here/)
    expect(await message(`after=1&cursor=${cursor}`)).toMatch(/^400 cursor, after and since exclude each other/)
  })

  it('R8.1 never skips silently what is no longer there: 410 with the oldest sequence', async () => {
    const cursor = (await ask('limit=1')).headers.get('catena-cursor') ?? ''
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await owner.query('SET session_replication_role = replica')
    await owner.query('DELETE FROM feed_event WHERE sequence <= 10')
    await owner.end()
    const answer = await ask(`cursor=${cursor}`)
    expect(answer.status).toBe(410)
    expect(await answer.json()).toMatchObject({ error: 'cursor-expired', oldest_available: 11 })
    expect(sequencesIn(await (await ask('limit=1')).text())).toEqual([11])
  })

  it('R8.1 refuses a cursor that another caller was given, and one from the future: the feed was restored from an older copy', async () => {
    const cursor = (await ask('limit=10000')).headers.get('catena-cursor') ?? ''
    const other = await ask(`cursor=${cursor}`, { authorization: `Bearer ${await issueToken()}` })
    expect([other.status, await other.json()]).toEqual([403, { error: 'cursor-of-another', message: expect.stringContaining('was given to another caller') }])
    const owner = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await owner.query('SET session_replication_role = replica')
    await owner.query('DELETE FROM feed_event WHERE sequence > 200')
    await owner.query('UPDATE feed_head SET sequence = 200')
    await owner.end()
    expect(await message(`cursor=${cursor}`)).toMatch(/^400 this place is in the future: the feed ends at 200/)
    await tell(300, 400)
    expect(await message(`cursor=${cursor}`)).toMatch(/^400 the feed was restored from an older copy since this cursor was given/)
    expect(sequencesIn(await (await ask('after=200')).text())).toHaveLength(100)
  }) // prettier-ignore

  it('R8.1 gives long answers whole and up to the limit, as lines and as one object', async () => {
    await tell(400, 1_200)
    const expected = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 301)
    const lines = await ask('after=300&limit=10000')
    const text = await lines.text()
    expect(sequencesIn(text)).toEqual(expected(800))
    expect(Number(lines.headers.get('content-length'))).toBe(Buffer.byteLength(text))
    expect(sequencesIn(await (await ask('after=300&limit=501')).text())).toEqual(expected(501))
    const object = (await (await ask('after=300&limit=700', { accept: 'application/json' })).json()) as { events: { metadata: { sequence: number } }[] } // prettier-ignore
    expect(object.events.map(({ metadata }) => metadata.sequence)).toEqual(expected(700))
    expect(await (await ask('after=1100')).text()).toBe('')
    const none = await ask('after=1100', { accept: 'application/json' })
    expect(await none.json()).toMatchObject({ events: [], has_more: false, high_watermark: 1_100 })
  })

  it('R8.1 ends an answer before what it withholds is more than clients take in headers', async () => {
    const from = Number((await ask('limit=1')).headers.get('catena-high-watermark'))
    await tell(from, from + 4_000, { summary: `leaked ${['ghp_', 'A'.repeat(36)].join('')}` })
    await tell(from + 4_000, from + 4_003)
    const [withheld, told] = [[] as string[], [] as number[]]
    for (let query = `after=${from}`, hasMore = true; hasMore;) {
      const answer = await ask(`${query}&limit=10000`)
      expect(answer.status).toBe(200)
      withheld.push(...(answer.headers.get('catena-withheld')?.split(',') ?? []))
      told.push(...sequencesIn(await answer.text()))
      hasMore = answer.headers.get('catena-has-more') === 'true'
      query = `cursor=${encodeURIComponent(answer.headers.get('catena-cursor') ?? '')}`
    }
    expect(withheld).toHaveLength(4_000)
    expect(told).toEqual([1, 2, 3].map((later) => from + 4_000 + later))
  }, 30_000)

  it('R7.2 records what a person pulls, and ends there: pulls of pulls are not recorded, nor what machines pass on', async () => {
    const reads = async () => {
      const all = await running.instance.ledger.readDecisions(0, 10_000)
      return all.filter(({ type }) => type === 'EvidenceRead').map(({ actor, payload }) => ({ actor, ...(JSON.parse(String(payload)) as object) })) // prettier-ignore
    }
    const top = Number((await ask('limit=1')).headers.get('catena-high-watermark'))
    const before = (await reads()).length
    await (await ask(`after=${top - 2}&limit=2`)).text()
    const noted = (await reads()).slice(before)
    expect(noted).toEqual([expect.objectContaining({ actor: 'person:local', fields: ['GET /v1/events'], shown: [`FeedEvents:${top - 1}-${top}`], queryHash: expect.stringMatching(/^[0-9a-f]{64}$/) })]) // prettier-ignore
    const known = (await reads()).length
    await tell(9_000, 9_002, {
      kind: 'evidence-viewed',
      details: { fields: 'GET /v1/events', shown: 'FeedEvents:249-250' },
    })
    expect(sequencesIn(await (await ask(`after=${top}`)).text())).toHaveLength(2)
    expect(await (await ask(`after=${top + 2}`)).text()).toBe('')
    expect(sequencesIn(await (await ask('limit=5', { authorization: `Bearer ${await issueToken()}` })).text())).toHaveLength(5) // prettier-ignore
    expect((await reads()).length).toBe(known)
  })
})
