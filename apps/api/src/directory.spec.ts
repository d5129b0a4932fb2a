/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off -- an answer has the shape of its query */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedApi, type RecordedApi } from '../test/recorded-api.js'

let api: RecordedApi
beforeAll(async () => {
  api = await startRecordedApi()
}, 120_000)
afterAll(() => api.stop())

describe('the directory over the API', () => {
  it('R3.3 tells who somebody is, with groups and the records behind it', async () => {
    const { people } = await api.evidence(
      'people(term: "olga@tideline.example") { person name email employment { state since positions } groups { groupName from } evidence { source } }',
    )
    expect(people).toHaveLength(1)
    expect(people[0]).toMatchObject({ name: 'olga', employment: { state: 'ACTIVE' } })
    expect(people[0].evidence.map(({ source }: { source: string }) => source)).toContain('keycloak')
  })

  it('R3.3 tells who was in a group at a moment, by changes that the provider recorded', async () => {
    const { people } = await api.evidence('people(term: "olga") { groups { group groupName } }')
    const names = people[0].groups.map(({ groupName }: { groupName: string }) => groupName)
    for (const name of names) {
      const { groupMembers } = await api.evidence(
        `groupMembers(group: "${name}", first: 100) { edges { node { person group } } }`,
      )
      expect(groupMembers.edges.length).toBeGreaterThan(0)
    }
    const early = await api.evidence('groupMembers(group: "nobody knows this group") { edges { node { person } } }')
    expect(early.groupMembers.edges).toEqual([])
  })
})
