import type { Chain } from '@catena/access-chain'
import type { Claim, Federation } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, fixtureSource, recordOf, type Changes, type SourceRecord } from './fixture-chains.js'

const ENTRA = fixtureSource('entra')
const NORA = '8b1f3c52-0a44-4f6e-9d21-3c7e5a9b1d10'
const PERSON = `person:entra/tideline:${NORA}`
const SESSION = 'idp-session:entra/tideline:00baf379-e510-523f-1c0e-346163d4a768'

const entra = (name: string, changes: Changes = {}): SourceRecord => recordOf(ENTRA, name, changes)
const signIn = entra('sign-in-interactive')

/** A read with the token of a login whose metadata holds what Entra's token said. */
async function readBy(claims: readonly Claim[], others: readonly SourceRecord[]): Promise<Chain> {
  const federation: Federation = {
    mount: 'auth/oidc/',
    issuer: { kind: 'entra', scope: 'tideline' },
    claims: Object.fromEntries(claims.map((claim) => [claim, claim])),
  }
  const vault = fixtureSource('vault', { federations: [federation] })
  const metadata = {
    role: 'people',
    sid: '00BAF379-E510-523F-1C0E-346163D4A768',
    oid: NORA,
    sub: 'pairwise-subject-of-this-application',
    email: 'nora@tideline.example',
  }
  const login = recordOf(vault, 'login-oidc-callback', {
    time: '2026-11-23T05:00:14.000Z',
    'response.auth.metadata': metadata,
  })
  const { accessor } = (login.record['response'] as { auth: { accessor: string } }).auth
  const read = recordOf(vault, 'read-kv2', {
    time: '2026-11-23T05:00:30.000Z',
    'auth.accessor': accessor,
    'request.client_token_accessor': accessor,
    'request.remote_address': (login.record['request'] as { remote_address: string }).remote_address,
  })
  return chainOf([ENTRA, vault], ...others, login, read)
}

describe('a person who signs in to Vault through Entra', () => {
  it('R1.1 is proven by the session', async () => {
    const { path, actor, identity } = await readBy(['sid', 'oid'], [signIn])
    expect([path.state, path.through]).toEqual(['proven', SESSION])
    expect(actor).toMatchObject({ state: 'proven', principal: { key: PERSON, name: 'Nora@tideline.example' } })
    expect(identity).toMatchObject({ strength: { secondFactor: 'mfa' } })
  })

  it('R1.4 is proven by the object id, and the session inferred', async () => {
    const { path, actor } = await readBy(['oid'], [signIn])
    expect([path.state, path.through, actor.state]).toEqual(['inferred', SESSION, 'proven'])
  })

  it('R1.4 is nobody by a subject: it differs from application to application', async () => {
    const { path, actor } = await readBy(['sub'], [signIn])
    expect([path.state, path.reason, actor.state]).toEqual(['missing', 'not recorded by that source', 'missing'])
  })

  it('R1.4 is not proven any more once all sessions were revoked, or the account disabled', async () => {
    const at = { 'properties.activityDateTime': '2026-11-23T05:00:20.000Z' }
    const revoked = await readBy(['sid'], [signIn, entra('sessions-revoked', at)])
    expect(revoked.actor).toMatchObject({ state: 'inferred', caveats: ['custody: session ended'] })
    const disabled = await readBy(['sid'], [signIn, entra('user-disabled', at)])
    expect(disabled.actor).toMatchObject({ state: 'inferred', caveats: ['custody: account disabled'] })
  })

  it('R1.4 was given no session by a sign-in that asked for more', async () => {
    const { path } = await readBy(['sid'], [entra('sign-in-asks-for-second-factor')])
    expect(path.state).toBe('missing')
  })
})

describe('a request to Microsoft Graph', () => {
  const request = (token: string): SourceRecord => entra('graph-request', { 'properties.signInActivityId': token })

  it('R1.1 leads by the id of its token to the sign-in, and from there to the session and its person', async () => {
    const renewed = entra('sign-in-non-interactive', { 'properties.createdDateTime': '2026-11-23T05:00:40.000Z' })
    const { path, actor } = await chainOf([ENTRA], signIn, renewed, request('VGhpc0lzTm9TZWNyZXQy'))
    expect([path.state, path.through, path.links.length]).toEqual(['proven', SESSION, 2])
    expect(actor).toMatchObject({ principal: { key: PERSON } })
  })

  it('R1.4 with a client secret ends at the service principal', async () => {
    const chain = await chainOf([ENTRA], entra('sign-in-service-principal'), request('VGhpc0lzTm9TZWNyZXQz'))
    expect(chain.path.state).toBe('proven')
    expect(chain.actor).toMatchObject({ state: 'missing', reason: 'identity not joined' })
  })

  it('R1.6 of a service principal that many hold names nobody', async () => {
    const fleet = entra('sign-in-service-principal', { 'properties.servicePrincipalName': 'fleet-runners' })
    const { actor } = await chainOf([ENTRA], fleet, request('VGhpc0lzTm9TZWNyZXQz'))
    expect(actor).toMatchObject({ reason: 'shared identity', shared: 'fleet-runners' })
  })

  it('R1.5 with a federated credential ends there: the log does not repeat what the other token said', async () => {
    const { path } = await chainOf([ENTRA], entra('sign-in-federated-credential'), request('VGhpc0lzTm9TZWNyZXQ1'))
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })

  it('R1.4 with a token of which no sign-in is recorded is missing', async () => {
    const { path } = await chainOf([ENTRA], signIn, request('VGhpc0lzTm9TZWNyZXQ5'))
    expect(path.state).toBe('missing')
  })
})
