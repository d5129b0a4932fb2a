import { describe, expect, it } from '@jest/globals'
import { merge, UnreadableRecord, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { bareSource, interpretRaw, mask } from '../fixture-cases.js'
import { keycloak } from './index.js'

const SOURCE: SourceInstance = {
  id: 'keycloak',
  kind: 'keycloak',
  scope: 'tideline',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}

function event(type: string, more: JsonObject = {}): JsonObject {
  const details = { code_id: 's1', username: 'Pilar' }
  return {
    id: 'e1',
    time: 1795425302101,
    type,
    realmId: 'r1',
    clientId: 'vault',
    userId: 'u1',
    sessionId: 's1',
    details,
    ...more,
  }
}

function line(members: Record<string, string>): JsonObject {
  const message = Object.entries(members).map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`)
  return {
    timestamp: '2026-11-23T09:15:02.104873Z',
    loggerName: 'org.keycloak.events',
    level: 'INFO',
    message: message.join(', '),
  }
}

function read(record: JsonObject, recordId = 'feed'): Activity {
  return interpretRaw(keycloak, SOURCE, JSON.stringify(record), { recordId })
}

function keysOf(activity: Activity, role: string): string[] {
  return activity.groups.filter((group) => group.role === role).flatMap((group) => group.forms.map((form) => form.key))
}

describe('a session of two clients', () => {
  it('R1.1 is one session: single sign-on is a second login with the same key', () => {
    const first = read(event('LOGIN'))
    const second = read(event('LOGIN', { id: 'e2', clientId: 'portal' }))
    expect(keysOf(second, 'session')).toEqual(keysOf(first, 'session'))
    expect(second.factId).not.toBe(first.factId)
    expect([first.attributes.clientId, second.attributes.clientId]).toEqual(['vault', 'portal'])
  })
})

describe('a session that expired', () => {
  it('R1.1 ended when the server removed it', () => {
    const removed = read({ ...event('USER_SESSION_DELETED', { clientId: null, details: { reason: 'user_session_expired' } }) })
    expect(removed).toMatchObject({ kind: 'logout', outcome: 'succeeded' })
    expect(removed.groups).toMatchObject([{ role: 'session', verb: 'ends' }])
    expect(keysOf(removed, 'session')).toEqual(keysOf(read(event('LOGIN')), 'session'))
  })
}) // prettier-ignore

describe('a user of the directory', () => {
  const user = { id: 'u1', username: 'pilar', enabled: false, createdTimestamp: 1795400000000 }
  const statedAt = (at: string): unknown => read({ at, user }).attributes.statedAt

  it('R3.3 is stated as of the moment that was added, and never as of one after its receipt', () => {
    expect(statedAt('2026-11-30T06:00:00Z')).toBe(Date.UTC(2026, 10, 30, 6))
    expect(statedAt('2090-01-01T00:00:00Z')).toBe(read(user).attributes.statedAt)
  })

  it('is of no known kind where what was added is no moment', () => {
    expect(read({ at: 'today', user }).kind).toBe('unclassified')
  })
})

describe('two forms of one event', () => {
  const details = {
    token_id: 'onrtac:t1',
    code_id: 's1',
    grant_type: 'authorization_code',
    client_auth_method: 'client-secret',
  }
  const logged = {
    type: 'CODE_TO_TOKEN',
    realmId: 'r1',
    realmName: 'tideline',
    clientId: 'vault',
    userId: 'u1',
    sessionId: 's1',
    ...details,
  }

  it('R1.9 are one fact where both carry the id of the token issued, and do not disagree', () => {
    const merged = merge(read(event('CODE_TO_TOKEN', { details }), 'a'), read(line(logged), 'b'))
    expect(merged.conflicts).toEqual([])
  })

  it('R1.4 stay two facts where only their times are close', () => {
    const stored = read(event('LOGIN'), 'a')
    const inLog = read(line({ ...logged, type: 'LOGIN', token_id: '' }), 'b')
    expect(inLog.factId).not.toBe(stored.factId)
    expect(keysOf(inLog, 'session')).toEqual(keysOf(stored, 'session'))
    expect(keysOf(inLog, 'person')).toEqual(keysOf(stored, 'person'))
  })

  it('R1.4 never merge two uses of one token: introspection repeats its id', () => {
    const ids = ['e1', 'e2'].map((id) => read(event('INTROSPECT_TOKEN', { id, details })).factId)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('a refused login', () => {
  const denied = event('LOGIN_ERROR', { error: 'invalid_user_credentials', sessionId: undefined })

  it('R1.4 establishes nothing and shows its person as a claim', () => {
    const activity = read(denied)
    expect(activity.outcome).toBe('denied')
    expect(activity.groups).toMatchObject([{ role: 'claimed-person', verb: 'presents', trust: 'claimed' }])
  })

  it('R2.6 masks a name under which nobody was found: it may be a password', () => {
    const nobody = event('LOGIN_ERROR', { userId: undefined, details: { username: 'Correct-Horse-9' } })
    expect(JSON.stringify(keycloak.redact(nobody, mask, bareSource('keycloak')))).not.toContain('Correct-Horse-9')
    const logged = keycloak.parse(
      JSON.stringify(line({ type: 'LOGIN_ERROR', userId: 'null', username: 'Correct-Horse-9' })),
    )
    expect(JSON.stringify(keycloak.redact(logged, mask, bareSource('keycloak')))).not.toContain('Correct-Horse-9')
  })
})

describe('realms', () => {
  it('R1.4 keeps a log line of another realm out of this one', () => {
    const activity = read(line({ type: 'LOGIN', realmId: 'r0', realmName: 'master', userId: 'u0', sessionId: 's0' }))
    expect(activity.groups.flatMap((group) => group.forms).every(({ key }) => key.includes(':keycloak/master:'))).toBe(
      true,
    )
    expect(activity.factId).toContain('keycloak:master:')
  })

  it('R1.4 gives no keys to the target of a master administrator\u2019s log line, which does not name its realm', () => {
    const members = {
      operationType: 'DELETE',
      resourceType: 'USER',
      realmName: 'master',
      userId: 'u0',
      resourcePath: 'users/u1',
    }
    const activity = read(line(members))
    expect(activity.groups.map((group) => group.role)).toEqual(['caller'])
  })
})

describe('people', () => {
  const admin = (operationType: string, representation: string): JsonObject => ({
    id: 'a1',
    time: 1795425302101,
    realmId: 'r1',
    authDetails: { realmId: 'r1', userId: 'u9' },
    operationType,
    resourceType: 'USER',
    resourcePath: 'users/u1',
    representation,
  })

  it('R4.2 disabling is an update that says so, and no other update says anything of it', () => {
    expect(read(admin('UPDATE', '{"username":"pilar","enabled":false}')).attributes.enabled).toBe(false)
    expect(read(admin('UPDATE', '{"username":"pilar"}')).attributes).not.toHaveProperty('enabled')
  })

  it('R1.10 a snapshot stands since the creation of its user', () => {
    const created = read({ id: 'u1', username: 'pilar', createdTimestamp: 1795400000000 })
    expect(created).toMatchObject({ occurredAt: 1795400000000, attributes: { snapshot: true } })
  })

  it('R1.6 a session that an administrator opened in a person\u2019s name is handed over, not signed in to', () => {
    const activity = read(event('IMPERSONATE', { details: { impersonator: 'nora' } }))
    expect(activity.groups.find((group) => group.role === 'session')).toMatchObject({
      verb: 'establishes',
      by: 'handover',
    })
  })

  it('R1.7 a client\u2019s service account is marked as a workload', () => {
    expect(read(event('CLIENT_LOGIN')).attributes.principalKind).toBe('workload')
  })

  it('R1.13 carries the strength of authentication where recorded', () => {
    const details = { acr: '2', amr: 'pwd otp', auth_method: 'openid-connect' }
    expect(read(event('LOGIN', { details })).attributes).toMatchObject({
      acr: '2',
      amr: 'pwd otp',
      authMethod: 'openid-connect',
    })
  })
})

describe('representations', () => {
  it.each([
    ['CLIENT', 'clients/c1/client-secret', { type: 'secret', value: 'canary-value' }],
    [
      'USER',
      'users/u1',
      { username: 'p', credentials: [{ value: 'canary-value' }], attributes: { pin: ['canary-value'] } },
    ],
    ['CLIENT_INITIAL_ACCESS_MODEL', 'clients-initial-access/i1', { id: 'i1', token: 'canary-value' }],
    ['COMPONENT', 'components/ldap', { config: { bindCredential: ['canary-value'] } }],
  ])('R2.6 of %s keep no secret', (resourceType, resourcePath, representation) => {
    const record = {
      operationType: 'CREATE',
      resourceType,
      resourcePath,
      representation: JSON.stringify(representation),
    }
    expect(JSON.stringify(keycloak.redact(record, mask, bareSource('keycloak')))).not.toContain('canary-value')
  })

  it('R2.6 that are no JSON are masked as a whole', () => {
    const record = {
      operationType: 'CREATE',
      resourceType: 'USER',
      resourcePath: 'users/u1',
      representation: 'canary-value {',
    }
    expect(JSON.stringify(keycloak.redact(record, mask, bareSource('keycloak')))).not.toContain('canary-value')
  })
})

describe('lines of the log', () => {
  it('are unreadable where they are neither JSON nor an event', () => {
    expect(() => keycloak.parse('2026-11-23 09:15:02,104 INFO  [io.quarkus] (main) Installed features')).toThrow(
      UnreadableRecord,
    )
  })

  it('are stored without their text where they are no events', () => {
    const record = { timestamp: '2026-11-23T09:15:02Z', loggerName: 'org.keycloak.services', message: 'canary-value' }
    expect(JSON.stringify(keycloak.redact(record, mask, bareSource('keycloak')))).not.toContain('canary-value')
  })
})
