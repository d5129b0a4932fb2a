import type { Json } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, fixtureText, given, sourceOf, type Given } from './walked-records.js'

const CYBERARK = sourceOf('cyberark')
const KEYCLOAK = sourceOf('keycloak', { heartbeatSeconds: 7_200 })

type Changes = Readonly<{ [member: string]: Json | undefined }>
const at = (name: string, time: string, changes: Changes = {}): Given =>
  given(
    CYBERARK,
    name,
    Object.fromEntries(
      Object.entries({ IsoTimestamp: time, ...changes }).map(([member, value]) => [
        `syslog.audit_record.${member}`,
        value,
      ]),
    ),
  )

const signIn = given(KEYCLOAK, 'login', {
  time: Date.parse('2026-11-23T07:00:00Z'),
  userId: 'petra-id',
  'details.username': 'petra',
})
const logon = at('logon', '2026-11-23T07:01:00Z')
const retrieved = at('retrieve-password', '2026-11-23T07:10:00Z')

describe('a password that a person retrieved', () => {
  it('R1.1 R1.2 leads to the one logon that was alive, and by name to a person: inferred', async () => {
    const { path, actor, identity, fact } = await chainOf(signIn, logon, retrieved)
    expect([path.state, identity?.displayName]).toEqual(['inferred', 'petra'])
    expect(actor).toMatchObject({ state: 'inferred', principal: { name: 'petra' } })
    expect(fact.target?.container).toBe('PROD-ORACLE')
  })

  it('R1.4 leads nowhere once the user had logged off', async () => {
    const { path } = await chainOf(logon, at('logoff', '2026-11-23T07:05:00Z'), retrieved)
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })

  it('R1.4 is ambiguous between two logons', async () => {
    const second = at('logon', '2026-11-23T07:03:00Z', { Station: '192.0.2.99' })
    expect((await chainOf(logon, second, retrieved)).path.state).toBe('ambiguous')
  })

  it('R1.1 R3.1 was permitted by the request that the vault names, confirmed by another', async () => {
    const told = [at('request-created', '2026-11-23T07:02:00Z'), at('request-confirmed', '2026-11-23T07:04:00Z')]
    const { right } = await chainOf(logon, ...told, retrieved)
    expect([right.state, right.approvals.map(({ decision, approver }) => [decision, approver?.name])]).toEqual([
      'proven',
      [
        ['requested', undefined],
        ['approved', 'mika'],
      ],
    ])
  })

  it('R3.1 was permitted by nobody where the vault confirmed by itself', async () => {
    const Action = 'Auto Confirm Request'
    const told = [at('request-confirmed', '2026-11-23T07:04:00Z', { Action, Desc: Action, Message: Action })]
    const { right } = await chainOf(logon, ...told, retrieved)
    expect(right).toMatchObject({
      state: 'missing',
      approvals: [{ decision: 'approved automatically', permits: false }],
    })
    expect(right.approvals[0]?.approver).toBeUndefined()
  })

  it.each(['Reject Confirmation', 'Delete Confirmation'])('R1.4 was permitted by no confirmation that was taken away: %s', async (Action) => {
    const told = [at('request-confirmed', '2026-11-23T07:04:00Z'), at('request-confirmed', '2026-11-23T07:05:00Z', { Action, Desc: Action })]
    const { right } = await chainOf(logon, ...told, retrieved)
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false, false]])
  }) // prettier-ignore

  it('R1.4 was permitted by no request that was rejected', async () => {
    const { right } = await chainOf(logon, at('request-rejected', '2026-11-23T07:04:00Z'), retrieved)
    expect(right.state).toBe('missing')
  })

  it('R1.1 R1.9 is the same by CEF and by LEEF: who, what, under which request', async () => {
    for (const name of ['cef-retrieve-password', 'leef-retrieve-password']) {
      const { fact, identity } = await chainOf({ source: CYBERARK, text: fixtureText('cyberark', `${name}.raw.txt`) })
      expect([fact.kind, fact.target?.path, identity?.displayName]).toEqual([
        'secret-read',
        'Database-Oracle-orders-db-orders_admin',
        'petra',
      ])
      expect(fact.groups.find(({ role }) => role === 'request')?.forms[0]?.key).toBe(
        'access-request:cyberark/tideline:8841',
      )
    }
  })

  it('R1.1 ended for the reader when the password was changed', async () => {
    const { end } = await chainOf(at('change-password', '2026-11-23T08:00:00Z'), retrieved)
    expect(end).toMatchObject({ state: 'proven', how: 'rotated' })
  })

  it('R1.4 has a chain also where it was refused', async () => {
    const { effect } = await chainOf(logon, at('retrieve-password-denied', '2026-11-23T07:11:00Z'))
    expect(effect.yielded).toBe('nothing: denied')
  })
})

describe('a password that the rotation software fetched', () => {
  it.each(['retrieve-password-by-rotation', 'service-retrieve-by-rotation'])(
    'R1.6 is no person’s: %s',
    async (name) => {
      const { fact, actor } = await chainOf(given(CYBERARK, name))
      expect([fact.attributes['rotation'], actor.kind]).toEqual([true, 'missing'])
    },
  )
})
