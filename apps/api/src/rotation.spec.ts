/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off -- an answer has the shape of its query */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL_PERSON, makeToken, openCallers, openKeyFile, tokenDecider, tokenStream, type Callers, type KeyFile } from '@catena/callers' // prettier-ignore
import { handleCommand } from '@catena/ledger'
import { ACCESS_DEFAULTS, systemClock } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { post, startRecordedApi, type RecordedApi } from '../test/recorded-api.js'
import { createApi } from './create-api.js'

jest.setTimeout(60_000)

const [OLD, NEW] = ['0a', '0b'].map((byte) => byte.repeat(32)) as [string, string]
const folder = mkdtempSync(join(tmpdir(), 'catena-rotation-'))
const file = join(folder, 'keys')
let recorded: RecordedApi
let keys: KeyFile
let callers: Callers
let api: Awaited<ReturnType<typeof createApi>>
let url: string

beforeAll(async () => {
  recorded = await startRecordedApi()
  writeFileSync(file, OLD)
  keys = openKeyFile(file, Buffer.alloc(32, 7), ({ message }) => expect(message).toBe(''))
  const { instance, reader } = recorded.shared
  callers = openCallers({ pool: reader.pool, streams: instance.ledger, keys, clock: systemClock, access: ACCESS_DEFAULTS, env: {}, localToken: undefined }) // prettier-ignore
  api = await createApi({ ...recorded.shared, instance: { ...instance, callerKeys: keys }, callers })
  url = await api.listen('127.0.0.1', 0)
}, 120_000)
afterAll(async () => {
  keys.stop()
  await api.close()
  await recorded.stop()
  rmSync(folder, { recursive: true })
})

const exchange = (...lines: string[]): void => {
  writeFileSync(file, lines.join('\n'))
  keys.look()
}
const session = () => callers.sessions.begin({ ...LOCAL_PERSON, roles: ['auditor'] }, 60_000)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const bySession = (secret: string) => bearer(`catena_login_${secret}`)

async function issueToken(): Promise<string> {
  const { id, secret, text } = makeToken()
  const command = { type: 'IssueToken', id, name: 'script', owner: 'person:local', roles: ['auditor'], sources: [], givable: ['auditor'], expiresAt: Date.now() + 60_000, hash: keys.tokenHash(secret) } as const // prettier-ignore
  await handleCommand(recorded.ledger, tokenDecider, { stream: tokenStream(id), command, by: { actor: 'person:local', at: Date.now() } }) // prettier-ignore
  return text
}

const knows = async (headers: Record<string, string>): Promise<boolean> =>
  (await post(url, { query: '{ caller { id } }' }, headers)).data?.caller?.id !== undefined

async function page(headers: Record<string, string>, after?: string): Promise<string | undefined> {
  const more = after === undefined ? '' : `, after: "${after}"`
  const { data } = await post(url, { query: `{ evidence { credentials(first: 2${more}) { pageInfo { endCursor } } } }` }, headers) // prettier-ignore
  return data?.evidence?.credentials?.pageInfo?.endCursor as string | undefined
}

describe('keys that are exchanged while people and scripts work', () => {
  it('end no session, token or list under way, until the old one is taken out', async () => {
    const [person, script] = [bySession(await session()), bearer(await issueToken())]
    const cursor = await page(person)
    expect([await knows(person), await knows(script), cursor === undefined]).toEqual([true, true, false])

    exchange(NEW, OLD)
    expect([await knows(person), await knows(script)]).toEqual([true, true])
    expect(await page(person, cursor)).toBeDefined()
    const [later, laterScript] = [bySession(await session()), bearer(await issueToken())]
    const laterCursor = await page(later)

    exchange(NEW)
    expect([await knows(person), await knows(script), await page(later, cursor)]).toEqual([false, false, undefined])
    expect([await knows(later), await knows(laterScript)]).toEqual([true, true])
    expect(await page(later, laterCursor)).toBeDefined()
  })

  it('let a session under the old key be ended', async () => {
    exchange(OLD, NEW)
    const person = bySession(await session())
    exchange(NEW, OLD)
    await fetch(`${url}/logout`, { method: 'POST', headers: person })
    expect(await knows(person)).toBe(false)
  })
})
