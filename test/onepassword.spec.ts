import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf } from './walked-records.js'

const ONEPASSWORD = sourceOf('onepassword')
const KEYCLOAK = sourceOf('keycloak', { heartbeatSeconds: 7_200 })
const event = (name: string, changes = {}) => given(ONEPASSWORD, name, changes)

const atProvider = given(KEYCLOAK, 'login', {
  time: Date.parse('2026-11-23T08:00:00Z'),
  userId: 'lena-id',
  'details.username': 'lena',
})
const described = given(KEYCLOAK, 'directory-user', { id: 'lena-id', username: 'lena', email: 'lena@tideline.example' })
const signIn = event('sign-in-sso')
const revealed = event('item-revealed')

describe('an item that was revealed', () => {
  it('R1.1 R1.2 leads to the one sign-in that was alive, and by e-mail address to a person: inferred', async () => {
    const { path, actor, identity, effect } = await chainOf(described, atProvider, signIn, revealed)
    expect([path.links.map(({ by, state }) => `${by} ${state}`), effect.yielded]).toEqual([
      ['login inferred', 'federation inferred'],
      'version 3',
    ])
    expect(identity?.displayName).toBe('lena@tideline.example')
    expect(actor).toMatchObject({ state: 'inferred', principal: { name: 'lena' } })
  })

  it('R1.4 is ambiguous between two sign-ins', async () => {
    expect((await chainOf(signIn, event('sign-in-mfa'), revealed)).path.state).toBe('ambiguous')
  })

  it('R1.1 leads to a sign-in that a firewall rule let in and reported', async () => {
    const reported = event('sign-in', { category: 'firewall_reported_success' })
    const signedIn = event('sign-in')
    const [one, other] = [await chainOf(reported, revealed), await chainOf(signedIn, revealed)]
    expect([one.path.state, one.path.links.length]).toEqual([other.path.state, other.path.links.length])
    expect(one.path.state).toBe('inferred')
  })

  it('R1.4 leads nowhere without a sign-in on record', async () => {
    const { path } = await chainOf(revealed)
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })

  it('R1.6 by an account that many know names nobody', async () => {
    const account = { 'target_user.uuid': 'SHAREDUSER', 'target_user.email': 'ops-shared@tideline.example' }
    const { actor } = await chainOf(event('sign-in', account), event('item-revealed-by-a-shared-account'))
    expect(actor).toMatchObject({ reason: 'shared identity', shared: 'ops-shared@tideline.example' })
  })

  it('R1.1 ended for the reader when the item was written', async () => {
    const written = event('item-written', { timestamp: '2026-11-23T09:30:00Z' })
    expect((await chainOf(written, revealed)).end).toMatchObject({ state: 'proven', how: 'rotated' })
  })
})

describe('administration', () => {
  it('R1.1 is proven by the session that its record names', async () => {
    const { path } = await chainOf(event('sign-in'), event('vault-access-granted'))
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['login']])
  })
})
