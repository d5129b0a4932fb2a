/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off -- an answer has the shape of its query */
import type { EvidencePart } from '@catena/domain'
import { DecisionViewRunner } from '@catena/projections'
import { DECISION_VIEWS } from '@catena/runtime'
import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../../apps/api/test/recorded-api.js'
import { credentialsSeenBy, requestsSeenBy, type SeenCredential } from './seen-by.js'

jest.setTimeout(60_000)

let api: RecordedApi
let views: DecisionViewRunner
let all: SeenCredential[]
/** Of production; of test; owned by a team. */
let production: SeenCredential
let test: SeenCredential
let owned: SeenCredential

beforeAll(async () => {
  api = await startRecordedApi()
  const { ledger, databaseUrl } = api.shared.instance
  views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError: (error) => console.error(error) }) // prettier-ignore
  views.start()
  all = await credentialsSeenBy(api, {})
  ;[production, test, owned] = all.filter(({ chains, containerName }) => chains.edges.length > 0 && containerName !== null) as [SeenCredential, SeenCredential, SeenCredential] // prettier-ignore
  await declare(production, 'production')
  await declare(test, 'test')
  await change(`assignOwner(credential: "${owned.id}", owner: "group:keycloak/tideline:pay", name: "Payments")`)
  await change(`assignOwner(credential: "${test.id}", owner: "person:keycloak/tideline:olga", name: "Payments")`)
}, 120_000)
afterAll(async () => {
  await views.stop()
  await api.stop()
})

async function change(mutation: string): Promise<void> {
  const { errors, data } = await api.ask(`mutation { x: ${mutation} { __typename ... on Refused { message } } }`)
  if (errors !== undefined || data.x.message !== undefined) throw new Error(JSON.stringify(errors ?? data))
}
const declare = ({ id }: SeenCredential, environment: string) =>
  change(`declareCredentialFacts(credential: "${id}", facts: { environment: "${environment}" })`)

const auditorOf = (...parts: readonly EvidencePart[]) =>
  asCaller({ id: 'person:scoped', roles: [], within: parts.map((part) => ({ role: 'auditor', ...part })) })

const idsSeenBy = async (...parts: readonly EvidencePart[]) =>
  (await credentialsSeenBy(api, auditorOf(...parts))).map(({ id }) => id)

describe('an auditor of one environment', () => {
  it('R7.2 sees the credentials that are declared to be of it, and no others', async () => {
    expect(await idsSeenBy({ environments: ['production'] })).toEqual([production.id])
    expect((await idsSeenBy({ environments: ['production', 'test'] })).sort()).toEqual([production.id, test.id].sort())
    expect(await idsSeenBy({ environments: ['nowhere'] })).toEqual([])
  })

  it('R7.2 sees their requests and no others, by list, by filter, nested and by id', async () => {
    const headers = auditorOf({ environments: ['production'] })
    const own = await requestsSeenBy(api, {}, `, credential: "${production.id}"`)
    expect(own.length).toBeGreaterThan(0)
    expect(await requestsSeenBy(api, headers)).toEqual(own)
    expect(await requestsSeenBy(api, headers, `, credential: "${test.id}"`)).toEqual([])
    const [foreign] = test.chains.edges
    for (const way of [`credential(id: "${test.id}") { id }`, `chain(factId: "${foreign?.node.id}") { id }`]) {
      const [asked, open] = [await api.ask(`{ evidence { x: ${way} } }`, {}, headers), await api.ask(`{ evidence { x: ${way} } }`)] // prettier-ignore
      expect([asked.data.evidence.x, open.data.evidence.x === null]).toEqual([null, false])
    }
    const { data } = await api.ask(`{ evidence { chain(factId: "${production.chains.edges[0]?.node.id}") { id } } }`, {}, headers) // prettier-ignore
    expect(data.evidence.chain.id).toBe(production.chains.edges[0]?.node.id)
  })

  it('is refused what does not narrow, as any auditor of a part', async () => {
    const { errors } = await api.ask('{ evidence { principals { edges { cursor } } } }', {}, auditorOf({ environments: ['production'] })) // prettier-ignore
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})

describe('an auditor of one organisation unit', () => {
  it('R7.2 sees what the team owns, and not what a person of that name does', async () => {
    expect(await idsSeenBy({ units: ['Payments'] })).toEqual([owned.id])
  })
})

describe('a part with several lists', () => {
  it('R7.2 is what fits all of them; several parts are what fits any', async () => {
    const vaults = [(production.containerName ?? '').replace(/\/$/, '')]
    expect(await idsSeenBy({ environments: ['production'], vaults })).toEqual([production.id])
    expect(await idsSeenBy({ environments: ['production'], vaults: ['another'] })).toEqual([])
    expect(await idsSeenBy({ environments: ['production'], units: ['Payments'] })).toEqual([])
    expect((await idsSeenBy({ environments: ['production'] }, { units: ['Payments'] })).sort()).toEqual([production.id, owned.id].sort()) // prettier-ignore
    const ofVault = all.filter(({ containerName }) => containerName === production.containerName).map(({ id }) => id)
    expect((await idsSeenBy({ vaults })).sort()).toEqual([...ofVault].sort())
  })
})
