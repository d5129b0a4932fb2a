import type { Json } from '@catena/domain'
import { afterEach, describe, expect, it } from '@jest/globals'
import { given, sourceOf, type Given } from '../walked-records.js'
import { staleIn } from './feed-and-walk.js'
import { Parts } from './recorded-lines.js'
import { openFeedStage, type FeedStage } from './stage.js'

type Changes = Readonly<Record<string, Json>>

const KEYCLOAK = sourceOf('keycloak')
const GRETA = '1f0c5b7e-6f6d-4b3a-9f40-0c6f7d2a1b02'
const [SESSION, OTHER] = ['0a1b2c3d-1111-4222-8333-444455556666', '0a1b2c3d-1111-4222-8333-444455557777'] as const
const at = (time: string): string => `2026-11-23T${time}Z`

function signIn(session: string, time: string): Given {
  const changes = { time: Date.parse(at(time)), userId: GRETA, sessionId: session, 'details.code_id': session, 'details.username': 'greta' } // prettier-ignore
  return given(KEYCLOAK, 'login', changes)
}

function tokenOf(name: string): string {
  return `hmac-sha256:${name.repeat(64)}`
}

function vaultOf(kind: 'keycloak' | 'cloudevents', scope: string) {
  const claims = kind === 'keycloak' ? { sid: 'session' } : { sid: 'session', sub: 'agent' }
  const vault = sourceOf('vault', { federations: [{ mount: 'auth/jwt-ci/', issuer: { kind, scope }, claims }] })
  /** A login that presents a session and is given a token of that name. */
  const login = (id: string, token: string, session: string, time: string): Given => {
    const told = { metadata: { session }, accessor: token, client_token: tokenOf(token) }
    const auth = Object.entries(told).flatMap(([name, value]) => [[`auth.${name}`, value], [`response.auth.${name}`, value]]) // prettier-ignore
    return given(vault, 'login-jwt-run', { ...(Object.fromEntries(auth) as Changes), time: at(time), 'request.id': id })
  }
  const read = (token: string, time: string): Given =>
    given(vault, 'read-kv2', {
      time: at(time),
      'auth.accessor': token,
      'request.client_token_accessor': token,
      'auth.client_token': tokenOf(token),
      'request.client_token': tokenOf(token),
      'request.remote_address': '127.0.20.31',
    })
  return { vault, login, read }
}

describe('what came through federated logins, told before something else came of them', () => {
  let stage: FeedStage
  let files: Parts
  afterEach(async () => {
    await stage.close()
    files.remove()
  })

  /** What the feed says otherwise than a walk, where these records came one part after the other. */
  async function staleAfter(...parts: readonly (readonly Given[])[]): Promise<unknown[]> {
    files = new Parts(parts.map((part) => part.map(({ source, text }) => ({ source, line: text }))))
    const sources = [...new Map(parts.flat().map(({ source }) => [source.id, source])).values()]
    stage = await openFeedStage({ sources, files: files.files })
    await stage.feed(files.names)
    const { chains, stale } = await staleIn(stage)
    expect(chains).toBeGreaterThan(0)
    return [...stale]
  }

  it('R8.1 is told anew for the clock of the login of an agent, whose session came from another login', async () => {
    const agents = sourceOf('cloudevents', { heartbeatSeconds: 7_200 })
    const { login, read } = vaultOf('cloudevents', 'agents-prod')
    const event = (name: string, changes: Changes = {}): Given => given(agents, name, changes)
    const ended = event('session-ended', { id: 'e-100', time: at('05:26:05'), 'data.session.id': 's-100' })
    const known = [
      event('agent-registered'),
      signIn(SESSION, '05:00:00'),
      event('session-attended'),
      login('l-1', 'a', 's-100', '05:25:00'),
      read('a', '05:26:00'),
      ended,
    ]
    // The vault saw a session 20 s before the runtime began it: its clock is behind, so that the other one was over when its token read.
    const began = event('session-attended', { id: 'e-300', time: at('05:40:00'), 'data.session.id': 's-300' })
    expect(await staleAfter(known, [began, login('l-3', 'b', 's-300', '05:39:40')])).toEqual([])
  }, 60_000)

  it('R8.1 is told anew for the clock behind each login that may have made a token', async () => {
    const { login, read } = vaultOf('keycloak', KEYCLOAK.scope)
    const signOut = given(KEYCLOAK, 'logout', { time: Date.parse(at('05:26:05')), userId: GRETA, sessionId: SESSION })
    const made = [login('l-1', 'a', SESSION, '05:25:00'), login('l-2', 'a', SESSION, '05:25:30')]
    const known = [signIn(SESSION, '05:00:00'), ...made, read('a', '05:26:00'), signOut]
    expect(await staleAfter(known, [signIn(OTHER, '05:40:00'), login('l-3', 'b', OTHER, '05:39:40')])).toEqual([])
  }, 60_000)

  it('R8.1 is told anew when all sessions of the issuer turn out to have been ended before', async () => {
    const { login, read } = vaultOf('keycloak', KEYCLOAK.scope)
    const known = [signIn(SESSION, '05:00:00'), login('l-1', 'a', SESSION, '05:10:00'), read('a', '05:26:00')]
    const everyone = given(KEYCLOAK, 'admin-everyone-logged-out', { time: Date.parse(at('05:20:00')) })
    expect(await staleAfter(known, [everyone])).toEqual([])
    const told = (await stage.events()).filter(({ content }) => content.kind === 'credential-retrieved')
    expect(told.map(({ content }) => content.actor?.state)).toEqual(['proven', 'inferred'])
  }, 60_000)
})
