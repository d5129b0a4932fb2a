/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off -- an answer has the shape of its query */
import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../../apps/api/test/recorded-api.js'
import { credentialsSeenBy, requestsSeenBy, type SeenCredential } from './seen-by.js'

jest.setTimeout(60_000)

let api: RecordedApi
let all: SeenCredential[]
let own: string
let headers: Readonly<Record<string, string>>
beforeAll(async () => {
  api = await startRecordedApi()
  all = await credentialsSeenBy(api, {})
  own = all.find(({ containerName }) => containerName !== null)?.containerName ?? ''
  const vaults = [own.replace(/\/$/, '')]
  headers = asCaller({ id: 'person:scoped', roles: [], within: [{ role: 'auditor', vaults }] })
}, 120_000)
afterAll(() => api.stop())

const others = () => all.filter(({ containerName }) => containerName !== own)

describe('an auditor of one vault', () => {
  it('sees its credentials in a list, page by page, and no others', async () => {
    const expected = all.filter(({ containerName }) => containerName === own)
    expect(expected.length).toBeGreaterThan(0)
    expect(others().length).toBeGreaterThan(0)
    expect(await credentialsSeenBy(api, headers)).toEqual(expected)
    const asked = await api.ask('{ evidence { credentials(filter: { search: "a" }) { edges { node { containerName } } } } }', {}, headers) // prettier-ignore
    expect(asked.data.evidence.credentials.edges.every((edge: { node: SeenCredential }) => edge.node.containerName === own)).toBe(true)
  }) // prettier-ignore

  it('sees its requests as if no others had happened, under any filter', async () => {
    const mine = await requestsSeenBy(api, {}, `, vault: "${own}"`)
    expect(mine.length).toBeGreaterThan(0)
    expect(await requestsSeenBy(api, headers)).toEqual(mine)
    expect((await requestsSeenBy(api, {})).length).toBeGreaterThan(mine.length)
    const foreign = others().find(({ containerName }) => containerName !== null)
    expect(await requestsSeenBy(api, headers, `, vault: "${foreign?.containerName}"`)).toEqual([])
    for (const { id } of others().slice(0, 10))
      expect(await requestsSeenBy(api, headers, `, credential: "${id}"`)).toEqual([])
  })

  it('is told of a foreign credential and a foreign chain what is told of none, whatever the way', async () => {
    const foreign = others().find(({ chains }) => chains.edges.length > 0)
    const [credential, chain] = [foreign?.id ?? '', foreign?.chains.edges[0]?.node.id ?? '']
    expect(credential).not.toBe('')
    const ways = [
      `{ evidence { credential(id: "${credential}") { id chains(first: 1) { edges { node { id } } } } } }`,
      `{ evidence { x: chain(factId: "${chain}") { id fact { kind } actor { __typename } } } }`,
      `query { evidence { ...f } } fragment f on Evidence { y: chain(factId: "${chain}") { id } }`,
    ]
    for (const way of ways) {
      const [asked, open] = [await api.ask(way, {}, headers), await api.ask(way)]
      expect(Object.values(asked.data.evidence)).toEqual([null])
      expect(Object.values(open.data.evidence)).not.toEqual([null])
      expect(asked.errors).toBeUndefined()
    }
  })

  it('of its own chain sees the chain, and no stored record, person or group behind it', async () => {
    const mine = all.find(({ containerName, chains }) => containerName === own && chains.edges.length > 0)
    const id = mine?.chains.edges[0]?.node.id ?? ''
    const chain = await api.ask(`{ evidence { chain(factId: "${id}") { id path { state } } } }`, {}, headers)
    expect(chain.data.evidence.chain.id).toBe(id)
    const refused = [
      `chain(factId: "${id}") { fact { evidence { payload } } }`,
      'record(position: 1) { payload }',
      'records(positions: [1]) { payload }',
      'lookup(term: "alice") { meanings { key } }',
      'principals { edges { node { key } } }',
      'findings { edges { cursor } }',
      'sources { id }',
      'readModel { head }',
    ]
    for (const selection of refused) {
      const { errors, data } = await api.ask(`{ evidence { ${selection} } }`, {}, headers)
      expect([selection, errors?.[0]?.extensions.code]).toEqual([selection, 'FORBIDDEN'])
      expect(JSON.stringify(data ?? null)).not.toMatch(/payload":"|"key"|"cursor"/)
    }
  })

  it('makes nothing of its role elsewhere: no token that could see more', async () => {
    const token = await api.ask('mutation { issueApiToken(input: { name: "x", role: AUDITOR, expiresAt: "2030-01-01T00:00:00Z" }) { __typename } }', {}, headers) // prettier-ignore
    expect(token.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN'])
    const { data } = await api.ask('{ caller { roles within { role vaults environments } } }', {}, headers)
    expect(data.caller).toEqual({
      roles: [],
      within: [{ role: 'AUDITOR', vaults: [own.replace(/\/$/, '')], environments: null }],
    })
  })

  it('whose list of vaults is empty sees nothing', async () => {
    const nothing = asCaller({ id: 'person:none', roles: [], within: [{ role: 'auditor', vaults: [] }] })
    const { errors } = await api.ask('{ evidence { credentials { edges { cursor } } } }', {}, nothing)
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
