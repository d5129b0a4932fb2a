import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type GraphAnswer, type RecordedApi } from '../test/recorded-api.js'
import { createApi } from './create-api.js'
import { asCaller, asRole } from '@catena/testing'

jest.setTimeout(60_000)

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const TRACE = '0af7651916cd43dd8448eb211c80319c'

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

/** A question that fails inside, sent with these headers. */
async function failing(headers: Record<string, string>): Promise<{ id: string | null; answer: GraphAnswer }> {
  const { reader } = api.shared
  const fault = Object.assign(reader, { projectedPosition: () => Promise.reject(new Error('inside')) })
  try {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ evidence { cut } }' }),
    })
    return { id: response.headers.get('x-request-id'), answer: (await response.json()) as GraphAnswer }
  } finally {
    delete (fault as Partial<typeof fault>).projectedPosition
  }
}

describe('the id of a request', () => {
  it.each([
    ['is the one it brings', { 'x-request-id': 'ticket-4711' }, 'ticket-4711'],
    ['is the trace of its traceparent', { traceparent: `00-${TRACE}-b7ad6b7169203331-01` }, TRACE],
    ['is the one it brings rather than its trace', { 'x-request-id': 'a.b_c', traceparent: `00-${TRACE}-b7ad6b7169203331-01` }, 'a.b_c'],
    ['is made where it brings none', {}, UUID],
    ['is made where its trace is all zeros', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }, UUID],
    ['is made where its traceparent is none', { traceparent: TRACE }, UUID],
    ['is made where it brings what would forge a line', { 'x-request-id': '{"level":"info"}' }, UUID],
    ['is made where it brings a book', { 'x-request-id': 'x'.repeat(129) }, UUID],
  ])('%s, and stands in the answer, in its errors and in the log', async (_, headers, expected) => {
    const { id, answer } = await failing(headers)
    expect(id).toMatch(expected instanceof RegExp ? expected : new RegExp(`^${expected}$`))
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', correlationId: id })
    const line = JSON.parse(api.log.at(-1) ?? '{}') as object
    expect(line).toMatchObject({ level: 'error', correlationId: id, msg: 'a question could not be answered' })
  }) // prettier-ignore

  it('is of one request only, also where many are answered at once', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `request-${n}`)
    const answers = await Promise.all(
      ids.map(async (id) => {
        const response = await fetch(`${api.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-request-id': id },
          body: JSON.stringify({ query: '{ evidence { retrievals(first: 0) { edges { cursor } } } }' }),
        })
        return (await response.json()) as GraphAnswer
      }),
    )
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.correlationId)).toEqual(ids)
  })
})

async function metrics(): Promise<Map<string, number>> {
  const response = await fetch(`${api.url}/metrics`)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/plain; version=0\.0\.4/),
  ])
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

describe('the metrics of a process that others reach', () => {
  it('are for who may see them, while liveness is for everybody', async () => {
    const { instance } = api.shared
    const settings = { ...instance.settings, host: '0.0.0.0' }
    const open = await createApi({ ...api.shared, instance: { ...instance, settings } })
    const url = await open.listen('127.0.0.1', 0)
    const statusOf = async (path: string, headers: Readonly<Record<string, string>>) =>
      (await fetch(`${url}${path}`, { headers })).status
    expect(await statusOf('/health/live', asCaller('nobody'))).toBe(200)
    expect(await statusOf('/metrics', asCaller('nobody'))).toBe(401)
    for (const role of ['reviewer', 'credential-owner', 'campaign-manager', 'ingest'] as const)
      expect([role, await statusOf('/metrics', asRole(role))]).toEqual([role, 403])
    for (const role of ['operator', 'export', 'auditor'] as const)
      expect([role, await statusOf('/metrics', asRole(role))]).toEqual([role, 200])
    await open.close()
  })
})

describe('the metrics', () => {
  it('tell of the ledger, the projection, the sources and the process', async () => {
    const told = await metrics()
    expect(told.get('catena_ledger_position')).toBe(await api.ledger.head())
    expect(told.get('catena_projection_delay_positions')).toBe(0)
    expect(told.get('catena_projection_delay_seconds')).toBe(0)
    expect(told.get('catena_conservation_holds')).toBe(1)
    expect(told.get('catena_quarantined_records{source="vault"}')).toBe(0)
    expect(told.get('catena_not_interpreted_records{source="vault"}')).toBe(0)
    const [vault] = (await api.ledger.intake()).filter(({ source }) => source === 'vault')
    expect(told.get('catena_source_last_receipt_timestamp_seconds{source="vault"}')).toBeGreaterThanOrEqual(
      (vault?.lastReceivedAt ?? Infinity) / 1000,
    )
    expect(told.get('catena_database_pool_connections{pool="catena-answers",state="idle"}')).toBeGreaterThan(0)
    expect(told.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    // No heartbeat is declared in the recording, so nobody can tell.
    expect([...told.keys()].filter((name) => name.startsWith('catena_source_silent'))).toEqual([])
  })

  it('R1.9 count the records that no connector could interpret', async () => {
    const { pool } = api.shared.reader
    const other = async (from: string, to: string): Promise<void> => {
      await pool.query(
        `UPDATE access_fact SET kind = $2 WHERE fact = (SELECT min(fact::text)::uuid FROM access_fact WHERE source = 'vault' AND kind = $1)`,
        [from, to],
      )
    }
    await other('unclassified', 'not-interpreted')
    expect((await metrics()).get('catena_not_interpreted_records{source="vault"}')).toBe(1)
    await other('not-interpreted', 'unclassified')
  })

  it('count questions by operation and how they ended, and hold nothing of what was asked', async () => {
    const of = (told: Map<string, number>, labels: string): number =>
      told.get(`catena_graphql_request_seconds_count{${labels}}`) ?? 0
    const before = await metrics()
    await api.ask('query Olga { evidence { cut } }')
    await api.ask('{ evidence { retrievals(first: 0) { edges { cursor } } } }')
    await api.ask('{ nonsense }')
    const after = await metrics()
    const more = (labels: string): number => of(after, labels) - of(before, labels)
    expect(more('operation="query",outcome="answered"')).toBe(1)
    expect(more('operation="query",outcome="errors"')).toBe(1)
    expect(more('operation="unknown",outcome="refused"') + more('operation="query",outcome="refused"')).toBe(1)
    expect([...after.keys()].join()).not.toMatch(/Olga|nonsense/)
  })

  it('leave out what cannot be told while the database is away', async () => {
    await api.connection.break()
    const told = await metrics()
    await api.connection.mend()
    expect([...told.keys()].filter((name) => /^catena_(ledger|projection|conservation|source)/.test(name))).toEqual([])
    expect(told.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect((await metrics()).get('catena_conservation_holds')).toBe(1)
  })
})
