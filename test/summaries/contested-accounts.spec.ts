import { followIndex, walkRetrievals, type Retrieval } from '@catena/governance'
import type { Json } from '@catena/domain'
import { connect } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { Parts } from '../siem/recorded-lines.js'
import { openFeedStage, type FeedStage } from '../siem/stage.js'
import { given, sourceOf, type Given } from '../walked-records.js'

type Changes = Readonly<Record<string, Json>>

const KEYCLOAK = sourceOf('keycloak')
const VAULT = sourceOf('vault', {
  federations: [{ mount: 'auth/jwt-ci/', issuer: { kind: 'keycloak', scope: KEYCLOAK.scope }, claims: { sid: 'session' } }], // prettier-ignore
})
const [GRETA, ADA] = ['1f0c5b7e-6f6d-4b3a-9f40-0c6f7d2a1b02', '1f0c5b7e-6f6d-4b3a-9f40-0c6f7d2a1b03'] as const
const [HERS, OTHERS] = ['0a1b2c3d-1111-4222-8333-444455556666', '0a1b2c3d-1111-4222-8333-444455557777'] as const
const ENTITY = '444bda5e-5bf7-4517-982c-bd6d1f2799e7'
const at = (time: string): string => `2026-11-23T${time}Z`

function signIn(session: string, user: string, name: string, time: string): Given {
  return given(KEYCLOAK, 'login', { time: Date.parse(at(time)), userId: user, sessionId: session, 'details.code_id': session, 'details.username': name }) // prettier-ignore
}

/** A login that is given a token of that name. */
function login(fixture: string, id: string, token: string, time: string, more: Changes = {}): Given {
  const told = { ...more, accessor: token, client_token: `hmac-sha256:${token.repeat(64)}` }
  const auth = Object.entries(told).flatMap(([name, value]) => [[`auth.${name}`, value], [`response.auth.${name}`, value]]) // prettier-ignore
  return given(VAULT, fixture, { ...(Object.fromEntries(auth) as Changes), time: at(time), 'request.id': id })
}

function read(token: string, time: string): Given {
  const [accessor, hashed] = [token, `hmac-sha256:${token.repeat(64)}`]
  const token_ = { 'auth.accessor': accessor, 'request.client_token_accessor': accessor, 'auth.client_token': hashed, 'request.client_token': hashed } // prettier-ignore
  return given(VAULT, 'read-kv2', { ...token_, time: at(time), 'auth.entity_id': ENTITY })
}

describe('what was read by a token that an account and a person may have made', () => {
  let stage: FeedStage
  let client: pg.Client
  let files: Parts

  beforeAll(async () => {
    const known = [
      signIn(HERS, GRETA, 'greta', '05:00:00'),
      login('login-userpass', 'l-1', 'a', '05:25:00', { entity_id: ENTITY }),
      login('login-jwt-run', 'l-2', 'a', '05:25:00', { metadata: { session: HERS } }),
      read('a', '05:25:10'),
    ]
    // So long after the sign-in that the clocks are judged as before.
    const late = [
      signIn(OTHERS, ADA, 'ada', '04:50:00'),
      login('login-jwt-run', 'l-3', 'b', '05:24:00', { metadata: { session: OTHERS }, entity_id: ENTITY }),
    ]
    files = new Parts([known, late].map((part) => part.map(({ source, text }) => ({ source, line: text }))))
    stage = await openFeedStage({ sources: [VAULT, KEYCLOAK], files: files.files })
    client = await connect(stage.databaseUrl, { applicationName: 'spec' })
  }, 120_000)
  afterAll(async () => {
    await client.end()
    await stage.close()
    files.remove()
  })

  async function told(part: string): Promise<{ rows: Retrieval[]; walked: Retrieval[] }> {
    await stage.feed([part])
    while ((await followIndex(client, stage)).more);
    const { rows } = await client.query<{ body: Retrieval }>('SELECT body FROM governance.retrieval ORDER BY fact_id')
    const asOf = await stage.reader.asOf()
    const { items } = await stage.reader.facts(asOf, {}, { limit: 10 })
    const walked = await walkRetrievals(stage.reader, asOf, items.map(({ item }) => item)) // prettier-ignore
    return { rows: rows.map(({ body }) => body), walked: JSON.parse(JSON.stringify(walked.map(({ retrieval }) => retrieval))) as Retrieval[] } // prettier-ignore
  }

  it('R1.6 is summed up anew when a late login of the entity tells whose the account is', async () => {
    const [first = '', second = ''] = files.names
    const before = await told(first)
    expect(before.rows.map(({ path, actor }) => [path.state, actor.state])).toEqual([['ambiguous', 'missing']])
    const { rows, walked } = await told(second)
    expect(walked.map(({ actor }) => actor.state)).toEqual(['ambiguous'])
    expect(rows).toEqual(walked)
  }, 60_000)
})
