import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { merge, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { MemoryFacts } from '@catena/access-chain'
import { FactDirectory } from '@catena/directory'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw, mask, store } from '../fixture-cases.js'
import { entra } from './index.js'

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance
const raw = (name: string): JsonObject => read(`${name}.raw.json`)

/** A fixture with other members in its envelope, and in what it holds. */
function activity(name: string, outer: JsonObject = {}, inner: JsonObject = {}): Activity {
  const record = raw(name)
  const properties = { ...(record['properties'] as JsonObject), ...inner }
  return interpretRaw(entra, SOURCE, JSON.stringify({ ...record, ...outer, properties }))
}

const stored = (name: string): string => JSON.stringify(store(entra, SOURCE, raw(name)).payload)
const keysOf = ({ groups }: Activity, role: string): string[] =>
  groups.filter((group) => group.role === role).flatMap(({ forms }) => forms.map(({ key }) => key))

describe('a sign-in', () => {
  it('R1.4 with another issuer’s token is not by a secret of its own where the record does not tell which issuer', () => {
    const told = activity('sign-in-federated-credential', {}, { federatedCredentialId: null })
    expect(told.attributes['origin']).toBe('undeclared')
    expect(activity('sign-in-service-principal').attributes['origin']).toBe('long-lived')
  })

  it('R1.9 is one fact by diagnostic settings and by the API', () => {
    const pulled = interpretRaw(entra, SOURCE, JSON.stringify(raw('sign-in-of-the-api')))
    const merged = merge(activity('sign-in-interactive'), pulled)
    expect([merged.conflicts, merged.outcome]).toEqual([[], 'succeeded'])
  })

  it.each([
    ['a number', 0, {}, 'succeeded'],
    ['digits', '50126', {}, 'denied'],
    ['a word', 'Failure', {}, 'denied'],
    ['contradicted by the status', '0', { status: { errorCode: 50053 } }, 'denied'],
    ['missing', null, {}, 'unknown'],
  ])('R1.4 goes by what the record says, where that is %s', (_, resultType, inner, outcome) => {
    const found = activity('sign-in-without-session', { resultType }, inner)
    expect(found.outcome).toBe(outcome)
    expect(keysOf(found, 'session').length).toBe(outcome === 'succeeded' ? 1 : 0)
  })

  it('R1.4 joins no strangers by an id of zeros', () => {
    const zeros = '00000000-0000-0000-0000-000000000000'
    const found = activity('sign-in-interactive', {}, { userId: zeros, sessionId: zeros })
    expect([keysOf(found, 'person'), keysOf(found, 'session')]).toEqual([
      [],
      ['idp-session:entra/tideline:sign-in/d9ae0e20-c959-42a3-ba74-00f59ac9f600'],
    ])
  })

  it('R1.4 of a service principal is told by what was used, and one of a person is not taken for it', () => {
    expect(activity('sign-in-service-principal').attributes).toMatchObject({ origin: 'long-lived', method: 'clientSecret' })
    expect(activity('sign-in-federated-credential').attributes['origin']).toBe('federated')
    const other = { federatedCredentialId: '11111111-2222-4333-8444-555555555555' }
    expect(activity('sign-in-federated-credential', {}, other).attributes['origin']).toBe('undeclared')
  }) // prettier-ignore
})

describe('a credential of an application', () => {
  it('R2.1 is the one that was not there before, and joins the sign-ins with it', () => {
    expect(keysOf(activity('credential-added'), 'issued')).toEqual(
      keysOf(activity('sign-in-service-principal'), 'credential'),
    )
    expect(keysOf(activity('credential-removed'), 'removed')).toEqual(keysOf(activity('credential-added'), 'issued'))
  })

  it('R1.4 is none where the change failed', () => {
    expect(keysOf(activity('credential-refused'), 'issued')).toEqual([])
  })

  it('R1.4 is not what the name of another one says: an owner of an application gives names at will', () => {
    const { added, removed } = { added: 'credential-added', removed: 'credential-removed' }
    const strange = '[KeyIdentifier=11111111-2222-4333-8444-555555555555,KeyType=Password,KeyUsage=Verify'
    for (const name of [strange, `x,"${strange}`, `x\\","${strange}`, `x]","${strange}`]) {
      const inName = JSON.stringify(JSON.stringify(name).slice(1, -1)).slice(1, -1)
      const called = (record: string): Activity =>
        interpretRaw(
          entra,
          SOURCE,
          JSON.stringify(raw(record)).replaceAll('MUSTNOTBEKEPT', () => inName),
        )
      expect(called(added).groups).toEqual(activity(added).groups)
      expect(called(removed).groups).toEqual(activity(removed).groups)
    }
  })
})

describe('a new issuer whose tokens an application takes', () => {
  const change = (property: string, result = 'success'): Activity =>
    activity('credential-added', { operationName: 'Update application' }, {
      activityDisplayName: 'Update application',
      result,
      targetResources: [
        { id: 'C7A1B2D3-0000-4000-8000-000000000009', type: 'Application', displayName: 'deploy', modifiedProperties: [{ displayName: property, oldValue: '[]', newValue: '[{"Name":"MUSTNOTBEKEPT"}]' }] },
      ],
    })

  it('R1.1 is a credential of that application, and none of its other settings', () => {
    const { kind, target, attributes } = change('FederatedIdentityCredentials')
    expect([kind, target?.path, attributes['credentialTypes']]).toEqual([
      'credential-changed', 'c7a1b2d3-0000-4000-8000-000000000009/credentials', ['FederatedIdentityCredentials'],
    ])
    expect(change('FederatedIdentityCredentials').groups.some(({ verb }) => verb === 'establishes')).toBe(false)
    expect(change('DisplayName').kind).toBe('configuration-changed')
  })
}) // prettier-ignore

describe('a group', () => {
  const group = { id: 'aa11bb22-0000-4000-8000-0000000000aa', type: 'Group', displayName: 'payments-operators', groupType: 'azureAD', modifiedProperties: [] }
  const ended = (inner: JsonObject = {}): Activity =>
    activity('group-member-added', { operationName: 'Delete group' }, { activityDisplayName: 'Delete group', activityDateTime: '2026-11-24T10:00:00Z', id: 'Directory_A7', targetResources: [group], ...inner })
  const members = async (...activities: readonly Activity[]): Promise<number> => {
    const facts = new MemoryFacts()
    for (const one of activities) facts.add(one)
    const directory = new FactDirectory(facts.at({ position: 9 }), ['entra/tideline'])
    return (await directory.membersOf(`group:entra/tideline:${group.id}`, Date.parse('2026-11-30T00:00:00Z'))).length
  }

  it('R3.3 has nobody in it who owns it, or may become a member of it', async () => {
    for (const activityDisplayName of ['Add owner to group', 'Add eligible member to group']) {
      const other = activity('group-member-added', {}, { activityDisplayName })
      expect([other.kind, await members(other)]).toEqual(['membership-changed', 0])
    }
    const leaves = activity('group-member-added', {}, { activityDisplayName: 'Remove owner from group', id: 'Directory_A8', activityDateTime: '2026-11-24T09:00:00Z' })
    expect(await members(activity('group-member-added'), leaves)).toBe(1)
  })

  it('R3.3 has nobody in it any more once it was deleted, unless that failed', async () => {
    const added = activity('group-member-added')
    expect(await members(added)).toBe(1)
    expect(await members(added, ended())).toBe(0)
    expect(await members(added, ended({ activityDisplayName: 'Hard Delete group' }))).toBe(0)
    expect(await members(added, ended({ result: 'failure' }))).toBe(1)
    expect(ended().kind).toBe('membership-changed')
  })

  it('R3.3 perhaps has again whoever was in it, once it was restored: no record says who came back', async () => {
    const restored = (inner: JsonObject = {}): Activity =>
      ended({ activityDisplayName: 'Restore group', activityDateTime: '2026-11-25T10:00:00Z', id: 'Directory_A9', ...inner })
    const added = activity('group-member-added')
    const [ann] = keysOf(added, 'person')
    const facts = new MemoryFacts()
    for (const one of [restored(), ended(), added]) facts.add(one)
    const directory = new FactDirectory(facts.at({ position: 9 }), ['entra/tideline'])
    const found = await directory.membersOf(`group:entra/tideline:${group.id}`, Date.parse('2026-11-30T00:00:00Z'))
    expect(found).toEqual([expect.objectContaining({ person: ann, perhaps: true, readBack: true })])
    expect(await members(added, ended(), restored({ result: undefined as never }))).toBe(1)
    expect(await members(added, ended(), restored({ result: 'failure' }))).toBe(0)
  })
}) // prettier-ignore

describe('a user', () => {
  it('R4.2 keeps the name that it had when it was deleted', () => {
    expect(activity('user-deleted').attributes).toMatchObject({ username: 'nora@tideline.example', deleted: true })
  })
})

describe('privileged access', () => {
  it('R1.1 has one request in all its steps, and only an approval is one', () => {
    const steps = ['requested', 'approval-requested', 'approved', 'denied', 'activated', 'expired']
    const found = steps.map((step) => activity(`privilege-${step}`))
    expect(new Set(found.flatMap((one) => keysOf(one, 'request'))).size).toBe(1)
    expect(found.filter(({ attributes }) => attributes['decision'] === 'approved')).toHaveLength(1)
    expect(keysOf(found[2]!, 'approver')).not.toEqual(keysOf(found[2]!, 'requester'))
  })
})

describe('what is stored', () => {
  it('R2.6 holds no justification, name of a credential, query or value of an unnamed property', () => {
    const names = ['privilege-requested', 'privilege-approved', 'credential-added', 'graph-request', 'user-added']
    for (const name of names) expect(stored(name)).not.toMatch(/MUSTNOTBEKEPT|Seeweg/)
  })

  it('R2.6 masks the name of a sign-in that failed and belongs to nobody', () => {
    expect(stored('sign-in-of-nobody')).toContain(mask('typed-something-else'))
    expect(stored('sign-in-of-nobody')).not.toContain('"typed-something-else"')
  })
})
