import type { Json } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf, type Given } from './walked-records.js'

const OKTA = sourceOf('okta', { heartbeatSeconds: 7_200 })
const PILAR = '00u1pilarvega0000001'
const CLIENT = '0oa1vaultapp00000003'
const vaultWith = (client: string | undefined) =>
  sourceOf('vault', {
    federations: [
      {
        mount: 'auth/jwt-ci/',
        issuer: { kind: 'okta', scope: 'tideline' },
        claims: { sub: 'sub' },
        ...(client === undefined ? {} : { client }),
      },
    ],
  })

function readBy(subject: string, client: string | undefined): Given[] {
  const vault = vaultWith(client)
  const metadata: Json = { sub: subject }
  const login = given(vault, 'login-jwt-run', {
    time: '2026-11-23T10:00:00Z',
    'auth.metadata': metadata,
    'response.auth.metadata': metadata,
    'auth.accessor': 'acc1',
    'response.auth.accessor': 'acc1',
  })
  const read = given(vault, 'read-kv2', {
    time: '2026-11-23T10:00:01Z',
    'auth.accessor': 'acc1',
    'auth.policy_results': undefined,
    'request.client_token_accessor': 'acc1',
    'request.remote_address': '127.0.20.31',
  })
  return [login, read]
}

/** One approver agreed; then nobody else was left to ask. */
const agreedAt = (published: string): Given => given(OKTA, 'access-approved', { published })
const grantedAt = (published: string): Given => given(OKTA, 'access-granted', { published })

describe('an access request at the identity provider', () => {
  it('R1.1 R1.4 is the right to what came through its client, inferred: it names person and client, and no session', async () => {
    const told = [agreedAt('2026-11-23T08:00:00.000Z'), grantedAt('2026-11-23T08:00:00.200Z')]
    const { right } = await chainOf(...told, ...readBy(PILAR, CLIENT))
    expect(right).toMatchObject({
      state: 'inferred',
      approvals: [
        { decision: 'proposed approved', permits: false, approver: { kind: 'person', name: 'nora@tideline.example' } },
        { state: 'inferred', decision: 'approved', permits: true },
      ],
    })
  })

  it('R1.4 is none while another approver is still to be asked', async () => {
    const { right } = await chainOf(agreedAt('2026-11-23T08:00:00.000Z'), ...readBy(PILAR, CLIENT))
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false]])
  })

  it('R3.1 is none where whoever came through it was one of those who agreed', async () => {
    const own = given(OKTA, 'access-approved', { published: '2026-11-23T08:00:00.000Z', 'actor.id': PILAR })
    const { right } = await chainOf(own, grantedAt('2026-11-23T08:00:00.200Z'), ...readBy(PILAR, CLIENT))
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false, false]])
  })

  describe('that was asked for again', () => {
    const at = (time: string): string => `2026-11-23T${time}.000Z`
    const step = (eventType: string, time: string, actor = PILAR): Given =>
      given(OKTA, 'access-approved', {
        uuid: `${eventType} ${time}`,
        published: at(time),
        eventType,
        'actor.id': actor,
      })
    const requestedAt = (time: string): Given => step('app.access_request.request', time)
    const ownAt = (time: string): Given => step('app.access_request.approver.approve', time)
    const norasAt = (time: string): Given => step('app.access_request.approver.approve', time, '00u1noraquist0000001')
    const passedAt = (time: string): Given =>
      given(OKTA, 'access-granted', { uuid: `granted ${time}`, published: at(time) })
    const permitting = async (...told: Given[]) => {
      const { right } = await chainOf(...told, ...readBy(PILAR, CLIENT))
      return right.approvals.flatMap(({ permits, at }) => (permits ? [new Date(at).toISOString().slice(11, 19)] : []))
    }
    const own = [requestedAt('06:00:00'), ownAt('06:01:00'), passedAt('06:02:00')]

    it('R1.4 permits by who agreed this time, whoever agreed to what was asked before', async () => {
      expect(await permitting(...own)).toEqual([])
      expect(await permitting(...own, requestedAt('07:00:00'), norasAt('07:01:00'), passedAt('07:02:00'))).toEqual([
        '07:02:00',
      ])
      const denied = [ownAt('06:01:00'), step('app.access_request.approver.deny', '06:02:00', '00u1noraquist0000001')]
      expect(await permitting(...denied, norasAt('07:01:00'), passedAt('07:02:00'))).toEqual(['07:02:00'])
    })

    it('R3.1 takes nothing from what another approved by agreeing oneself since, and permits nothing by that', async () => {
      const noras = [requestedAt('05:00:00'), norasAt('05:01:00'), passedAt('05:02:00')]
      expect(await permitting(...noras, ...own)).toEqual(['05:02:00'])
      expect(await permitting(...noras, step('app.access_request.delete', '05:30:00'), ...own)).toEqual([])
      // Which of both was withdrawn, no record tells.
      const withdrawn = [requestedAt('05:10:00'), step('app.access_request.delete', '05:30:00')]
      expect(await permitting(...noras, ...withdrawn)).toEqual([])
      const again = [requestedAt('06:00:00'), norasAt('06:01:00'), passedAt('06:02:00')]
      expect(await permitting(...noras, ...again)).toEqual(['06:02:00'])
    })

    it('R3.1 permits nothing where one agreed oneself at the moment of asking, or another did only after the grant', async () => {
      const atOnce = [requestedAt('06:00:00'), ownAt('06:00:00'), norasAt('06:01:00'), passedAt('06:02:00')]
      expect(await permitting(...atOnce)).toEqual([])
      expect(await permitting(requestedAt('06:00:00'), passedAt('06:02:00'), norasAt('06:03:00'))).toEqual([])
    })
  })

  it('R3.1 is none where no record names who agreed before it was granted: it may have been who asked', async () => {
    const { right } = await chainOf(grantedAt('2026-11-23T08:00:00.200Z'), ...readBy(PILAR, CLIENT))
    expect([right.state, right.approvals.map(({ permits }) => permits)]).toEqual(['missing', [false]])
  })

  it.each([
    ['of another person', readBy('00u1somebodyelse0001', CLIENT), '2026-11-23T08:00:00.000Z'],
    ['for another client', readBy(PILAR, '0oa1otherapp'), '2026-11-23T08:00:00.000Z'],
    ['where nobody named the client of the mount', readBy(PILAR, undefined), '2026-11-23T08:00:00.000Z'],
    ['that came after the login', readBy(PILAR, CLIENT), '2026-11-23T11:00:00.000Z'],
  ])('R1.4 is none %s', async (_, reads, published) => {
    const { right } = await chainOf(grantedAt(published), ...reads)
    expect([right.state, right.approvals]).toEqual(['missing', []])
  })
})
