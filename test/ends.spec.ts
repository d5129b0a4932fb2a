import { MemoryFacts, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { JsonObject, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'

const PLAIN = { federations: [], sharedIdentities: [], gaps: [] }
const VAULT: SourceInstance = {
  ...PLAIN,
  id: 'vault',
  kind: 'vault',
  scope: 'v-1',
  federations: [{ mount: 'auth/oidc/', issuer: { kind: 'keycloak', scope: 'acme' }, claims: { sid: 'sid' } }],
}
const KEYCLOAK: SourceInstance = { ...PLAIN, id: 'keycloak', kind: 'keycloak', scope: 'acme' }
const SOURCES = [VAULT, KEYCLOAK]

const MINUTE_MS = 60_000
const T0 = Date.parse('2026-11-23T05:00:00Z')
const at = (minute: number): string => new Date(T0 + minute * MINUTE_MS).toISOString()

type Raw = readonly [SourceInstance, JsonObject | string]

/** The chain of the fact of that id, from raw records in any order. */
async function chainOf(records: readonly Raw[], id: string): Promise<Chain> {
  const facts = new MemoryFacts()
  for (const [index, [source, raw]] of records.entries()) {
    const text = typeof raw === 'string' ? raw : JSON.stringify(raw)
    const place = { position: index + 1, recordId: `r${index}` }
    facts.add(interpretRaw(connectorFor(source.kind), source, text, place))
  }
  const index = facts.at({ position: records.length })
  const asked = index.all.filter(({ factId }) => factId === `vault:v-1:${id}`)
  const [chain] = await walk(index, asked, { ...WALK_DEFAULTS, sources: SOURCES })
  if (chain === undefined) throw new Error(`no fact ${id}`)
  return chain
}

const auth = { accessor: 'A1'.padEnd(24, 'x'), display_name: 'oidc-ana', entity_id: 'e1', token_type: 'service' }

function vault(minute: number, request: JsonObject, more: JsonObject = {}): Raw {
  return [VAULT, { time: at(minute), type: 'response', auth, request, ...more }]
}

const KV = { mount_type: 'kv', mount_point: 'secret/', mount_accessor: 'kv_1' }

function readVersion(minute: number, version: number, query = ''): Raw {
  const asked = query === '' ? {} : { request_uri: `/v1/secret/data/app${query}` }
  const request = { ...KV, id: 'read', operation: 'read', path: 'secret/data/app', ...asked }
  return vault(minute, request, { response: { data: { metadata: { version } } } })
}

function change(minute: number, verb: string, versions: JsonObject[string]): Raw {
  const path = `secret/${verb}/app`
  return vault(minute, { ...KV, id: verb, operation: 'update', path, data: { versions } }, { response: {} })
}

const HASH = `hmac-sha256:${'a'.repeat(64)}`

describe('a version of a secret that was read', () => {
  it.each([
    ['it was destroyed', 'destroy', [1, 2], { state: 'proven', how: 'destroyed' }],
    ['it was deleted, named as text', 'delete', ['2'], { state: 'proven', how: 'deleted' }],
    ['another was destroyed', 'destroy', [1], { state: 'missing' }],
    ['some was destroyed, and the device hashed which', 'destroy', [HASH], { state: 'ambiguous', how: 'destroyed' }],
    ['it was destroyed, named alone', 'destroy', 2, { state: 'proven', how: 'destroyed' }],
    ['another was destroyed, named alone', 'destroy', 1, { state: 'missing' }],
    ['some was deleted, named as one text', 'delete', '1,3', { state: 'ambiguous', how: 'deleted' }],
    ['some was deleted, and the record does not name it', 'delete', [], { state: 'ambiguous', how: 'deleted' }],
  ])('R1.1 R1.4 ends as far as the record says: %s', async (_, verb, versions, end) => {
    const chain = await chainOf([readVersion(1, 2), change(2, verb, versions)], 'read')
    expect(chain.end).toMatchObject(end)
  })

  it.each([
    ['it was undeleted', [2], { state: 'missing' }],
    ['another was undeleted', [1], { state: 'proven', how: 'deleted' }],
    ['some was undeleted, and the device hashed which', [HASH], { state: 'ambiguous', how: 'deleted' }],
  ])('R1.4 stays deleted unless the record says that it is back: %s', async (_, versions, end) => {
    const chain = await chainOf([readVersion(1, 2), change(2, 'delete', [2]), change(3, 'undelete', versions)], 'read')
    expect(chain.end).toMatchObject(end)
  })

  it.each([
    ['newest that was read', '', 'data', { state: 'proven', how: 'deleted' }],
    ['newest, where another may have been asked for', '?version=1', 'data', { state: 'ambiguous', how: 'deleted' }],
    ['newest, which version 0 asks for', '?version=0', 'data', { state: 'proven', how: 'deleted' }],
    ['whole secret', '?version=1', 'metadata', { state: 'proven', how: 'destroyed' }],
  ])(
    'R1.4 ends by a deletion that names no versions as far as it may be of it: the %s',
    async (_, query, verb, end) => {
      const gone = vault(2, { ...KV, id: 'gone', operation: 'delete', path: `secret/${verb}/app` }, { response: {} })
      expect((await chainOf([readVersion(1, 1, query), gone], 'read')).end).toMatchObject(end)
    },
  )

  it.each([
    ['was asked for, and the device hashed which', { version: HASH }, 'data', { state: 'ambiguous', how: 'deleted' }],
    ['was asked for by its number', { version: '1' }, 'data', { state: 'ambiguous', how: 'deleted' }],
    ['is the newest, which 0 asks for', { version: '0' }, 'data', { state: 'proven', how: 'deleted' }],
    ['is the newest, as none was asked for', { other: HASH }, 'data', { state: 'proven', how: 'deleted' }],
    ['is any of the secret', { version: HASH }, 'metadata', { state: 'proven', how: 'destroyed' }],
  ])('R1.4 ends as far where the record holds no query, as OpenBao’s: it %s', async (_, data, verb, end) => {
    const request = { ...KV, id: 'read', operation: 'read', path: 'secret/data/app', data }
    const read = vault(1, request, { response: { data: { metadata: { version: 1 } } } })
    const gone = vault(2, { ...KV, id: 'gone', operation: 'delete', path: `secret/${verb}/app` }, { response: {} })
    expect((await chainOf([read, gone], 'read')).end).toMatchObject(end)
  })

  it('R1.1 ends by what concerns it, not by what came first', async () => {
    const written = vault(
      3,
      { ...KV, id: 'write', operation: 'update', path: 'secret/data/app' },
      { response: { data: { version: 3 } } },
    )
    const chain = await chainOf([readVersion(1, 2), change(2, 'destroy', [1]), written], 'read')
    expect(chain.end).toMatchObject({ state: 'proven', how: 'rotated', by: 'vault:v-1:write' })
  })
})

describe('a lease inside a namespace', () => {
  const namespace = { id: 'Dg7Ln', path: 'team-a/' }
  const lease = `database/creds/app/${'L'.repeat(24)}.Dg7Ln`
  const issued = vault(
    1,
    { id: 'issue', operation: 'read', path: 'database/creds/app', mount_type: 'database', namespace },
    { response: { secret: { lease_id: lease } } },
  )
  const line = {
    '@level': 'info',
    '@message': 'revoked lease',
    '@module': 'expiration',
    '@timestamp': at(2),
    lease_id: lease,
  }
  const revoked = (path: string, more: JsonObject): Raw =>
    vault(2, { id: 'revoke', operation: 'update', path, ...more }, { response: {} })

  it.each([
    ['a prefix', 'sys/leases/revoke-prefix/database/creds', { namespace }],
    ['a prefix by force', 'sys/leases/revoke-force/database/creds/app/', { namespace }],
    ['its whole id', `sys/leases/revoke-prefix/${lease}`, { namespace }],
  ])('R1.1 ends by the revocation of %s there', async (_, path, more) => {
    const chain = await chainOf([issued, revoked(path, more), [VAULT, line]], 'issue')
    expect(chain.end).toMatchObject({ state: 'proven', how: 'revoked', by: 'vault:v-1:revoke' })
  })

  it.each([
    ['of another namespace', { namespace: { id: 'Zz9Zz', path: 'team-b/' } }],
    ['of the root', {}],
  ])('R1.4 does not end by the same prefix %s', async (_, more) => {
    const asked = revoked('sys/leases/revoke-prefix/database/creds', more)
    const chain = await chainOf([issued, asked, [VAULT, line]], 'issue')
    expect(chain.end).toMatchObject({ state: 'proven', how: 'ended' })
  })
})

describe('sessions that an administrator ends', () => {
  const signIn = (minute: number): Raw => [
    KEYCLOAK,
    {
      id: 'k1',
      time: T0 + minute * MINUTE_MS,
      type: 'LOGIN',
      realmId: 'r',
      clientId: 'vault',
      userId: 'u1',
      sessionId: 's1',
    },
  ]
  const admin = (minute: number, event: JsonObject): Raw => [
    KEYCLOAK,
    { id: 'a1', time: T0 + minute * MINUTE_MS, realmId: 'r', authDetails: { userId: 'admin', realmId: 'r' }, ...event },
  ]
  const issued = { ...auth, metadata: { sid: 's1' } }
  const login = vault(
    2,
    {
      id: 'login',
      operation: 'update',
      path: 'auth/oidc/oidc/callback',
      mount_type: 'oidc',
      mount_point: 'auth/oidc/',
    },
    { response: { auth: issued } },
  )
  const action = { operationType: 'ACTION', resourceType: 'REALM' }
  const notBefore = (minute: number): JsonObject => ({
    operationType: 'UPDATE',
    resourceType: 'REALM',
    representation: JSON.stringify({ realm: 'acme', notBefore: Math.floor((T0 + minute * MINUTE_MS) / 1000) }),
  })

  const caveatsAfter = async (event: Raw): Promise<unknown> => {
    const chain = await chainOf([signIn(1), login, event, readVersion(5, 1)], 'read')
    return chain.actor.kind === 'attributed' ? [chain.actor.state, ...chain.actor.caveats] : chain.actor.kind
  }

  it.each([
    ['all of the realm', admin(4, { ...action, resourcePath: 'logout-all' })],
    ['all that began before a moment', admin(4, notBefore(3))],
    [
      'those of the person',
      admin(4, { operationType: 'ACTION', resourceType: 'USER', resourcePath: 'users/u1/logout' }),
    ],
    ['this one', admin(4, { operationType: 'DELETE', resourceType: 'USER_SESSION', resourcePath: 'sessions/s1' })],
  ])('R1.3 no longer prove who holds their tokens: %s', async (_, event) => {
    expect(await caveatsAfter(event)).toEqual(['inferred', 'custody: session ended'])
  })

  it.each([
    ['all of the realm, after the use', admin(6, { ...action, resourcePath: 'logout-all' })],
    ['all of the realm, before it began', admin(0, { ...action, resourcePath: 'logout-all' })],
    ['all that began before it', admin(4, notBefore(0))],
    ['nothing by itself: the realm told its clients', admin(4, { ...action, resourcePath: 'push-revocation' })],
    [
      'those of another person',
      admin(4, { operationType: 'ACTION', resourceType: 'USER', resourcePath: 'users/u2/logout' }),
    ],
  ])('R1.3 prove it as before: %s', async (_, event) => {
    expect(await caveatsAfter(event)).toEqual(['proven'])
  })
})
