import { describe, expect, it } from '@jest/globals'
import { chainOf, fixtureSource, recordOf, type Changes, type SourceRecord } from './fixture-chains.js'

const ENTRA = fixtureSource('entra')
const AZURE = fixtureSource('azure-key-vault')
const UNDECLARED = { ...AZURE, federations: [] }
const SOURCES = [ENTRA, AZURE]
const PERSON = 'person:entra/tideline:8b1f3c52-0a44-4f6e-9d21-3c7e5a9b1d10'
const SESSION = 'idp-session:entra/tideline:00baf379-e510-523f-1c0e-346163d4a768'

const entra = (name: string, changes: Changes = {}): SourceRecord => recordOf(ENTRA, name, changes)
const azure = (name: string, changes: Changes = {}): SourceRecord => recordOf(AZURE, name, changes)
const signIn = entra('sign-in-interactive')

describe('a secret of Azure Key Vault that a person read', () => {
  it('R1.1 is proven by the id of the token, through its sign-in, and so is the right', async () => {
    const { path, actor, right, effect } = await chainOf(SOURCES, signIn, azure('secret-read'))
    expect([path.state, path.through]).toEqual(['proven', SESSION])
    expect(actor).toMatchObject({ state: 'proven', principal: { key: PERSON } })
    expect(right).toMatchObject({ state: 'proven', policies: ['role assignment 7e9d4c1058f84e0f887c30b45f63aef1'] })
    expect(effect.yielded).toBe('the secret')
  })

  it('R1.1 needs no declared tenant for that: the id is Microsoft’s own', async () => {
    const { path } = await chainOf([ENTRA, UNDECLARED], signIn, recordOf(UNDECLARED, 'secret-read'))
    expect([path.state, path.through]).toEqual(['proven', SESSION])
  })

  it('R1.4 without the id of the token is the person by object id, through a session that is inferred', async () => {
    const { path, actor } = await chainOf(SOURCES, signIn, azure('secret-read-without-token-id'))
    expect([path.state, path.through]).toEqual(['inferred', SESSION])
    expect(actor).toMatchObject({ state: 'proven', principal: { key: PERSON } })
  })

  it('R1.4 is ambiguous between two sessions, never the newer one, and no session of another application', async () => {
    const other = { 'properties.sessionId': 'aaaaaaaa-0000-4000-8000-000000000001', 'properties.id': 'other' }
    const second = entra('sign-in-interactive', other)
    const elsewhere = entra('sign-in-interactive', { ...other, 'properties.appId': 'another-application' })
    const read = azure('secret-read-without-token-id')
    expect((await chainOf(SOURCES, signIn, second, read)).path).toMatchObject({ state: 'ambiguous' })
    expect((await chainOf(SOURCES, signIn, elsewhere, read)).path).toMatchObject({ state: 'inferred' })
  })

  it('R1.5 without either is missing, and its identity stands as the vault knew it', async () => {
    const read = recordOf(UNDECLARED, 'secret-read-without-token-id')
    const { path, actor, identity } = await chainOf([ENTRA, UNDECLARED], signIn, read)
    expect([path.state, path.reason, actor.state]).toEqual(['missing', 'not recorded by that source', 'missing'])
    expect(identity).toMatchObject({ displayName: 'nora@tideline.example' })
  })

  it('R1.4 falls back to the object id where the sign-in of its token is not recorded', async () => {
    const { path } = await chainOf(SOURCES, signIn, azure('secret-read', { 'identity.claim.uti': 'unheard-of' }))
    expect([path.state, path.through]).toEqual(['inferred', SESSION])
  })

  it('R1.1 ended for its reader when it was set anew', async () => {
    const { end } = await chainOf(SOURCES, azure('secret-set'), azure('secret-read'))
    expect(end).toMatchObject({ state: 'proven', how: 'rotated' })
  })
})

describe('a read that says Success', () => {
  it.each([
    ['secret-read-not-found', 'nothing: failed'],
    ['secret-read-denied', 'nothing: denied'],
  ])('R1.4 yielded nothing by its status: %s', async (name, yielded) => {
    const { effect, right } = await chainOf(SOURCES, signIn, azure(name))
    expect(effect.yielded).toBe(yielded)
    if (name === 'secret-read-denied') expect(right.policies).toEqual([])
  })
})

describe('a secret that an application read', () => {
  it('R1.4 R1.6 ends at its service principal, which is no person', async () => {
    const { path, actor } = await chainOf(SOURCES, entra('sign-in-service-principal'), azure('secret-read-by-application'))
    expect(path.state).toBe('proven')
    expect(actor).toMatchObject({ state: 'missing', reason: 'identity not joined' })
  }) // prettier-ignore

  it('R1.4 is not taken for a person where its sign-in is not recorded', async () => {
    const { actor } = await chainOf(SOURCES, signIn, azure('secret-read-by-application'))
    expect(actor.state).toBe('missing')
  })
})
