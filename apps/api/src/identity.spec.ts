/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

const ACCEPT = `mutation ($pair: IdentityPair!) { acceptIdentityJoin(pair: $pair) {
  ... on IdentityDecided { alias joinedTo position } ... on Refused { code message } } }`

describe('decisions on identities over the API', () => {
  it('R1.6 takes a suggestion, is at a place of the ledger, and is suggested no more once answers know it', async () => {
    const suggested = async () =>
      (
        await api.evidence('identitySuggestions(first: 100) { edges { node { alias principal why positions } } }')
      ).identitySuggestions.edges.map(({ node }: { node: object }) => node)
    const [first] = await suggested()
    const pair = { alias: first.alias, principal: first.principal, reason: 'asked them' }
    const { data } = await api.ask(ACCEPT, { pair })
    expect(data.acceptIdentityJoin).toMatchObject({
      alias: pair.alias,
      joinedTo: [pair.principal],
      position: await api.ledger.head(),
    })
    await api.feedLater()
    expect(await suggested()).not.toContainEqual(
      expect.objectContaining({ alias: pair.alias, principal: pair.principal }),
    )
  })

  it('R1.6 answers with the rule that says no', async () => {
    const pair = { alias: 'vault-token:tideline-vault-1:x', principal: 'person:keycloak/tideline:1', reason: 'x' }
    const { data } = await api.ask(ACCEPT, { pair })
    expect(data.acceptIdentityJoin).toMatchObject({
      code: 'NOT_AN_ALIAS',
      message: expect.stringContaining('no name that lasts'),
    })
  })
})
