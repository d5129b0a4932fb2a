/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { OWNERSHIP_RULES_STREAM, ownershipRules } from '@catena/governance'
import { handleCommand } from '@catena/ledger'
import { DecisionViewRunner } from '@catena/projections'
import { DECISION_VIEWS } from '@catena/runtime'
import { asCaller } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

describe('governance by the API', () => {
  let api: RecordedApi
  let views: DecisionViewRunner
  let credential: string
  beforeAll(async () => {
    api = await startRecordedApi()
    const { ledger, databaseUrl } = api.shared.instance
    views = new DecisionViewRunner({
      views: DECISION_VIEWS,
      log: ledger,
      databaseUrl,
      onError: (error) => console.error(error),
    })
    views.start()
    const { credentials } = await api.evidence('credentials(first: 1) { edges { node { id } } }')
    credential = credentials.edges[0].node.id
  }, 120_000)
  afterAll(async () => {
    await views.stop()
    await api.stop()
  })

  const VERDICT = 'verdict(on: "2026-11-24T00:00:00Z") { verdict controls { control verdict reason witnesses } }'
  const ask = (selection: string) => api.evidence(`credential(id: "${credential}") { ${selection} }`)

  it('R2.2 R5.2 tells who answers for a credential and whether it was under control', async () => {
    const before = await ask(`stewardship { owner { name } } ${VERDICT}`)
    expect(before.credential.stewardship.owner).toBeNull()
    expect(before.credential.verdict.verdict).toBe('UNCONTROLLED')
    expect(before.credential.verdict.controls).toContainEqual({
      control: 'owner-accountable',
      verdict: 'UNCONTROLLED',
      reason: 'Nobody owns it.',
      witnesses: [],
    })
  })

  it('R2.2 makes somebody the owner, who alone can attest', async () => {
    const answer =
      await api.ask(`mutation { assignOwner(credential: "${credential}", owner: "person:keycloak/tideline:olga", name: "olga") {
      ... on CredentialDecided { credential position } ... on Refused { code } } }`)
    expect(answer.errors).toBeUndefined()
    expect(answer.data.assignOwner).toEqual({ credential, position: await api.ledger.head() })
    await api.feedLater()
    const { credential: after } = await ask('stewardship { owner { name by rule attestedAt } }')
    expect(after.stewardship.owner).toMatchObject({ name: 'olga', rule: null, attestedAt: null })
    const attested = await api.ask(
      `mutation { attestOwnership(credential: "${credential}") { ... on Refused { code message } } }`,
    )
    expect(attested.data.attestOwnership).toMatchObject({ code: 'NOT_THE_OWNER' })
  })

  it('R2.2 takes a list of owners as a whole, and lets somebody of the team attest', async () => {
    const { credentials } = await api.evidence('credentials(first: 3) { edges { node { id system containerName path } } }')
    const [, second, third] = credentials.edges.map(({ node }: { node: { id: string } }) => node)
    const { groupMembers } = await api.evidence('groupMembers(group: "payments", first: 1) { edges { node { person group } } }')
    const { person: member, group: team } = groupMembers.edges[0].node
    const head = await api.ledger.head()
    const take = async (csv: string, more = '') =>
      (await api.ask(`mutation ($csv: String!) { importOwners(csv: $csv ${more}) { lines assigned custodians position problems } }`, { csv })).data.importOwners
    expect(await take(`credential,owner\n${second.id},olga\nno/such,olga`)).toMatchObject({ lines: 1, assigned: 0, position: null, problems: [expect.stringContaining('line 3')] })
    expect(await take(`credential,owner\n${second.id},olga`, ', dryRun: true')).toMatchObject({ lines: 1, assigned: 0, problems: [] })
    expect(await api.ledger.head()).toBe(head)
    expect(await take(`credential,owner\n${second.containerName}${second.path},${team}`)).toMatchObject({ lines: 1, assigned: 1, problems: [] })
    const attest = async (person: string, credential: string = second.id) =>
      (await api.ask(`mutation { attestOwnership(credential: "${credential}") { ... on CredentialDecided { position } ... on Refused { code } } }`, {}, asCaller({ id: person, name: 'x', roles: ['credential-owner'], keys: [person as never] }))).data.attestOwnership
    expect(await attest('person:keycloak/tideline:a-stranger')).toEqual({ code: 'NOT_THE_OWNER' })
    expect(await attest(member)).toEqual({ position: await api.ledger.head() })
    const rule = { id: 'all', path: '**', owner: { key: member, name: 'by rule' } }
    await handleCommand(api.ledger, ownershipRules, { stream: OWNERSHIP_RULES_STREAM, command: [rule], by: { actor: 'x', at: Date.now() } })
    await views.caughtUp(await api.ledger.head())
    expect(await attest(member, third.id)).toEqual({ position: await api.ledger.head() })
  }) // prettier-ignore

  it('declares facts, and refuses what is no id', async () => {
    const facts = 'facts: { purpose: "refunds", kind: PASSWORD }'
    const answer = await api.ask(
      `mutation { declareCredentialFacts(credential: "${credential}", ${facts}) { ... on CredentialDecided { credential } } }`,
    )
    expect(answer.data.declareCredentialFacts).toEqual({ credential })
    await api.feedLater()
    expect((await ask('stewardship { purpose kind }')).credential.stewardship).toEqual({
      purpose: 'refunds',
      kind: 'PASSWORD',
    })
    const wrong = await api.ask(
      `mutation { declareCredentialFacts(credential: "x", ${facts}) { ... on Refused { code } } }`,
    )
    expect(wrong.errors?.[0]?.message).toBe('name a credential by the id that answers give it')
  })
})
