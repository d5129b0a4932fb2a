/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

const HOP =
  'place { source mount role issuer } joins provability why basis advice { becomes helps settings { system where field value } } retrievals { proven ambiguous } positions'

describe('joinability over the API', () => {
  it('R1.5 names the setting of the role that would make its hop provable, and how many retrievals it helps', async () => {
    const { joinability } = await api.evidence(
      `joinability { retrievals truncated hops(first: 100) { edges { node { ${HOP} } } } }`,
    )
    const nodes = joinability.hops.edges.map(({ node }: { node: unknown }) => node)
    expect(nodes).toContainEqual(
      expect.objectContaining({
        place: { source: 'vault', mount: 'auth/jwt-ci/', role: 'ci-repo', issuer: 'github/github.com' },
        provability: 'INFERABLE',
        advice: [
          {
            becomes: 'PROVABLE',
            helps: 74,
            settings: [expect.objectContaining({ where: 'auth/jwt-ci/role/ci-repo', field: 'claim_mappings' })],
          },
        ],
      }),
    )
    expect(joinability.truncated).toBe(false)
  })

  it('R1.5 pages through causes of broken chains, biggest first', async () => {
    const ask = (after: string | null) =>
      api.evidence(
        `joinability { broken(first: 2${after === null ? '' : `, after: "${after}"`}) { edges { node { reason retrievals examples } } pageInfo { hasNextPage endCursor } } }`,
      )
    const sizes: number[] = []
    let after: string | null = null
    for (let pages = 0; pages < 20; pages++) {
      const { broken } = (await ask(after)).joinability as {
        broken: { edges: { node: { retrievals: number } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
      }
      sizes.push(...broken.edges.map(({ node }) => node.retrievals))
      if (!broken.pageInfo.hasNextPage) break
      after = broken.pageInfo.endCursor
    }
    expect(sizes.length).toBeGreaterThan(5)
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  })

  it('refuses days that no answer is kept for, with what to do', async () => {
    const { errors } = await api.ask('{ evidence { joinability(days: 0) { retrievals } } }')
    expect(errors?.[0]?.message).toContain('ask for 1 to')
  })
})
