/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/restrict-plus-operands: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

const ACTOR = `actor { __typename
  ... on AttributedActor { state principal { key kind name } }
  ... on AmbiguousActor { state candidates { key name } }
  ... on MissingActor { state reason shared authority { name } } }`

interface Node {
  readonly id: string
  readonly fact: {
    readonly target: { readonly containerName: string; readonly path: string; readonly credentialId: string } | null
    readonly outcome: string
    readonly kind: string
  }
  readonly actor: {
    readonly __typename: string
    readonly reason?: string
    readonly shared?: string | null
    readonly state: string
    readonly principal?: { key: string; name: string }
    readonly candidates?: { key: string; name: string }[]
  }
}

jest.setTimeout(60_000)

let api: RecordedApi
let all: Node[]
beforeAll(async () => {
  api = await startRecordedApi()
  all = await allRetrievals('{}')
}, 120_000)
afterAll(() => api.stop())

async function allRetrievals(filter: string): Promise<Node[]> {
  const nodes: Node[] = []
  for (let after = 'null'; ;) {
    const selection = `edges { node { id fact { kind outcome target { containerName path credentialId } } ${ACTOR} } } pageInfo { hasNextPage endCursor } truncated`
    const { retrievals } = await api.evidence(
      `retrievals(first: 100, after: ${after}, filter: ${filter}) { ${selection} }`,
    )
    expect(retrievals.truncated).toBe(false)
    nodes.push(...(retrievals.edges as { node: Node }[]).map(({ node }) => node))
    if (!retrievals.pageInfo.hasNextPage) return nodes
    after = `"${retrievals.pageInfo.endCursor as string}"`
  }
}

const idsOf = (nodes: readonly Node[]) => nodes.map(({ id }) => id).sort()

describe('retrievals', () => {
  it('R1.2 tell who used which vault and credential', async () => {
    expect(all.length).toBeGreaterThan(100)
    const vault = await allRetrievals('{ vault: "secret" }')
    expect(vault.length).toBeGreaterThan(10)
    expect(new Set(vault.map(({ fact }) => fact.target?.containerName))).toEqual(new Set(['secret/']))
    const denied = await allRetrievals('{ outcomes: [DENIED] }')
    expect(idsOf(denied)).toEqual(idsOf(all.filter(({ fact }) => fact.outcome === 'DENIED')))
    const leases = await allRetrievals('{ kinds: [LEASE_ISSUED], source: "vault" }')
    expect(idsOf(leases)).toEqual(idsOf(all.filter(({ fact }) => fact.kind === 'LEASE_ISSUED')))
    expect(await allRetrievals('{ from: "2026-11-24T00:00:00Z" }')).toEqual([])
  })

  it.each(['person', 'workload'])(
    'R1.2 of one %s are all those whose chain names it',
    async (kind) => {
      const { principals } = await api.evidence(
        `principals(first: 100, filter: { kinds: [${kind.toUpperCase()}] }) { edges { node { key name } } }`,
      )
      const found = await Promise.all(
        (principals.edges as { node: { key: string; name: string } }[]).map(async ({ node }) => {
          const own = await allRetrievals(`{ principal: "${node.key}" }`)
          const names = ({ key, name }: { key: string; name: string }) =>
            kind === 'person' ? key === node.key : name.startsWith(`${node.name} run `)
          expect(idsOf(own)).toEqual(
            idsOf(
              all.filter(({ actor }) =>
                [actor.principal, ...(actor.candidates ?? [])].some((one) => one !== undefined && names(one)),
              ),
            ),
          )
          return own.length
        }),
      )
      expect(found.filter((count) => count > 0).length).toBeGreaterThan(2)
    },
    60_000,
  )

  it('R1.2 of one CI attempt are all those whose chain names it', async () => {
    const attempts = all
      .flatMap(({ actor }) => [actor.principal, ...(actor.candidates ?? [])])
      .map((one) => one?.key ?? '')
    for (const key of [...new Set(attempts)].filter((one) => one.startsWith('ci-attempt')).slice(0, 12)) {
      const naming = all.filter(({ actor }) =>
        [actor.principal, ...(actor.candidates ?? [])].some((one) => one?.key === key),
      )
      expect(idsOf(await allRetrievals(`{ principal: "${key}" }`))).toEqual(idsOf(naming))
    }
  })

  it('R1.2 of one principal combine with every other filter', async () => {
    const { principals } = await api.evidence(
      'principals(filter: { search: "alice@" }) { edges { node { key name } } }',
    )
    const { key, name } = principals.edges[0].node as { key: string; name: string }
    expect(name).toBe('alice')
    const own = await allRetrievals(`{ principal: "${key}" }`)
    const credential = own.find(({ fact }) => fact.target?.credentialId)?.fact.target?.credentialId ?? ''
    const combined = await allRetrievals(
      `{ principal: "${key}", credential: "${credential}", outcomes: [SUCCEEDED], source: "vault" }`,
    )
    const expected = own.filter(({ fact }) => fact.target?.credentialId === credential && fact.outcome === 'SUCCEEDED')
    expect(combined.length).toBeGreaterThan(0)
    expect(idsOf(combined)).toEqual(idsOf(expected))
  })

  it('R1.4 report two candidates as two', () => {
    const ambiguous = all.filter(({ actor }) => actor.__typename === 'AmbiguousActor')
    expect(ambiguous.length).toBeGreaterThan(0)
    for (const { actor } of ambiguous) expect(new Set(actor.candidates?.map(({ key }) => key)).size).toBeGreaterThan(1)
  })

  it('R1.3 R1.6 name a shared identity and guess no person behind it', () => {
    const missing = all.filter(({ actor }) => actor.__typename === 'MissingActor')
    expect(missing.every(({ actor }) => (actor.reason ?? '') !== '')).toBe(true)
    expect(missing.some(({ actor }) => actor.reason === 'BEARER_HANDED_OVER')).toBe(true)
    const shared = missing.filter(({ actor }) => actor.reason === 'SHARED_IDENTITY')
    expect(new Set(shared.map(({ actor }) => actor.shared))).toContain('root')
    expect(shared.some(({ actor }) => actor.shared?.startsWith('approle:'))).toBe(true)
  })
})

describe('a chain', () => {
  it('R1.1 R1.4 states every aspect and shows the records of each, as stored', async () => {
    const { id } = all.find(({ actor }) => actor.__typename === 'AttributedActor' && actor.state === 'PROVEN') as Node
    const { chain } = await api.evidence(`chain(factId: "${id}") {
      fact { positions evidence { position source stream type occurredAt recordedAt recordId payload } }
      path { state through links { key by positions evidence { position } } }
      identity { system displayName entityId method role strength { acr amr secondFactor } }
      right { state evidence { position } } effect { state } end { state } callerEnd { state } sideways { role } findings { kind }
      ${ACTOR} }`)
    expect(chain.path).toMatchObject({
      state: 'PROVEN',
      links: expect.arrayContaining([expect.objectContaining({ by: 'LOGIN' })]),
    })
    expect(chain.fact.evidence.map(({ position }: { position: number }) => position)).toEqual(chain.fact.positions)
    expect(chain.fact.evidence[0]).toMatchObject({
      source: 'vault',
      stream: 'audit',
      payload: { request: { operation: expect.any(String) } },
    })
    for (const link of chain.path.links)
      expect(link.evidence).toEqual(link.positions.map((position: number) => ({ position })))
  })

  it('of an unknown fact, and a credential of an unknown id, is null', async () => {
    expect(await api.evidence('chain(factId: "vault:x:y") { id } credential(id: "00000000000000000000000000000000") { id } other: credential(id: "no id") { id }'))
      .toEqual({ chain: null, credential: null, other: null }) // prettier-ignore
  })
})
