import { MemoryFacts } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { Instant, JsonObject, Key, SourceInstance } from '@catena/domain'
import { FactDirectory } from '@catena/directory'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'
import { sourceOf } from './walked-records.js'

const JOINED = '2026-11-20T10:00:00.000Z'
const DELETED = '2026-11-22T10:00:00.000Z'
const [BEFORE, AFTER] = ['2026-11-21T00:00:00Z', '2026-11-23T00:00:00Z'].map((at) => Date.parse(at))

function adminEvent(operationType: string, resourceType: string, resourcePath: string, time: string): JsonObject {
  const authDetails = { realmId: 'r1', clientId: 'c1', userId: 'admin', ipAddress: '192.0.2.1' }
  return { id: `${operationType}-${resourcePath}`, time: Date.parse(time), realmId: 'r1', operationType, resourceType, resourcePath, authDetails }
} // prettier-ignore

function logEvent(eventType: string, published: string, target: JsonObject[]): JsonObject {
  const actor = { id: '00uadmin', type: 'User', alternateId: 'admin@tideline.example', displayName: 'Admin' }
  return { uuid: eventType, published, eventType, actor, outcome: { result: 'SUCCESS' }, target }
}

const ON_CALL = { id: 'g1', type: 'UserGroup', displayName: 'On call' }
const PILAR = { id: 'u1', type: 'User', alternateId: 'pilar@tideline.example', displayName: 'Pilar' }

const KEYCLOAK = sourceOf('keycloak')
const OKTA = sourceOf('okta')

const AT_KEYCLOAK = [
  adminEvent('CREATE', 'GROUP_MEMBERSHIP', 'users/u1/groups/g1', JOINED),
  adminEvent('DELETE', 'GROUP', 'groups/g1', DELETED),
]
const AT_OKTA = [
  logEvent('group.user_membership.add', JOINED, [PILAR, ON_CALL]),
  logEvent('group.lifecycle.delete', DELETED, [ON_CALL]),
]

/** Members of the group, and the groups of its member, at a moment, whatever order the records came in. */
async function membersAt(source: SourceInstance, records: readonly JsonObject[], at: Instant): Promise<string[][]> {
  const [group, pilar] = ['group:g1', 'person:u1'].map((key) => key.replace(':', `:${source.kind}/${source.scope}:`))
  return Promise.all(
    [records, records.toReversed()].map(async (arrived) => {
      const facts = new MemoryFacts()
      for (const record of arrived) {
        const place = { position: records.indexOf(record) + 1, recordId: String(records.indexOf(record)) }
        facts.add(interpretRaw(connectorFor(source.kind), source, JSON.stringify(record), place))
      }
      const index = facts.at({ position: records.length })
      const directory = new FactDirectory(index, [`${source.kind}/${source.scope}`])
      const members = await directory.membersOf(group!, at)
      const groups = await directory.groupsOf([pilar as Key], at)
      return [...members.map(({ person }) => person), ...[...groups.values()].flat().map((one) => one.group)]
    }),
  )
}

describe('a group that was deleted', () => {
  it.each([
    ['Keycloak', KEYCLOAK, AT_KEYCLOAK],
    ['Okta', OKTA, AT_OKTA],
  ])('R3.3 R1.10 has the members at %s that it had before, and none since', async (_, source, records) => {
    const [pilar, group] = ['person', 'group'].map(
      (one) => `${one}:${source.kind}/${source.scope}:${one === 'person' ? 'u1' : 'g1'}`,
    )
    expect(await membersAt(source, records, BEFORE!)).toEqual([
      [pilar, group],
      [pilar, group],
    ])
    expect(await membersAt(source, records, AFTER!)).toEqual([[], []])
  })
})
