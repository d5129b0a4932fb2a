import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { credentialKey, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { bareSource, interpretRaw, mask } from '../fixture-cases.js'
import { okta } from './index.js'

const SOURCE: SourceInstance = {
  id: 'okta',
  kind: 'okta',
  scope: 'acme',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}
const PERSON = { id: '00u1', type: 'User', alternateId: 'Pilar@Acme.example', displayName: 'Pilar' }

function event(eventType: string, more: JsonObject = {}): JsonObject {
  return {
    eventType,
    uuid: 'u-1',
    published: '2026-11-23T09:15:02.104Z',
    actor: PERSON,
    authenticationContext: { externalSessionId: 's-1' },
    outcome: { result: 'SUCCESS' },
    ...more,
  }
}

function read(record: JsonObject): Activity {
  return interpretRaw(okta, SOURCE, JSON.stringify(record))
}

function keysOf(activity: Activity, role: string): string[] {
  return activity.groups.filter((group) => group.role === role).flatMap((group) => group.forms.map((form) => form.key))
}

describe('a successful sign-in', () => {
  it('R1.3 establishes the session and binds the person to it', () => {
    const activity = read(event('user.session.start'))
    expect(keysOf(activity, 'session')).toEqual(['idp-session:okta/acme:s-1'])
    expect(keysOf(activity, 'person')).toEqual(['person:okta/acme:00u1'])
    expect(keysOf(activity, 'person-email')).toEqual(['person-email:okta/acme:pilar@acme.example'])
  })

  it('R1.6 binds no person where software signed in', () => {
    const activity = read(event('user.session.start', { actor: { ...PERSON, type: 'SystemPrincipal' } }))
    expect(activity.groups.map((group) => group.role)).toEqual(['session'])
  })

  it('R1.4 establishes nothing under the session id "unknown", which many share', () => {
    const activity = read(event('user.session.start', { authenticationContext: { externalSessionId: 'unknown' } }))
    expect(keysOf(activity, 'session')).toEqual([])
  })

  it('makes no e-mail address of a login name that is none', () => {
    const activity = read(event('user.session.start', { actor: { ...PERSON, alternateId: 'pilar' } }))
    expect(keysOf(activity, 'person-email')).toEqual([])
    expect(keysOf(activity, 'person-name')).toEqual(['person-name:okta/acme:pilar'])
  })
})

describe('a sign-in that did not succeed', () => {
  it.each(['FAILURE', 'DENY', 'CHALLENGE', 'SKIPPED', 'SOMETHING_NEW'])(
    'R1.4 establishes nothing after %s',
    (result) => {
      const activity = read(event('user.session.start', { outcome: { result } }))
      expect(activity.outcome).not.toBe('succeeded')
      expect(activity.groups.every((group) => group.trust === 'claimed')).toBe(true)
    },
  )

  it('R2.6 masks a name under which nobody was found: it may be a password', () => {
    const actor = { id: 'unknown', type: 'User', alternateId: 'Correct-Horse-9', displayName: 'unknown' }
    const record = event('user.session.start', { actor, outcome: { result: 'FAILURE' } })
    expect(JSON.stringify(okta.redact(record, mask, bareSource('okta')))).not.toContain('Correct-Horse-9')
  })
})

describe('strength of authentication', () => {
  it('R1.13 is carried from the factor and the kind of credential', () => {
    const more = {
      authenticationContext: { externalSessionId: 's-1', credentialType: 'OTP' },
      debugContext: { debugData: { factor: 'SIGNED_NONCE' } },
    }
    const { attributes } = read(event('user.authentication.auth_via_mfa', more))
    expect(attributes).toMatchObject({ mfa: 'SIGNED_NONCE', authMethod: 'OTP' })
  })
})

describe('the shown password of a shared application account', () => {
  it('R1.4 was shown to somebody, whoever the actor is', () => {
    const actors = [PERSON, { id: '0oa1', type: 'PublicClientApp' }, { id: 'unknown', type: 'User' }, undefined]
    const origins = actors.map((actor) => read(event('application.user_membership.show_password', { actor })))
    expect(origins.map(({ attributes }) => attributes['callerOrigin'])).toEqual([
      undefined,
      'unrecorded',
      'unrecorded',
      'unrecorded',
    ])
  })

  it('R1.1 is a retrieval of that credential through the session of whoever saw it', () => {
    const target = [
      { id: '0ua1', type: 'AppUser', alternateId: 'ops' },
      { id: '0oa1', type: 'AppInstance', displayName: 'Vendor' },
    ]
    const activity = read(event('application.user_membership.show_password', { target }))
    expect(activity.kind).toBe('secret-read')
    expect(activity.target).toMatchObject({ system: 'okta/acme', container: 'apps/0oa1', path: 'users/0ua1/password' })
    expect(credentialKey(activity.target!)).toBe('credential:okta/acme:apps/0oa1/users/0ua1/password')
    expect(keysOf(activity, 'session')).toEqual(['idp-session:okta/acme:s-1'])
  })
})

describe('what Privileged Access keeps', () => {
  const target = [
    { id: 'sec-1', type: 'Secret', displayName: 'orders-db' },
    { id: 'prj-1', type: 'Project', displayName: 'payments' },
  ]
  const account = [{ id: 'acc-1', type: 'Service Account', displayName: 'svc-billing' }]
  const ended = (activity: Activity): string[] => keysOf(activity, 'slot')

  it('R1.1 is retrieved by whoever it is shown to', () => {
    const { kind, target: shown, groups } = read(event('pam.secret.reveal', { target }))
    expect([kind, shown?.container, shown?.path]).toEqual(['secret-read', 'pam/secrets', 'sec-1'])
    expect(groups.find(({ role }) => role === 'caller')?.forms.map(({ key }) => key)).toEqual(['person:okta/acme:00u1'])
    const password = read(event('pam.service_account.password.reveal', { target: account }))
    expect([password.kind, password.target?.container]).toEqual(['secret-read', 'pam/service-accounts'])
  })

  it('R1.1 ends for them when it is replaced, perhaps where an update may be of its name, and not before', () => {
    const rotation = 'pam.service_account.password_rotation'
    const replaced = read(event(`${rotation}.end`, { target: account }))
    expect([replaced.kind, ended(replaced)]).toEqual(['secret-written', ['credential:okta/acme:pam/service-accounts/acc-1']])
    const updated = read(event('pam.secret.update', { target }))
    expect([updated.kind, ended(updated).length, updated.attributes['versionsHidden']]).toEqual(['secret-written', 1, true])
    const failed = read(event(`${rotation}.end`, { target: account, outcome: { result: 'FAILURE' } }))
    for (const other of [read(event(`${rotation}.start`, { target: account })), read(event('pam.secret.create', { target })), failed])
      expect(ended(other)).toEqual([])
  })

  it('R2.5 is none of a type that nobody has read', () => {
    expect(read(event('pam.secret.something_new', { target })).kind).toBe('unclassified')
  })
}) // prettier-ignore

describe('identity of facts', () => {
  it('R1.9 is the uuid, so an overlapping pull repeats nothing', () => {
    const first = interpretRaw(okta, SOURCE, JSON.stringify(event('user.session.end')), { recordId: 'a' })
    const again = interpretRaw(okta, SOURCE, JSON.stringify(event('user.session.end', { severity: 'INFO' })), {
      recordId: 'b',
    })
    expect(again.factId).toBe(first.factId)
  })

  it('falls back to the record where there is no uuid', () => {
    expect(read(event('user.session.end', { uuid: undefined })).factId).toBe('okta:acme:feed')
  })
})

describe('an event whose type holds capitals', () => {
  it.each(['auth_via_IDP', 'auth_via_AD_agent', 'auth_via_LDAP_agent', 'auth_via_inbound_SAML'])(
    'R2.5 is known: user.authentication.%s',
    (name) => {
      const activity = read(event(`user.authentication.${name}`))
      expect(activity).toMatchObject({ kind: 'operation', type: `user.authentication.${name}`, outcome: 'succeeded' })
      expect(keysOf(activity, 'caller')).toEqual(['person:okta/acme:00u1'])
    },
  )
})

describe('a step of an access request', () => {
  it.each([
    ['app.access_request.approver.approve', 'proposed approved'],
    ['app.access_request.grant', 'approved'],
    ['app.access_request.approver.deny', 'denied'],
    ['access.request.reject', 'denied'],
    ['access.request.cancel', 'withdrawn'],
    ['access.request.resolve', undefined],
  ])('R1.4 says no more than its type: %s', (type, step) => {
    expect(read(event(type)).attributes.step).toBe(step)
  })
})

const CORPUS = join(
  process.env.CATENA_CORPORA ?? join(process.cwd(), '../shared/corpora'),
  'panther/okta-system-log.ndjson',
)
const corpus = existsSync(CORPUS) ? readFileSync(CORPUS, 'utf8').split('\n').filter(Boolean) : []
if (corpus.length === 0)
  console.warn(`SKIPPED: no Okta corpus at ${CORPUS}; set CATENA_CORPORA to the folder that holds it`)

;(corpus.length === 0 ? describe.skip : describe)('records of other organisations, renamed and cut', () => {
  const activities = corpus.map((line, index) =>
    interpretRaw(okta, SOURCE, line, { recordId: `r${index}`, position: index }),
  )

  it('are read without an exception, whatever shape they have', () => {
    expect(activities).toHaveLength(corpus.length)
    expect(new Set(activities.map((activity) => activity.kind)).size).toBeGreaterThan(5)
  })

  it('are classified although the collector wrote member names in lower case', () => {
    const lower = corpus.flatMap((line, index) => (line.includes('"eventtype"') ? [activities[index]!] : []))
    expect(lower.length).toBeGreaterThan(0)
    expect(lower.every((activity) => activity.type !== 'unknown')).toBe(true)
  })

  it('are unclassified where they are no LogEvent', () => {
    const others = corpus.flatMap((line, index) => (/"event[tT]ype"/.test(line) ? [] : [activities[index]!]))
    expect(others.length).toBeGreaterThan(0)
    expect(others.every((activity) => activity.kind === 'unclassified')).toBe(true)
  })

  it('R1.4 name nobody by a key that says unknown', () => {
    const keys = activities.flatMap((activity) =>
      activity.groups.flatMap((group) => group.forms.map((form) => form.key)),
    )
    expect(keys.length).toBeGreaterThan(0)
    expect(keys.filter((key) => /:unknown$/i.test(key))).toEqual([])
  })
})
