/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off -- an answer has the shape of its query */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import type { Connector } from '@catena/domain'
import { ingestFile } from '@catena/ingest'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
let folder: string

const line = (number: number) =>
  JSON.stringify({ id: `q${number}`, time: 1_772_000_000_000 + number, type: 'LOGIN', realmId: 'r', userId: 'u1' })

/** A connector with a defect that the API's does not have. */
const defective = (kind: 'keycloak'): Connector => ({
  ...connectorFor(kind),
  redact: () => {
    throw new TypeError('of all things')
  },
})

beforeAll(async () => {
  api = await startRecordedApi()
  folder = await mkdtemp(join(tmpdir(), 'catena-api-'))
  const path = join(folder, 'events.log')
  await writeFile(path, `${line(1)}\n${line(2)}\n${line(3)}\n{"half\n`)
  const { ledger, keys, configuration } = api.shared.instance
  const source = configuration.sources.find(({ kind }) => kind === 'keycloak')!
  await ingestFile({ path, source, ledger, keys, connectorFor: () => defective('keycloak'), final: true })
}, 120_000)

afterAll(async () => {
  await api.stop()
  await rm(folder, { recursive: true })
})

const FIELDS = `id source reason shape lengthBytes seen state attempts
  place { __typename ... on FilePlace { file from to } } lastAttempt { outcome reason position actor }`

async function list(
  filter: string,
  first = 100,
  after = '',
): Promise<any> /* eslint-disable-line @typescript-eslint/no-explicit-any */ {
  const cursor = after === '' ? '' : `, after: "${after}"`
  const selection = `quarantine(filter: ${filter}, first: ${first}${cursor}) { edges { cursor node { ${FIELDS} } } pageInfo { hasNextPage endCursor } }`
  return (await api.evidence(selection)).quarantine
}

const release = (ids: string) =>
  api.ask(`mutation { releaseQuarantined(ids: ${ids}) { id outcome isNew position reason source actor } }`)

describe('the quarantine', () => {
  it('is listed page by page, with places and shapes and no content', async () => {
    const first = await list('{ source: "keycloak", state: OPEN }', 3)
    expect(first.edges).toHaveLength(3)
    expect(first.edges[0].node).toMatchObject({
      source: 'keycloak',
      reason: 'connector failed: TypeError',
      state: 'OPEN',
      attempts: 0,
      lastAttempt: null,
      place: { __typename: 'FilePlace', from: 0, to: line(1).length },
    })
    expect(first.edges[0].node.shape).toMatch(/^\{"aa":"a9","aaaa":9+/)
    expect(first.pageInfo.hasNextPage).toBe(true)
    const second = await list('{ source: "keycloak", state: OPEN }', 3, first.pageInfo.endCursor as string)
    expect(second.edges.map(({ node }: { node: { shape: string } }) => node.shape)).toEqual(['{"aaaa'])
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect((await list('{ source: "nobody" }')).edges).toEqual([])
  })

  it('lets go what can be read now, once, and says why the rest stays', async () => {
    const { edges } = await list('{}')
    const [one, two, , half] = edges.map(({ node }: { node: { id: number } }) => node.id) as [
      number,
      number,
      number,
      number,
    ]
    const head = await api.ledger.head()
    const { data } = await release(`[${two}, ${half}, ${two}]`)
    expect(data.releaseQuarantined).toMatchObject([
      {
        id: two,
        outcome: 'STORED',
        isNew: true,
        position: head + 1,
        source: 'keycloak',
        actor: 'person:test',
        reason: null,
      },
      { id: half, outcome: 'UNREADABLE', isNew: true, position: null, reason: expect.stringContaining('JSON') },
    ])
    expect((await release(`[${two}, ${one}]`)).data.releaseQuarantined).toMatchObject([
      { id: two, outcome: 'STORED', isNew: false, position: head + 1 },
      { id: one, outcome: 'STORED', isNew: true, position: head + 2 },
    ])
    expect(await api.ledger.head()).toBe(head + 2)
    const released = await list('{ state: RELEASED }')
    expect(released.edges.map(({ node }: { node: { id: number } }) => node.id)).toEqual([one, two])
    const { quarantineCounts } = await api.evidence('quarantineCounts { source open released }')
    expect(quarantineCounts).toEqual([{ source: 'keycloak', open: 2, released: 2 }])
  })

  it('says what is wrong with a request, and releases nothing', async () => {
    const head = await api.ledger.head()
    const many = JSON.stringify(Array.from({ length: 101 }, (_, index) => index))
    for (const [ids, message] of [
      ['[987654]', 'nothing is quarantined under 987654'],
      ['[]', 'name 1 to 100 records at once'],
      [many, 'name 1 to 100 records at once'],
    ] as const)
      expect((await release(ids)).errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }])
    const { errors } = await api.ask('{ evidence { quarantine(after: "x") { edges { cursor } } } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_CURSOR' } }])
    expect(await api.ledger.head()).toBe(head)
  })
})
