/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

jest.setTimeout(60_000)

const ACTOR = `actor { __typename
  ... on AttributedActor { principal { kind name aliases { key evidence { position } } enabled } }
  ... on AmbiguousActor { candidates { key name } } }`

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

describe('credentials, principals, words and sources', () => {
  it('R1.2 find credentials by vault and by part of their name', async () => {
    const { credentials } = await api.evidence(
      'credentials(first: 100, filter: { container: "secret/", search: "SONAR" }) { edges { node { id system path containerName chains(first: 1) { edges { node { fact { target { path } } } } } } } }',
    )
    expect(credentials.edges.length).toBeGreaterThan(0)
    for (const { node } of credentials.edges) {
      expect(node).toMatchObject({
        containerName: 'secret/',
        path: expect.stringMatching(/sonar/),
        system: 'vault/tideline-vault-1',
      })
      expect(node.chains.edges[0].node.fact.target.path).toBe(node.path)
    }
  })

  it('R1.7 list persons with their names, and workloads, accounts and entities', async () => {
    const { principals } = await api.evidence(
      'principals(filter: { search: "olga", kinds: [PERSON] }) { edges { node { kind name system enabled deleted aliases { kind value positions evidence { source } } } } }',
    )
    const [{ node }] = principals.edges
    expect(node).toMatchObject({ kind: 'PERSON', name: 'olga', system: 'keycloak/tideline' })
    expect(node.aliases.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['login name', 'e-mail address']),
    )
    expect(node.aliases[0].evidence[0]).toEqual({ source: 'keycloak' })
    const others = await api.evidence(
      'principals(first: 100, filter: { kinds: [WORKLOAD, ACCOUNT, ENTITY] }) { edges { node { kind name } } }',
    )
    const kinds = new Set(others.principals.edges.map(({ node: { kind } }: { node: { kind: string } }) => kind))
    expect(kinds).toEqual(new Set(['WORKLOAD', 'ACCOUNT', 'ENTITY']))
  })

  it('R1.1 tell what a word of a ticket may mean and where it leads', async () => {
    const { retrievals } = await api.evidence(
      'retrievals(first: 1, filter: { kinds: [LEASE_ISSUED] }) { edges { node { id } } }',
    )
    const lease = retrievals.edges[0].node as { id: string }
    const { chain } = await api.evidence(`chain(factId: "${lease.id}") { effect { yielded } fact { attributes } }`)
    const leaseId = /database\/creds\/\S+/.exec(JSON.stringify(chain).replaceAll('"', ' '))?.[0] ?? ''
    const { lookup } = await api.evidence(
      `lookup(term: "${leaseId}") { meanings { kind key } chains(first: 5) { edges { node { id } } truncated } }`,
    )
    expect(lookup.meanings).toEqual([expect.objectContaining({ kind: 'lease' })])
    expect(lookup.chains.edges.map(({ node }: { node: { id: string } }) => node.id)).toContain(lease.id)
    expect(
      (await api.evidence('lookup(term: "nobody knows") { meanings { key } chains { edges { cursor } } }')).lookup,
    ).toEqual({ meanings: [], chains: { edges: [] } })
  })

  it('R2.7 say what each source sent and how far answers follow', async () => {
    const { sources, readModel } = await api.evidence(
      'readModel { position head lag } sources { id kind scope read stored duplicates quarantined lastReceivedAt lastOccurredAt coverage { from to } lanes { read next } federations { mount issuer claims { claim field } } sharedIdentities }',
    )
    // What was asked before is in the ledger as reads, and nothing projects here.
    const reads = (await api.ledger.readDecisions(0, 1_000)).length
    const head = await api.ledger.head()
    expect(readModel).toEqual({ position: head - reads, head, lag: reads })
    const [vault] = sources
    expect(vault).toMatchObject({
      id: 'vault',
      kind: 'VAULT',
      scope: 'tideline-vault-1',
      quarantined: 0,
      sharedIdentities: ['auth/approle/'],
    })
    expect(vault.read).toBe(vault.stored + vault.duplicates + vault.quarantined)
    expect(vault.lanes.map(({ read }: { read: number }) => read).reduce((a: number, b: number) => a + b)).toBe(
      vault.read,
    )
    const { sources: health } = await api.evidence(
      'sources { id status heardAt lastOccurredAt heartbeatSeconds conserved delay { records medianSeconds greatestSeconds } lanes { lag account { holes offsets missingRecords missingOffsets conserved } } }',
    )
    // The recording declares no heartbeats, and its files are no Kafka partitions.
    expect(health[0]).toMatchObject({ id: 'vault', status: 'UNKNOWN', heartbeatSeconds: null, conserved: true })
    expect(health[0].heardAt).toBe(health[0].lastOccurredAt)
    expect(health[0].delay.records).toBe(vault.stored)
    expect(health[0].delay.greatestSeconds).toBeGreaterThanOrEqual(health[0].delay.medianSeconds)
    expect(health[0].lanes[0]).toEqual({
      lag: null,
      account: { holes: expect.any(Number), offsets: null, missingRecords: 0, missingOffsets: null, conserved: true },
    })
    expect(vault.federations).toContainEqual({
      mount: 'auth/oidc/',
      issuer: 'keycloak/tideline',
      claims: [
        { claim: 'sid', field: 'sid' },
        { claim: 'email', field: 'email' },
      ],
    })
  })
})

describe('the number of SQL statements', () => {
  const retrievals = (first: number) =>
    `{ evidence { retrievals(first: ${first}) { edges { node { fact { evidence { payload } } path { links { evidence { position } } } ${ACTOR} end { evidence { position } } } } } } }`
  const nested = (first: number) =>
    `{ evidence { credentials(first: ${first}) { edges { node { chains(first: 3) { edges { node { fact { evidence { position } } ${ACTOR} } } } } } } } }`

  it.each([
    ['a page of chains with all records', retrievals],
    ['credentials with their chains', nested],
  ])('for %s does not grow with the page', async (_, query) => {
    const answer = await api.ask(query(100))
    expect(answer.errors).toBeUndefined()
    const [small, large] = [
      await api.statementsOf(() => api.ask(query(10))),
      await api.statementsOf(() => api.ask(query(100))),
    ]
    expect(small).toBeGreaterThan(3)
    expect(large).toBeLessThanOrEqual(60)
    expect(large).toBeLessThan(small * 3)
  })
})
