import { describe, expect, it } from '@jest/globals'
import { isObject, merge, textAt, type Activity, type Json, type JsonObject, type SourceInstance } from '@catena/domain'
import { bareSource, interpretRaw, mask } from '../fixture-cases.js'
import { vault } from './index.js'

const SOURCE: SourceInstance = {
  id: 'vault',
  kind: 'vault',
  scope: 'v-1',
  federations: [
    { mount: 'auth/jwt/', issuer: { kind: 'github', scope: 'github.com' }, claims: { run_id: 'run_id' } },
    { mount: 'team-b/auth/jwt/', issuer: { kind: 'keycloak', scope: 'b' }, claims: { sid: 'kc.session' } },
  ],
  sharedIdentities: ['auth/approle/'],
  gaps: [],
}
const hash = (digit: string): string => `hmac-sha256:${digit.repeat(64)}`
/** Joined here, so that no scanner takes this file for a leak. */
const TOKEN = ['hvs', 'CAESIHQ2a0p4c2tXb0ZpY3RpdGlvdXNUb2tlbg'].join('.')

function record(request: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    time: '2026-11-23T05:00:00Z',
    type: 'response',
    request: { id: 'r-1', operation: 'read', ...request },
    ...more,
  }
}

function read(value: JsonObject | string): Activity {
  return interpretRaw(vault, SOURCE, typeof value === 'string' ? value : JSON.stringify(value))
}

function keysOf(activity: Activity, role: string): string[] {
  return activity.groups.filter((group) => group.role === role).flatMap((group) => group.forms.map((form) => form.key))
}

function login(request: JsonObject, metadata: JsonObject): JsonObject {
  const auth = { accessor: 'A1', client_token: hash('a'), metadata, entity_id: 'e' }
  return record({ operation: 'update', path: 'auth/jwt/login', mount_type: 'jwt', ...request }, { response: { auth } })
}

describe('a device that writes values raw', () => {
  const auth = { accessor: 'A1', client_token: TOKEN }
  const made = read(record({ path: 'auth/userpass/login/x', mount_type: 'userpass' }, { response: { auth } }))
  const used = read(record({ path: 'secret/data/x', mount_type: 'kv', client_token: TOKEN }, { auth }))

  it('R2.6 is noted, and the token stands nowhere', () => {
    expect([made.attributes.rawValues, used.attributes.rawValues]).toEqual([true, true])
    expect(JSON.stringify([made, used])).not.toContain(TOKEN)
  })

  it('R1.3 still joins a use to its login by the masked token', () => {
    const key = `vault-token:v-1:${mask(TOKEN)}`
    expect(keysOf(made, 'issued')).toContain(key)
    expect(keysOf(used, 'caller')).toContain(key)
  })

  it('agrees with a device that hashes', () => {
    const hashed = record(
      { path: 'secret/data/x', mount_type: 'kv', client_token: hash('b') },
      { auth: { accessor: hash('c') } },
    )
    const merged = merge(used, read(hashed))
    expect(merged.conflicts).toEqual([])
    expect(merged.attributes.rawValues).toBe(true)
  })

  it('R2.6 loses passwords and bodies of secrets altogether', () => {
    const bodies = { password: 'Correct-Horse', plaintext: 'Battery-Staple', data: { pin: 'Tr0ub4dor' } }
    const stored = vault.redact(record({ path: 'auth/userpass/login/x', data: bodies }), mask, bareSource('vault'))
    expect(stored.request).not.toHaveProperty('data.password')
    expect(JSON.stringify(stored)).not.toContain(mask('Correct-Horse'))
  })
})

describe('a record in which something stands in place of nothing', () => {
  it.each(['-', '--', 'null', 'None'])('R1.4 names nobody whom it calls %j', (nothing) => {
    const auth = { accessor: nothing, display_name: nothing, entity_id: nothing, metadata: { role_name: nothing } }
    const request = { operation: 'update', path: 'auth/approle/login', mount_type: 'approle', mount_accessor: 'auth_approle_1' }
    const made = read(record(request, { response: { auth: { ...auth, client_token: hash('a') } } }))
    expect(made.groups.flatMap(({ forms }) => forms.map(({ key }) => key))).toEqual([`vault-token:v-1:${hash('a')}`])
    const used = read(record({ path: 'secret/data/x', mount_type: 'kv' }, { auth }))
    expect([keysOf(used, 'caller'), used.attributes.displayName, used.attributes.clearAccessors]).toEqual([[], undefined, undefined])
  }) // prettier-ignore

  it('R1.9 is one request with no other, and of a device that hashes', () => {
    const auth = { accessor: hash('b'), client_token: '-' }
    const [first, second] = ['feed', 'f00d'].map((recordId) =>
      interpretRaw(vault, SOURCE, JSON.stringify(record({ id: '-', path: 'secret/data/x', mount_type: 'kv' }, { auth })), { recordId }),
    )
    expect(first?.factId).not.toBe(second?.factId)
    expect([first?.attributes.rawValues, first && keysOf(first, 'caller')]).toEqual([undefined, [`vault-token:v-1:${hash('b')}`]])
  }) // prettier-ignore
})

describe('a token in a path', () => {
  it('R2.6 is masked whatever shape it has', () => {
    const stored = vault.redact(record({ path: 'auth/token/revoke/my-own-token' }), mask, bareSource('vault'))
    expect(stored.request).toMatchObject({ path: `auth/token/revoke/${mask('my-own-token')}` })
  })
})

describe('a token in the path of a wrapped request', () => {
  it('R2.6 is masked there and where the wrapping tells the path again', () => {
    const path = 'auth/token/lookup/my-own-root-token'
    const wrapInfo = { accessor: 'a', creation_path: path, ttl: 60, token: hash('a') }
    const wrapped = record({ path, mount_type: 'token' }, { response: { wrap_info: wrapInfo } })
    const stored = vault.redact(wrapped, mask, bareSource('vault'))
    const masked = `auth/token/lookup/${mask('my-own-root-token')}`
    expect(stored).toMatchObject({ request: { path: masked }, response: { wrap_info: { creation_path: masked } } })
    expect(JSON.stringify(stored)).not.toContain('my-own-root-token')
  })
})

describe('a name typed into the path of a login', () => {
  const userpass = { operation: 'update', mount_type: 'userpass', mount_point: 'auth/userpass/', mount_accessor: 'm' }
  const asked = (name: string): JsonObject => record({ ...userpass, path: `auth/userpass/login/${name}` })
  const refused = (name: string): JsonObject => ({ ...asked(name), error: 'invalid credentials' })
  const auth = { accessor: 'A1', client_token: hash('a'), metadata: { username: 'dave' } }
  const succeeded: JsonObject = { ...asked('dave'), response: { auth } }
  const pathOf = (request: JsonObject): unknown => {
    const stored = vault.redact(record(request), mask, SOURCE)
    return isObject(stored.request) ? stored.request.path : undefined
  }

  it.each([
    ['with its mount', { ...userpass, path: 'auth/userpass/login/Tr0ub4dor' }, 'auth/userpass/login/'],
    ['with slashes', { ...userpass, path: 'auth/userpass/login/Tr0u/b4dor' }, 'auth/userpass/login/'],
    ['of a mount that is not there', { path: 'auth/userpas/login/Tr0ub4dor' }, 'auth/userpas/login/'],
    [
      'in a namespace',
      {
        ...userpass,
        namespace: { id: 'n', path: 't/' },
        mount_point: 't/auth/userpass/',
        path: 'auth/userpass/login/Tr0ub4dor',
      },
      'auth/userpass/login/',
    ],
    [
      'with its namespace',
      {
        ...userpass,
        namespace: { id: 'n', path: 't/' },
        mount_point: 't/auth/userpass/',
        path: 't/auth/userpass/login/Tr0ub4dor',
      },
      't/auth/userpass/login/',
    ],
  ])('R2.6 is masked: %s', (_, request, place) => {
    const name = request.path.slice(place.length)
    expect(pathOf(request)).toBe(place + mask(name.toLowerCase()))
  })

  it.each(['auth/userpass/users/login/policies', 'auth/userpass/login', 'secret/data/auth/x/login/y'])(
    '%s has none',
    (path) => {
      const mount_point = path.startsWith('auth/') ? 'auth/userpass/' : 'secret/'
      expect(pathOf({ path, mount_point, mount_type: path.startsWith('auth/') ? 'userpass' : 'kv' })).toBe(path)
    },
  )

  it('R1.1 leads from a refused attempt to the account that logs in by it, as a hint', () => {
    const [attempt, other, login] = [read(refused('Dave')), read(refused('Tr0ub4dor')), read(succeeded)]
    expect(keysOf(attempt, 'typed-account')).toEqual(keysOf(login, 'typed-account'))
    expect(keysOf(other, 'typed-account')).not.toEqual(keysOf(login, 'typed-account'))
    expect(attempt.groups.map(({ trust }) => trust)).toEqual(['claimed'])
    expect(keysOf(login, 'account')).toEqual(['vault-account:v-1:m/dave'])
  })

  it('is equal in both halves, so they do not disagree', () => {
    const [request, response] = [read({ ...asked('dave'), type: 'request' }), read(succeeded)]
    expect(merge(request, response)).toMatchObject({ kind: 'login', outcome: 'succeeded', conflicts: [] })
  })

  it("R1.1 still leads from the log's line on the token to its login", () => {
    const line = {
      '@level': 'info',
      '@message': 'revoked lease',
      '@module': 'expiration',
      '@timestamp': '2026-11-23T05:00:00Z',
    }
    const ended = read({ ...line, lease_id: `auth/userpass/login/dave/h${'0a'.repeat(32)}` })
    const path = textAt(read(succeeded).attributes, 'path')
    expect(keysOf(ended, 'token-path')).toEqual([`vault-token-path:v-1:${path}`])
  })

  it('R1.6 still tells an account that many hold, declared by its path', () => {
    const source = { ...SOURCE, sharedIdentities: ['auth/userpass/login/dave'] }
    expect(interpretRaw(vault, source, JSON.stringify(succeeded)).attributes.sharedIdentity).toBe('userpass:dave')
    const erin = { ...succeeded, response: { auth: { ...auth, metadata: { username: 'erin' } } } }
    expect(interpretRaw(vault, source, JSON.stringify(erin)).attributes.sharedIdentity).toBeUndefined()
  })
})

describe('a login with a second factor', () => {
  const first = {
    operation: 'update',
    path: 'auth/userpass/login/dave',
    mount_type: 'userpass',
    mount_point: 'auth/userpass/',
    mount_accessor: 'm',
  }
  const asks = record(first, { auth: { token_type: 'default' }, response: { auth: { token_type: 'default' } } })

  it('has only begun when the first phase is answered', () => {
    const merged = merge(read({ ...record(first), type: 'request' }), read(asks))
    expect(merged).toMatchObject({ kind: 'login-started', conflicts: [] })
    expect(keysOf(merged, 'issued')).toEqual([])
  })

  it('R1.1 is complete where the token is handed out; no account of one mount is claimed there', () => {
    const request = {
      operation: 'update',
      path: 'sys/mfa/validate',
      mount_type: 'system',
      mount_point: 'sys/',
      mount_accessor: 's',
    }
    const auth = { accessor: 'A1', client_token: hash('a'), metadata: { username: 'dave' }, entity_id: 'e' }
    const activity = read(record(request, { response: { auth } }))
    expect(activity).toMatchObject({ kind: 'login', outcome: 'succeeded', attributes: { method: 'unknown' } })
    expect(activity.groups.map(({ role }) => role)).toEqual(['entity', 'issued'])
  })
})

describe('headers of a login sent along with a request', () => {
  it('R2.6 leave nothing, not even a hash', () => {
    const name = 'X-Vault-Inline-Auth-Parameter-password'
    const stored = vault.redact(
      record({ path: 'secret/data/x', headers: { [name]: ['Tr0ub4dor'], accept: ['y'] } }),
      mask,
      SOURCE,
    )
    expect(stored.request).toMatchObject({ headers: { accept: [mask('y')] } })
    expect(JSON.stringify(stored)).not.toContain(mask('Tr0ub4dor'))
  })
})

describe('namespaces', () => {
  const inside = { namespace: { id: 'n', path: 'team-b/' }, mount_accessor: 'm' }

  it.each(['auth/jwt/', 'team-b/auth/jwt/'])(
    'R1.4 present the claims of their own issuer (mount point %s)',
    (mount_point) => {
      const activity = read(login({ ...inside, mount_point }, { run_id: '7', 'kc.session': '12' }))
      expect(keysOf(activity, 'federated-session')).toEqual(['idp-session:keycloak/b:12'])
      expect(keysOf(activity, 'federated-run')).toEqual([])
    },
  )

  it('R1.4 that nobody declared present nothing', () => {
    const namespace = { id: 'c', path: 'team-c/' }
    const activity = read(login({ namespace, mount_point: 'auth/jwt/' }, { run_id: '7' }))
    expect(activity.groups.map((group) => group.role)).toEqual(['entity', 'issued'])
  })
})

describe('a wrapping', () => {
  const request = { operation: 'update', mount_type: 'system', mount_point: 'sys/', data: { token: hash('w1') } }

  it('R1.4 that is put into another hands nothing out: it is opened, and another is made', () => {
    const response = { wrap_info: { accessor: 'A2', token: hash('w2'), ttl: 60, creation_path: 'secret/data/x' } }
    const activity = read(record({ ...request, path: 'sys/wrapping/rewrap' }, { response }))
    expect(activity).toMatchObject({ kind: 'operation', outcome: 'succeeded', attributes: { rewrapped: true } })
    expect(activity.groups.map(({ role, verb }) => [role, verb])).toEqual(expect.arrayContaining([['opened', 'presents'], ['wrapping', 'establishes']])) // prettier-ignore
    expect(keysOf(activity, 'wrapping')).toHaveLength(2)
  })

  it('R1.4 that is only asked about is not opened', () => {
    const activity = read(
      record({ ...request, path: 'sys/wrapping/lookup' }, { response: { data: { creation_ttl: 60 } } }),
    )
    expect([activity.kind, keysOf(activity, 'opened')]).toEqual(['operation', []])
  })

  it('R1.4 that held a lease hands it to whoever opens it', () => {
    const response = { secret: { lease_id: 'database/creds/app/L1' }, data: { username: hash('u') } }
    const activity = read(record({ ...request, path: 'sys/wrapping/unwrap' }, { response }))
    expect(activity.kind).toBe('response-unwrapped')
    expect(keysOf(activity, 'lease')).toEqual([expect.stringContaining('database/creds/app/L1')])
  })
})

describe('cubbyholes', () => {
  it('R1.4 are no common slot: every token has its own', () => {
    const request = { operation: 'update', path: 'cubbyhole/note', mount_type: 'cubbyhole', mount_accessor: 'c' }
    const activity = read(record({ ...request, mount_point: 'cubbyhole/' }))
    expect(activity.kind).toBe('secret-written')
    expect(keysOf(activity, 'slot')).toEqual([])
  })
})

describe('a body that a caller wrote to no purpose', () => {
  const destroyed = (versions: Json): Activity => {
    const request = { operation: 'update', path: 'secret/destroy/x', mount_type: 'kv', mount_point: 'secret/', data: { versions } }
    return read(record(request, { error: '1 error occurred: permission denied' }))
  }

  it('R2.5 is read to its end, whatever it is made of', () => {
    for (const strange of [{ toString: 1, valueOf: 1 }, { toString: null }, [], null, ['']])
      expect(destroyed([strange]).attributes).toMatchObject({ versionsHidden: true })
    expect(destroyed([3, 1]).attributes['versions']).toEqual([1, 3])
  })
}) // prettier-ignore

describe('what only an answer tells', () => {
  const request = { operation: 'update', path: 'azure/token/x', mount_type: 'azure', mount_point: 'azure/' }

  it.each([
    ['a lease', { secret: { lease_id: 'azure/token/x/1' } }, 'lease-issued'],
    ['a change', {}, 'configuration-changed'],
  ])('is left open by the request: %s', (_, response, kind) => {
    const [asked, answered] = [read({ ...record(request), type: 'request' }), read(record(request, { response }))]
    expect(asked.kind).toBe('operation')
    expect(merge(asked, answered)).toMatchObject({ kind, conflicts: [] })
  })
})

describe('the version that was asked for', () => {
  const path = { path: 'secret/data/x', mount_type: 'kv', mount_point: 'secret/' }

  it('is told by the query, except 0, which means the newest', () => {
    const asked = (uri: string) =>
      read({ ...record({ ...path, request_uri: uri }), type: 'request' }).attributes.version
    expect([asked('/v1/secret/data/x?version=3'), asked('/v1/secret/data/x?version=0')]).toEqual([3, undefined])
  })

  it('R1.4 is told by the data where there is no query, and that there was one where a device hashed it', () => {
    const asked = (data: JsonObject, more: JsonObject = {}) => {
      const { attributes } = read({ ...record({ ...path, data, ...more }), type: 'request' })
      return [attributes['versionAsked'], attributes['version']]
    }
    expect(asked({ version: '3' })).toEqual([true, 3])
    expect(asked({ version: 3 })).toEqual([true, 3])
    expect(asked({ version: hash('a') })).toEqual([true, undefined])
    expect(asked({ version: hash('a') }, { request_uri: '/v1/secret/data/x?%76ersion=3' })).toEqual([true, undefined])
    expect(asked({ version: hash('a') }, { request_uri: '/v1/secret/data/x?version=0' })).toEqual([
      undefined,
      undefined,
    ])
    for (const none of [{}, { version: '0' }, { version: 0 }]) expect(asked(none)).toEqual([undefined, undefined])
    // What is written has no version that is read.
    expect(asked({ version: hash('a') }, { operation: 'update' })).toEqual([undefined, undefined])
  })

  it('R2.6 leaves nothing that was typed in its place', () => {
    for (const typed of ['Tr0ub4dor', { pin: 'Tr0ub4dor' }, ['Tr0ub4dor'], '12345678901234567890']) {
      const stored = vault.redact(record({ ...path, data: { version: typed } }), mask, bareSource('vault'))
      expect(stored.request).not.toHaveProperty('data')
      expect(JSON.stringify(stored)).not.toMatch(/Tr0ub4dor|1234567890/)
      expect(read(record({ ...path, data: { version: typed } })).attributes['versionAsked']).toBe(true)
    }
  })
})

describe('a line with text before a record', () => {
  const audit = JSON.stringify(record({ path: 'secret/data/x' }))

  it.each([
    ['the prefix of a device', `vault-b: ${audit}`],
    ['a prefix with a space', `edge 1 ${audit}`],
    ['a header of syslog', `<134>Nov 23 05:00:00 vault-0 vault[17]: ${audit}`],
  ])('is that record: %s', (_, line) => {
    expect(vault.withoutPrefix?.(line)).toBe(audit)
  })

  it.each([
    ['a line of the server log', `2026-11-23T04:58:16.922Z [INFO]  core: told again: ${audit}`],
    ['a line of the server log as JSON', `x: ${JSON.stringify({ '@message': 'm', type: 'request', time: 't' })}`],
    ['text that ends in another object', 'listener: {"type":"tcp","address":"127.0.0.1"}'],
    ['text that ends in half a record', `vault-b: ${audit.slice(0, -1)}`],
    ['a record', audit],
  ])('is none in %s', (_, line) => {
    expect(vault.withoutPrefix?.(line)).toBeUndefined()
  })
})

describe('a line of the server log in text', () => {
  it.each([
    ['2026-11-23T04:58:16.922Z [INFO]  expiration: revoked lease: lease_id=db/creds/x/1', 'lease-ended'],
    ['2026-11-23T04:58:16.922+0100 [INFO]  expiration: revoked lease: lease_id=db/creds/x/1 more=1', 'lease-ended'],
    [
      '2026-11-23T04:58:16.922Z [ERROR] expiration: failed to revoke lease: lease_id=db/creds/x/1 error="x"',
      'unclassified',
    ],
    ['2026-11-23T04:58:16.922Z [WARN]  expiration: revoked lease', 'unclassified'],
  ])('%s', (line, kind) => {
    expect(read(line).kind).toBe(kind)
  })
})

describe('errors', () => {
  it.each([
    ['invalid role or secret ID', 'denied', 'invalid credentials'],
    ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n', 'denied', 'invalid token'],
    ['error converting input {"password":"x"} for field', 'failed', 'other error'],
  ])('%j quote nothing and tell the outcome', (error, outcome, kept) => {
    const activity = read(record({ path: 'secret/data/x', mount_type: 'kv' }, { error }))
    expect(activity).toMatchObject({ outcome, attributes: { error: kept } })
  })
})

describe('fields in which the operator says that claims stand', () => {
  it('R1.1 stay clear whatever their names, because they join; others of such a shape are masked (R2.6)', () => {
    const auth = { metadata: { 'kc.session': 'Qx7_opaque-session', nickname: 'Qx7_opaque-nickname' } }
    const stored = vault.redact(record({ path: 'secret/data/x' }, { auth }), mask, SOURCE)
    expect(stored.auth).toMatchObject({
      metadata: { 'kc.session': 'Qx7_opaque-session', nickname: mask('Qx7_opaque-nickname') },
    })
  })

  it('R2.6 are masked where they hold what looks like a secret', () => {
    const stored = vault.redact(
      record({ path: 'secret/data/x' }, { auth: { metadata: { 'kc.session': TOKEN } } }),
      mask,
      SOURCE,
    )
    expect(JSON.stringify(stored)).not.toContain(TOKEN)
  })
})

describe('a path that hands out a credential', () => {
  const asked = (mount_type: string, inside: string, more: JsonObject = {}): Activity =>
    read(
      record(
        { path: `m/${inside}`, mount_type, mount_point: 'm/', mount_accessor: `${mount_type}_1`, ...more },
        { response: { data: {} } },
      ),
    )

  it.each([
    ['ldap', 'static-cred/app', 'rotating-secret-read', 'static-cred/app'],
    ['openldap', 'static-cred/app', 'rotating-secret-read', 'static-cred/app'],
    ['database', 'static-creds/app', 'rotating-secret-read', 'static-creds/app'],
    ['aws', 'static-creds/app', 'rotating-secret-read', 'static-creds/app'],
    ['ad', 'creds/app', 'rotating-secret-read', 'creds/app'],
    ['database', 'creds/app', 'lease-issued', 'creds/app'],
    ['gcp', 'roleset/ci/token', 'lease-issued', 'roleset/ci/token'],
    ['gcp', 'static-account/ci/key', 'lease-issued', 'static-account/ci/key'],
    ['gcp', 'impersonated-account/ci/token', 'lease-issued', 'impersonated-account/ci/token'],
    ['gcp', 'token/ci', 'lease-issued', 'token/ci'],
    ['transit', 'export/encryption-key/app', 'secret-read', 'keys/app'],
    ['transit', 'export/signing-key/app/3', 'secret-read', 'keys/app'],
    ['transit', 'byok-export/wrapping/app', 'secret-read', 'keys/app'],
    ['transit', 'backup/app', 'secret-read', 'keys/app'],
    ['kmip', 'scope/pay/role/app/credential/generate', 'secret-read', 'scope/pay/role/app/credential/generate'],
    ['totp', 'code/root-console', 'key-used', 'keys/root-console'],
    ['transform', 'decode/cards', 'key-used', 'role/cards'],
  ])('R1.1 is a retrieval although the record shows no lease: %s %s', (type, inside, kind, path) => {
    expect(asked(type, inside)).toMatchObject({ kind, outcome: 'succeeded', target: { path } })
  })

  it.each(['issue/web', 'issuer/default/issue/web', 'issuer/root-2/sign/web', 'issuer/default/sign-verbatim', 'root/sign-intermediate', 'root/sign-self-issued', 'keys/generate/exported', 'issuers/generate/root/exported'])(
    'R1.1 of a certificate authority is a retrieval: %s',
    (inside) => {
      expect(asked('pki', inside, { operation: 'update' })).toMatchObject({ kind: 'secret-read', target: { path: inside } })
    },
  ) // prettier-ignore

  it.each([
    ['transit', 'export/public-key/app'],
    ['transit', 'keys/app'],
    ['gcp', 'roleset/ci'],
    ['ldap', 'static-role/app'],
    ['pki', 'issuer/default/json'],
    ['kv-like', 'token/app'],
  ])('is none where the answer holds no secret: %s %s', (type, inside) => {
    expect(asked(type, inside).kind).toBe('operation')
  })

  it.each([
    ['pki', 'issue/web'],
    ['transit', 'encrypt/app'],
    ['ldap', 'static-cred/app'],
  ])('R1.4 yields nothing to whoever asks what it is for: %s %s', (type, inside) => {
    expect(asked(type, inside, { operation: 'help' }).kind).toBe('operation')
  })
})

describe('what the vault keeps beside its stores', () => {
  const asked = (path: string, more: JsonObject = {}): Activity =>
    read(record({ path, mount_accessor: 'system_1', mount_type: 'system', mount_point: 'sys/', ...more }, { response: { data: {} } }))

  it.each(['sys/raw/logical/4f1c/orders', 'identity/oidc/client/wiki'])('R1.1 is retrieved by whoever reads it: %s', (path) => {
    const { kind, target } = asked(path)
    expect([kind, target?.container, target?.path]).toEqual(['secret-read', 'system_1', path.slice(path.indexOf('/') + 1)])
    expect(asked(path, { operation: 'help' }).kind).toBe('operation')
    expect(asked(path, { operation: 'update' }).kind).toBe('configuration-changed')
  })

  it('R1.1 hands a token of its own out, for whoever asks', () => {
    expect(asked('identity/oidc/token/ci', { mount_type: 'identity' }).kind).toBe('token-created')
  })
}) // prettier-ignore

describe('a rotation that somebody asked for', () => {
  const rotated = (mount_type: string, more: JsonObject = {}): Activity =>
    read(record({ operation: 'update', path: 'm/rotate-role/app', mount_type, mount_point: 'm/', mount_accessor: `${mount_type}_1`, ...more }, { response: {} }))

  it.each([
    ['database', 'static-creds/app'],
    ['ldap', 'static-cred/app'],
    ['ad', 'creds/app'],
  ])('R1.1 R4.3 ends the password that readers of the role have: %s', (type, path) => {
    const activity = rotated(type)
    expect(activity).toMatchObject({ kind: 'secret-written', target: { path } })
    expect(keysOf(activity, 'slot')).toEqual([`credential:vault/v-1:${type}_1/${path}`])
  })

  it('is of nobody’s password at a mount that has none', () => {
    expect(rotated('pki').kind).toBe('configuration-changed')
  })
}) // prettier-ignore

describe('credentials of accounts that log in', () => {
  const changed = (path: string): Activity =>
    read(record({ operation: 'update', path, mount_point: path.split('/').slice(0, 2).join('/') }, { response: {} }))

  it.each(['auth/userpass/users/nora/password', 'auth/approle/role/ci/secret-id/destroy', 'auth/approle/role/ci/secret-id-accessor/destroy'])(
    'R1.1 are changed, and not the rules of their accounts: %s',
    (path) => expect(changed(path)).toMatchObject({ kind: 'credential-changed', target: { path } }),
  )

  it.each(['auth/approle/role/ci/secret-id/lookup', 'auth/approle/role/ci/secret-id-accessor/lookup'])('do not by a question: %s', (path) => {
    expect(changed(path).kind).toBe('operation')
  })

  it('do not by an OTP that a host asks about', () => {
    const request = { operation: 'update', path: 'ssh/verify', mount_type: 'ssh', mount_point: 'ssh/' }
    expect(read(record(request, { response: { data: {} } })).kind).toBe('operation')
  })
}) // prettier-ignore

describe('a store that refuses by its answer alone', () => {
  const refusal = { response: { data: { error: hash('c') } } }
  const at = (request: JsonObject): JsonObject => record({ mount_type: 'kv', mount_accessor: 'kv_1', ...request }, refusal)

  it('R1.4 has written nothing, so that what was there stands', () => {
    const written = read(at({ operation: 'update', path: 'kv1/app', mount_point: 'kv1/' }))
    expect(written).toMatchObject({ kind: 'secret-written', outcome: 'failed' })
  })

  it('is not one that answers a read: a secret may have a member of that name', () => {
    expect(read(at({ path: 'kv1/app', mount_point: 'kv1/' })).outcome).toBe('succeeded')
  })
}) // prettier-ignore
