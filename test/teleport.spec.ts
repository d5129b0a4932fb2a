import type { Json } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf, type Given } from './walked-records.js'

const TELEPORT = sourceOf('teleport')
const KEYCLOAK = sourceOf('keycloak', { heartbeatSeconds: 7_200 })
const GITHUB = sourceOf('github', { scope: 'github.com' })

type Changes = Readonly<{ [path: string]: Json | undefined }>
const event = (name: string, changes: Changes = {}): Given => given(TELEPORT, name, changes)

const ORA = '3c1f0d77-6f6d-4b3a-9f40-0c6f7d2a1c01'
const SESSION = '5e0f8a10-2222-4333-8444-555566667777'
const atProvider = given(KEYCLOAK, 'login', {
  time: Date.parse('2026-11-23T06:00:30Z'),
  userId: ORA,
  sessionId: SESSION,
  'details.code_id': SESSION,
  'details.username': 'ora',
})
const signIn = event('login-oidc')
const session = event('database-session')
const approved = event('request-approved', { time: '2026-11-23T06:05:00Z' })

describe('a database session of a person', () => {
  it('R1.1 R1.2 is inferred to come from the one sign-in that was alive, back to the provider', async () => {
    const { path, actor, fact } = await chainOf(atProvider, signIn, session)
    expect([path.state, path.through]).toEqual(['inferred', `idp-session:keycloak/tideline:${SESSION}`])
    expect(actor).toMatchObject({ state: 'inferred', principal: { kind: 'person', name: 'ora' } })
    expect(fact.target).toMatchObject({ container: 'databases/orders', path: 'users/postgres' })
  })

  it('R1.4 is ambiguous between two sign-ins, and inferred to be the one person of both', async () => {
    const again = event('login-oidc', { uid: 'other', time: '2026-11-23T06:02:00Z' })
    const { path, actor, findings } = await chainOf(atProvider, signIn, again, session)
    expect([path.state, actor.state, findings]).toEqual(['ambiguous', 'inferred', []])
  })

  it('R1.4 is missing where no sign-in of the account was alive', async () => {
    const early = event('login-oidc', { time: '2026-11-21T06:00:00Z' })
    const { path } = await chainOf(early, session)
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })

  it('R1.6 of an account that many know names nobody', async () => {
    const local = event('login-local')
    const used = event('database-session', { user: 'breakglass', access_requests: undefined })
    expect((await chainOf(local, used)).actor).toMatchObject({ reason: 'shared identity' })
  })

  it('R1.1 ended when Teleport says so', async () => {
    const ended = event('database-session-ended')
    expect((await chainOf(signIn, ended, session)).end).toMatchObject({ state: 'proven', how: 'ended' })
  })

  it('R1.4 has a chain also where it was denied', async () => {
    const { path, effect } = await chainOf(atProvider, signIn, event('database-session-denied'))
    expect([path.state, effect.yielded]).toEqual(['inferred', 'nothing: denied'])
  })

  it('R1.1 is what a query in it came through', async () => {
    const { path } = await chainOf(atProvider, signIn, session, event('database-query'))
    expect(path.links.map(({ by }) => by)).toEqual(['delegation', 'login', 'federation'])
  })
})

describe('the approval of an access request', () => {
  it('R1.1 is the right to the session that was opened under it, proven by the id of the request', async () => {
    const { right } = await chainOf(atProvider, signIn, event('request-created', { time: '2026-11-23T06:04:00Z' }), approved, session) // prettier-ignore
    expect(right.approvals.map(({ state, decision, approver }) => [state, decision, approver?.name])).toEqual([
      ['proven', 'requested', undefined],
      ['proven', 'approved', 'mika'],
    ])
  })

  it('R1.4 is none of a session that was opened without it', async () => {
    const { right } = await chainOf(atProvider, signIn, approved, event('database-session-without-request'))
    expect(right.approvals).toEqual([])
  })

  it('R1.4 permits nothing while one reviewer agreed and the threshold is not met', async () => {
    const plain = event('database-session', { user_roles: undefined })
    const reviewed = event('request-reviewed', { time: '2026-11-23T06:05:00Z' })
    const { right } = await chainOf(signIn, reviewed, plain)
    expect([right.state, right.approvals.map(({ decision }) => decision)]).toEqual(['missing', ['proposed approved']])
  })

  it.each([
    ['denied later, before the session', 'request-denied', '2026-11-23T06:06:00Z', 'missing'],
    ['withdrawn before the session', 'request-deleted', '2026-11-23T06:06:00Z', 'missing'],
    ['expired after the session', 'request-expired', '2026-11-23T12:00:00Z', 'proven'],
  ])('R1.4 R1.10 that was %s', async (_, name, time, state) => {
    const plain = event('database-session', { user_roles: undefined })
    const { right } = await chainOf(signIn, approved, event(name, { time }), plain)
    expect(right.state).toBe(state)
  })

  it('R1.4 that came after the session permits nothing', async () => {
    const plain = event('database-session', { user_roles: undefined })
    const { right } = await chainOf(signIn, event('request-approved', { time: '2026-11-23T09:00:00Z' }), plain)
    expect([right.state, right.approvals.length]).toEqual(['missing', 1])
  })

  it('R3.1 by a bot is marked as such', async () => {
    const byBot = event('request-approved-by-a-bot', { time: '2026-11-23T06:05:00Z' })
    const { right } = await chainOf(signIn, byBot, session)
    expect(right.approvals[0]?.approver).toMatchObject({ kind: 'workload' })
  })
})

describe('a session of a bot', () => {
  it('R1.7 is proven by its instance, back to the CI attempt that joined', async () => {
    const run = given(GITHUB, 'workflow-run-requested', {
      'payload.workflow_run.id': 11900453035,
      'payload.workflow_run.run_attempt': 1,
      'payload.workflow_run.created_at': '2026-11-23T06:00:00Z',
      'payload.workflow_run.updated_at': '2026-11-23T06:00:00Z',
      'payload.workflow_run.run_started_at': '2026-11-23T06:00:00Z',
      'payload.repository.full_name': 'tideline/payments-api',
    })
    const { path, actor } = await chainOf(run, event('bot-joined-github'), event('database-session-of-a-bot'))
    expect([path.state, path.through]).toEqual(['proven', 'ci-attempt:github/github.com:11900453035/1'])
    expect(actor).toMatchObject({ state: 'proven', principal: { kind: 'workload' } })
  })
})
