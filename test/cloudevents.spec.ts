import { connectorFor } from '@catena/connectors'
import type { Json } from '@catena/domain'
import { deriveIntakeKeys, frameWhole, Framer, prepareRecord, type Framed } from '@catena/ingest'
import { describe, expect, it } from '@jest/globals'
import { chainOf, given, sourceOf, type Given } from './walked-records.js'

const EVENTS = sourceOf('cloudevents', { heartbeatSeconds: 7_200 })
const KEYCLOAK = sourceOf('keycloak')
const VAULT = sourceOf('vault', {
  federations: [
    {
      mount: 'auth/jwt-ci/',
      issuer: { kind: 'cloudevents', scope: 'agents-prod' },
      claims: { sid: 'session', sub: 'agent' },
    },
  ],
})

const SESSION = '0a1b2c3d-1111-4222-8333-444455556666'
const GRETA = '1f0c5b7e-6f6d-4b3a-9f40-0c6f7d2a1b02'

type Changes = Readonly<{ [path: string]: Json | undefined }>
const event = (name: string, changes: Changes = {}): Given => given(EVENTS, name, changes)

const signIn = given(KEYCLOAK, 'login', {
  time: Date.parse('2026-11-23T05:00:00Z'),
  userId: GRETA,
  sessionId: SESSION,
  'details.code_id': SESSION,
  'details.username': 'greta',
})
const registered = event('agent-registered')
const attended = event('session-attended')
const inCall = event('secret-retrieved-in-a-call', { time: '2026-11-23T05:30:00Z' })
const called = event('tool-called-confirmed')

describe('a secret that an attended agent retrieved in a call', () => {
  const told = [registered, signIn, attended, called]

  it('R1.1 R1.7 R9.1 leads through call and session to the sign-in of the person beside it', async () => {
    const { path, actor, sideways } = await chainOf(...told, inCall)
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['delegation', 'login', 'federation']])
    expect(path.through).toBe(`idp-session:keycloak/tideline:${SESSION}`)
    expect(actor).toMatchObject({
      state: 'proven',
      principal: { kind: 'agent', name: 'release-writer', mode: 'attended', sponsor: { name: 'nora' } },
    })
    expect(sideways).toMatchObject([{ role: 'behalf', state: 'proven', name: 'greta' }])
  })

  it('R9.2 has no finding where a person confirmed what left its boundary', async () => {
    expect((await chainOf(...told, inCall)).findings).toEqual([])
  })

  it('R1.4 keeps the path missing where the call is not on record', async () => {
    const { path, actor } = await chainOf(registered, signIn, attended, inCall)
    expect([path.state, actor.state]).toEqual(['missing', 'missing'])
  })

  it('R1.4 names the agent and no person where nobody declared the provider', async () => {
    const undeclared = event('session-undeclared-provider', { 'data.session.id': 's-100' })
    const { path, actor, sideways } = await chainOf(registered, undeclared, called, inCall)
    expect([path.state, path.reason, actor.kind, sideways]).toEqual([
      'missing',
      'federation not declared',
      'attributed',
      [],
    ])
  })

  it('R1.4 is at most inferred once the session had ended', async () => {
    const ended = event('session-ended', { time: '2026-11-23T05:20:00Z' })
    const { actor } = await chainOf(...told, ended, inCall)
    expect(actor).toMatchObject({ state: 'inferred', caveats: ['custody: session ended'] })
  })
})

describe('an agent that its owner retired', () => {
  const retired = (time: string): Given => event('agent-retired', { time })
  const used = [registered, signIn, attended, called]

  it('R1.4 is at most inferred in what is used after that', async () => {
    const { actor } = await chainOf(...used, retired('2026-11-23T05:29:00Z'), inCall)
    expect(actor).toMatchObject({ state: 'inferred', caveats: ['custody: account deleted'] })
  })

  it('R1.4 is proven before, and once it is registered again', async () => {
    expect((await chainOf(...used, retired('2026-11-23T05:31:00Z'), inCall)).actor.state).toBe('proven')
    const again = event('agent-registered', { id: 'again', time: '2026-11-23T05:29:30Z' })
    expect((await chainOf(...used, retired('2026-11-23T05:29:00Z'), again, inCall)).actor.state).toBe('proven')
  })
})

describe('a session of an account', () => {
  const ofAccount = event('session-attended', { 'data.agent': undefined, 'data.delegation': undefined, 'data.account': { id: 'svc', name: 'svc' } }) // prettier-ignore
  const read = event('secret-retrieved-by-an-agent', { 'data.session.id': 's-100', time: '2026-11-23T05:30:00Z' })

  it('R1.4 is of its person, proven while it lasts, and inferred once it had ended', async () => {
    expect((await chainOf(signIn, ofAccount, read)).actor).toMatchObject({ state: 'proven', caveats: [] })
    const ended = event('session-ended', { time: '2026-11-23T05:20:00Z' })
    const { path, actor } = await chainOf(signIn, ofAccount, ended, read)
    expect([path.state, actor]).toMatchObject(['proven', { state: 'inferred', caveats: ['custody: session ended'] }])
  })
})

describe('a secret that a tool server retrieved for an agent', () => {
  const served = event('session-of-a-tool-server')
  const retrieved = event('secret-retrieved-by-a-tool-server')
  const told = [registered, event('tool-server-registered'), signIn, attended, called, served]

  it('R1.7 R9.2 makes the server a principal and the call of the agent a link', async () => {
    const { path, actor } = await chainOf(...told, retrieved)
    expect([path.state, path.links.map(({ by }) => by)]).toEqual([
      'proven',
      ['login', 'delegation', 'login', 'federation'],
    ])
    expect(actor).toMatchObject({
      state: 'proven',
      principal: {
        key: 'tool-server:cloudevents/agents-prod:mcp-secrets',
        kind: 'workload',
        sponsor: { name: 'greta' },
      },
    })
  })

  it('R1.4 still names the server where the call is not on record', async () => {
    const { path, actor } = await chainOf(registered, served, retrieved)
    expect([path.state, path.reason, actor.state]).toEqual(['missing', 'gap in the source', 'proven'])
  })
})

describe('an account whose session a call of an agent began', () => {
  const call = event('tool-called-confirmed', { 'data.call.id': 'c-1' })
  const begunBy = (account: string): Given =>
    event('session-of-a-tool-server', { 'data.agent': undefined, 'data.session.id': 's-900', 'data.account': { id: account, name: account } }) // prettier-ignore
  const read = event('secret-retrieved-by-an-agent', { 'data.session.id': 's-900' })

  it('R1.4 R1.6 is not the person whom the agent served, who stands beside', async () => {
    const { path, actor, identity, sideways } = await chainOf(signIn, attended, call, begunBy('svc-backup'), read)
    expect([path.state, path.links.map(({ by }) => by)]).toEqual([
      'proven',
      ['login', 'delegation', 'login', 'federation'],
    ])
    expect(actor).toMatchObject({ state: 'missing', reason: 'identity not joined' })
    expect([identity?.account, sideways]).toMatchObject(['svc-backup', [{ role: 'behalf', name: 'greta' }]])
  })

  it('R1.6 names nobody where many hold the account', async () => {
    const { actor } = await chainOf(signIn, attended, call, begunBy('fleet-backup'), read)
    expect(actor).toMatchObject({ state: 'missing', reason: 'shared identity', shared: 'fleet-backup' })
  })

  it('R1.4 is nobody by a login at a vault either', async () => {
    const login = given(VAULT, 'login-jwt-run', {
      time: '2026-11-23T05:25:00Z',
      'auth.metadata': { session: 's-900' },
      'response.auth.metadata': { session: 's-900' },
      'auth.accessor': 'acc1',
      'response.auth.accessor': 'acc1',
    })
    const atVault = given(VAULT, 'read-kv2', { time: '2026-11-23T05:26:00Z', 'auth.accessor': 'acc1', 'request.client_token_accessor': 'acc1', 'request.remote_address': '127.0.20.31' }) // prettier-ignore
    const { path, actor } = await chainOf(signIn, attended, call, begunBy('svc-backup'), login, atVault)
    expect([path.state, actor]).toMatchObject(['proven', { state: 'missing', reason: 'identity not joined' }])
  })
})

describe('an autonomous agent', () => {
  const session = event('session-autonomous')
  const retrieved = event('secret-retrieved-by-an-agent')

  it('R9.1 is the actor, with its sponsor', async () => {
    const { path, actor } = await chainOf(session, retrieved)
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['login']])
    expect(actor).toMatchObject({ principal: { name: 'nightly', mode: 'autonomous', sponsor: { name: 'nora' } } })
  })

  it.each([
    ['tool-called-unconfirmed-crossing', 'none'],
    ['tool-called-confirmed-by-software', 'by software'],
    ['tool-called-confirmation-not-said', 'not recorded'],
  ])('R9.2 R1.8 has a finding where it left its trust boundary: %s', async (name, said) => {
    const crossing = event(name)
    const { fact, findings } = await chainOf(session, crossing)
    expect([fact.attributes['unconfirmedCrossing'], fact.attributes['confirmation']]).toEqual([true, said])
    expect(findings.map(({ kind }) => kind)).toEqual(['unconfirmed crossing'])
  })

  it('R9.2 has the finding in what was retrieved through the call, too', async () => {
    const through = event('secret-retrieved-in-a-call', { 'data.call.id': 'c-2', 'data.session.id': 's-200' })
    const { findings } = await chainOf(session, event('tool-called-unconfirmed-crossing'), through)
    expect(findings.map(({ kind }) => kind)).toEqual(['unconfirmed crossing'])
  })

  it('R9.2 has none where it stayed inside', async () => {
    const { fact, findings } = await chainOf(session, event('tool-called-inside-its-boundary'))
    expect([fact.attributes['unconfirmedCrossing'], findings]).toEqual([undefined, []])
  })

  it('R9.1 with the authority of a person is a finding', async () => {
    const borrowed = event('session-autonomous-for-a-person', { 'data.session.id': 's-200' })
    const { findings } = await chainOf(signIn, borrowed, retrieved)
    expect(findings.map(({ kind }) => kind)).toEqual(['human account used autonomously'])
  })

  it('R1.8 with a token that names another actor is a finding', async () => {
    const wrong = event('session-wrong-actor', { 'data.session.id': 's-200' })
    const { findings } = await chainOf(signIn, wrong, retrieved)
    expect(findings.map(({ kind }) => kind)).toContain('minted and standing keys contradict')
  })
})

describe('sessions that delegated to each other', () => {
  it('R1.9 end the walk with a cycle', async () => {
    const first = event('session-of-a-tool-server', { id: 'a', 'data.session.id': 's-1', 'data.parentCall': 'c-2' })
    const second = event('session-of-a-tool-server', { id: 'b', 'data.session.id': 's-2', 'data.parentCall': 'c-1' })
    const calls = [
      event('tool-called-confirmed', { id: 'c', 'data.call.id': 'c-1', 'data.session.id': 's-1' }),
      event('tool-called-confirmed', { id: 'd', 'data.call.id': 'c-2', 'data.session.id': 's-2' }),
    ]
    const { path } = await chainOf(first, second, ...calls, event('secret-retrieved-by-an-agent', { 'data.session.id': 's-1' })) // prettier-ignore
    expect([path.state, path.links.at(-1)?.words]).toEqual(['missing', 'the tokens made each other: a cycle'])
  })
})

describe('an agent that logs in to a vault', () => {
  const login = (metadata: Json): Given =>
    given(VAULT, 'login-jwt-run', {
      time: '2026-11-23T05:25:00Z',
      'auth.metadata': metadata,
      'response.auth.metadata': metadata,
      'auth.accessor': 'acc1',
      'response.auth.accessor': 'acc1',
    })
  const read = given(VAULT, 'read-kv2', { time: '2026-11-23T05:26:00Z', 'auth.accessor': 'acc1', 'request.client_token_accessor': 'acc1', 'request.remote_address': '127.0.20.31' }) // prettier-ignore

  it('R1.1 R1.7 is proven by the id of its session, through to the person it served', async () => {
    const { path, actor, sideways } = await chainOf(registered, signIn, attended, login({ session: 's-100' }), read)
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['login', 'federation', 'federation']])
    expect(actor).toMatchObject({ state: 'proven', principal: { kind: 'agent', name: 'release-writer' } })
    expect(sideways).toMatchObject([{ role: 'behalf', name: 'greta' }])
  })

  it('R1.4 is of a person at most inferred where an account’s session on the way had ended', async () => {
    const ofAccount = event('session-attended', { 'data.agent': undefined, 'data.delegation': undefined, 'data.account': { id: 'svc', name: 'svc' } }) // prettier-ignore
    const told = [signIn, ofAccount, login({ session: 's-100' })]
    expect((await chainOf(...told, read)).actor).toMatchObject({ state: 'proven', principal: { name: 'greta' } })
    const ended = event('session-ended', { time: '2026-11-23T05:25:30Z' })
    const { actor } = await chainOf(...told, ended, read)
    expect(actor).toMatchObject({ state: 'inferred', caveats: ['custody: session ended'] })
  })

  it('R1.4 by its id alone is proven as the agent; which session it was is inferred', async () => {
    const { path, actor } = await chainOf(registered, signIn, attended, login({ agent: 'agt-release-writer' }), read)
    expect([path.state, actor.state]).toEqual(['inferred', 'proven'])
  })

  it('R1.4 names nobody where the session is not on record', async () => {
    const { path, actor } = await chainOf(registered, login({ session: 's-999' }), read)
    expect([path.state, path.reason, actor.state]).toEqual(['missing', 'gap in the source', 'missing'])
  })
})

describe('an account of an in-house store', () => {
  it('R1.1 R1.7 is led back to the CI run whose token it showed', async () => {
    const { path } = await chainOf(event('session-of-a-job'), event('secret-retrieved'))
    expect([path.state, path.reason, path.links.at(-1)?.key]).toEqual([
      'missing',
      'source not connected',
      'ci-attempt:github/github.com:11900453035/1',
    ])
  })

  it('R1.6 with a credential that lasts ends the walk at the account', async () => {
    const { path, actor } = await chainOf(event('secret-retrieved-long-lived-account'))
    expect([path.state, actor]).toMatchObject(['proven', { reason: 'shared identity', shared: 'fleet-01' }])
  })

  it('R1.1 ends for its reader when the secret is rotated', async () => {
    const rotated = event('secret-rotated', { time: '2026-11-23T06:30:00Z' })
    const { end } = await chainOf(rotated, event('secret-retrieved-by-an-agent', { time: '2026-11-23T05:59:00Z' }))
    expect(end).toMatchObject({ state: 'proven', how: 'rotated' })
  })
})

describe('an event by whichever way', () => {
  const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
  const intake = { source: EVENTS, connector: connectorFor('cloudevents'), keys }
  const events = ['session-attended', 'tool-called-confirmed', 'secret-retrieved'].map((name) => event(name).text)
  const stored = (framed: readonly (Framed | undefined)[]): unknown[] =>
    framed.map((one) => prepareRecord(one!, { door: 'file', file: 'x', from: 0, to: 1 }, 0, intake))
  const framedOf = (text: string): Framed[] => {
    const framer = new Framer()
    return [...framer.push(Buffer.from(text)), ...framer.end('final')]
  }

  it('R1.9 is the same record: in a batch, in lines, in a message of its own', () => {
    const lines = stored(framedOf(events.join('\n')))
    expect(lines.every((one) => Object.hasOwn(one as object, 'record'))).toBe(true)
    expect(stored(framedOf(`[${events.join(',')}]`))).toEqual(lines)
    expect(stored(events.map((text) => frameWhole(Buffer.from(text))))).toEqual(lines)
  })
})
