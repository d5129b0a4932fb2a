import type { Claim, SourceInstance, SourceKind } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { assess } from './assess.js'
import type { JoinableHop } from './hop.js'
import { assessed, login, retrieval } from './testing/surveyed.js'

const PLAIN = { sharedIdentities: [], gaps: [] }

interface Case {
  readonly kind: SourceKind
  readonly mount: string
  readonly issuer: readonly [SourceKind, string]
  readonly carried: readonly Claim[]
  readonly declared?: SourceInstance['federations'][number]['claims']
}

/** Hops of one login that read something, by what they join. */
function hopsOf({ kind, mount, issuer, carried, declared = {} }: Case): Map<string, JoinableHop> {
  const [issuerKind, scope] = issuer
  const source: SourceInstance = { ...PLAIN, id: 'there', kind, scope: 'acme', federations: [{ mount, issuer: { kind: issuerKind, scope }, claims: declared }] } // prettier-ignore
  const place = { source: 'there', mount, role: undefined, method: 'sso', origin: 'federated', issuer: issuer.join('/') } as const // prettier-ignore
  const reads = [retrieval(login(place, carried), { upstream: 'ambiguous', actor: 'inferred' })]
  const hops = assess(assessed(reads, { sources: [source], heard: new Set([issuer.join('/')]) }))
  return new Map(hops.map((hop) => [hop.joins, hop]))
}

function settingsOf(hop: JoinableHop | undefined): string[] {
  return (hop?.advice ?? []).flatMap(({ settings }) =>
    settings.map(({ system, where, field, value }) => `${system} ${where}: ${field} = ${value}`),
  )
}

describe('a login at another system than a vault', () => {
  it('R1.5 Google Cloud: names the attribute mapping in which the run must stand', () => {
    const hop = hopsOf({ kind: 'google-cloud', mount: 'pools/ci/', issuer: ['github', 'github.com'], carried: ['repository'] }).get('run attempt') // prettier-ignore
    expect(hop?.provability).toBe('inferable')
    expect(settingsOf(hop)).toEqual([
      'google-cloud/acme pools/ci/providers/<provider>: attributeMapping, google.subject = "repo:" + assertion.repository + ":" + "run_id:" + assertion.run_id + ":" + "run_attempt:" + assertion.run_attempt',
      'catena.yaml sources[id=there].federations[mount=pools/ci/]: claims = { run_id: subject.run_id, run_attempt: subject.run_attempt }',
    ])
  })

  it('R1.5 Teleport: names what the provider must put into the token of the connector', () => {
    const hop = hopsOf({ kind: 'teleport', mount: 'oidc/', issuer: ['keycloak', 'acme'], carried: ['sub'], declared: { sub: 'sub' } }).get('session') // prettier-ignore
    expect([hop?.provability, settingsOf(hop)]).toEqual([
      'inferable',
      [
        "keycloak/acme client of Teleport's connector (oidc/): claims of the ID token = sub, sid",
        'catena.yaml sources[id=there].federations[mount=oidc/]: claims = { sid: sid }',
      ],
    ])
  })

  it.each([
    ['cyberark', 'logon/', ['preferred_username'], 'a logon names the user'],
    ['onepassword', 'sso/', ['email'], 'a sign-in attempt carries an e-mail address'],
  ] as const)('R1.5 %s: promises nothing that no setting can give', (kind, mount, carried, why) => {
    const hops = hopsOf({ kind, mount, issuer: ['keycloak', 'acme'], carried })
    for (const joins of ['session', 'person']) {
      const hop = hops.get(joins)
      expect([hop?.provability, hop?.advice]).toEqual(['inferable', []])
      expect(hop?.why).toContain(why)
      expect(hop?.why).toContain('no setting changes that')
    }
  })

  it('R1.5 Entra: a job behind a federated credential is never told, whatever is set', () => {
    const hop = hopsOf({ kind: 'entra', mount: 'federated/', issuer: ['github', 'github.com'], carried: [] }).get(
      'run attempt',
    )
    expect([hop?.provability, hop?.advice]).toEqual(['impossible', []])
  })

  it('R1.5 Azure Key Vault: a person by object id is proven, the session by all categories of sign-ins', () => {
    const hops = hopsOf({ kind: 'azure-key-vault', mount: 'login.microsoftonline.com/', issuer: ['entra', 'acme'], carried: ['oid'] }) // prettier-ignore
    expect(hops.get('person')?.provability).toBe('provable')
    expect([hops.get('session')?.provability, settingsOf(hops.get('session'))]).toEqual([
      'inferable',
      [
        'azure-key-vault/acme Entra diagnostic settings: categories of sign-ins = all of them: the token id (uti) of a request is in the record of its sign-in',
      ],
    ])
  })

  it('R1.5 R1.7 a vault: an agent is proven by its subject, its session by the id that the runtime minted', () => {
    const hops = hopsOf({ kind: 'vault', mount: 'auth/jwt-agents/', issuer: ['cloudevents', 'agents'], carried: ['sub'], declared: { sub: 'agent' } }) // prettier-ignore
    expect([hops.get('agent')?.provability, hops.get('session')?.provability]).toEqual(['provable', 'inferable'])
    expect(settingsOf(hops.get('session'))[0]).toContain('claim_mappings = {"sub":"agent","sid":"sid"}')
  })

  it('R1.5 a vault: a workload is proven by its SPIFFE id, its document by the serial number of the certificate', () => {
    const hops = hopsOf({ kind: 'vault', mount: 'auth/cert/', issuer: ['spire', 'acme'], carried: ['sub'] })
    expect([hops.get('workload')?.provability, hops.get('session')?.provability]).toEqual(['provable', 'inferable'])
    expect(settingsOf(hops.get('session'))).toEqual([
      'catena.yaml sources[id=there].federations[mount=auth/cert/]: claims = { serial_number: serial_number }',
    ])
  })

  it('R1.5 an in-house system: names the member of the event that the sender leaves out', () => {
    const hop = hopsOf({ kind: 'cloudevents', mount: 'staff/', issuer: ['keycloak', 'acme'], carried: ['sub'], declared: { sub: 'sub' } }).get('session') // prettier-ignore
    expect(settingsOf(hop)[0]).toBe(
      'cloudevents/acme catena.session.started with provider staff: onBehalfOf.claims = {"sub":"sub","sid":"sid"}',
    )
  })
})

describe('an account with a lasting secret', () => {
  it.each([
    ['vault', 'canonical_id', 'auth method', 'provable'],
    ['teleport', "operator's join", 'type, allow_local_auth', 'provable'],
    ['cyberark', "operator's join", 'mount logon/', 'inferable'],
    ['onepassword', "operator's join", 'Unlock with SSO', 'inferable'],
    ['google-cloud', "operator's join", 'google.subject', 'provable'],
    ['azure-key-vault', "operator's join", 'categories', 'provable'],
    ['gitlab', "operator's join", 'way of signing in', 'provable'],
  ] as const)('R1.5 of %s is told in the words of its vendor what takes its place', (kind, join, field, becomes) => {
    const source: SourceInstance = { ...PLAIN, id: 'there', kind, scope: 'acme', federations: [] }
    const place = { source: 'there', mount: 'login/', role: undefined, method: 'password', origin: 'long-lived', issuer: undefined } as const // prettier-ignore
    const [hop] = assess(assessed([retrieval(login(place, []), { actor: 'missing' })], { sources: [source] }))
    expect(hop?.advice.map(({ settings, becomes: then }) => [settings[0]?.field, then])).toEqual([
      [join, 'inferable'],
      [field, becomes],
    ])
  })
})
