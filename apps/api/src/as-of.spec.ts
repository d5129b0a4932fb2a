/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-argument: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

const EVERYTHING = `
  cut
  retrievals(first: 100) {
    edges {
      node {
        id
        fact { kind occurredAt completedAt outcome positions attributes target { path credentialId } }
        path { state through candidates caveats links { state words positions from to } }
        actor {
          __typename
          ... on Evidenced { positions }
          ... on AttributedActor { state principal { key name enabled deleted aliases { key validFrom validTo positions } } caveats }
          ... on AmbiguousActor { candidates { key } }
          ... on MissingActor { reason shared }
        }
        right { state policies approvals { at } }
        effect { state yielded positions }
        end { state how at words positions }
        callerEnd { state how at words positions }
        sideways { role state name positions }
        findings { kind words positions }
      }
    }
    pageInfo { hasNextPage }
  }
  credentials(first: 100) { edges { node { id firstSeenAt lastSeenAt } } }
  principals(first: 100) { edges { node { key name aliases { key } } } }
  sources { id coverage { from to } }`

interface Actor {
  readonly __typename: string
  readonly state?: string
}

jest.setTimeout(60_000)

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi({ later: /^keycloak/ })
}, 120_000)
afterAll(() => api.stop())

const actors = (answer: { retrievals: { edges: { node: { id: string; actor: Actor } }[] } }) =>
  new Map(answer.retrievals.edges.map(({ node }) => [node.id, `${node.actor.__typename} ${node.actor.state ?? ''}`]))

describe('records of the identity provider that arrive late', () => {
  it('R1.10 change the live answer and never the answer at an earlier cut', async () => {
    const before = await api.evidence(EVERYTHING)
    await api.feedLater()
    const now = await api.evidence(EVERYTHING)
    const again = await api.evidence(EVERYTHING, { knownAt: before.cut })
    expect(again).toEqual(before)
    expect(now.cut).not.toBe(before.cut)
    const known = actors(before)
    const better = [...actors(now)].filter(
      ([id, actor]) => actor === 'AttributedActor PROVEN' && known.get(id) !== actor,
    )
    expect(better.length).toBeGreaterThan(10)
  })

  it('R1.10 are not in the records of the earlier cut', async () => {
    const cut = 'c1.MTAw'
    const { early, records } = await api.evidence(
      'early: record(position: 200) { position } records(positions: [1, 100, 101, 9999999]) { position }',
      { knownAt: cut },
    )
    expect(early).toBeNull()
    expect(records).toEqual([{ position: 1 }, { position: 100 }])
  })
})

describe('a question about an earlier time', () => {
  it('R1.10 counts what had happened by then, whenever it was recorded', async () => {
    const validAt = '2026-11-23T05:01:00.000Z'
    const answer = await api.evidence(
      'validAt retrievals(first: 100) { edges { node { fact { occurredAt } end { at } } } }',
      { validAt },
    )
    expect(answer.validAt).toBe(validAt)
    const chains = answer.retrievals.edges as { node: { fact: { occurredAt: string }; end: { at: string | null } } }[]
    expect(chains.length).toBeGreaterThan(5)
    for (const { node } of chains) {
      expect(node.fact.occurredAt <= validAt).toBe(true)
      expect(node.end.at === null || node.end.at <= validAt).toBe(true)
    }
  })

  it('holds no fact of a later time', async () => {
    const newest = (await api.evidence('retrievals(first: 1) { edges { node { id } } }')).retrievals.edges[0].node
      .id as string
    expect((await api.evidence(`chain(factId: "${newest}") { id }`)).chain).toEqual({ id: newest })
    expect(
      (await api.evidence(`chain(factId: "${newest}") { id }`, { validAt: '2026-11-23T05:01:00Z' })).chain,
    ).toBeNull()
  })
})
