import { summariesOf } from '@catena/governance'
import { openAccessReader } from '@catena/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const T0 = Date.parse('2026-03-01T10:00:00Z')
const KV = { mount_type: 'kv', mount_point: 'secret/', mount_accessor: 'kv_1' }
const SECOND = 1_000

function hashOf(token: string): string {
  return `hmac-sha256:${token.slice(0, 1).repeat(64)}`
}

let requests = 0
/** One request by a token; the answer too, unless it was never seen. */
function asked(at: number, token: string, request: object, answer?: object): string[] {
  requests += 1
  const auth = { accessor: token, display_name: 'userpass-ana', entity_id: 'e-ana', token_type: 'service' }
  const half = { time: new Date(T0 + at * SECOND).toISOString(), auth, request: { id: `r-${requests}`, ...request } }
  return [{ ...half, type: 'request' }, ...(answer === undefined ? [] : [{ ...half, type: 'response', response: answer }])].map((one) => JSON.stringify(one)) // prettier-ignore
}

function logsIn(at: number, token: string): string[] {
  const auth = { accessor: token, client_token: hashOf(token), display_name: 'userpass-ana', entity_id: 'e-ana', token_type: 'service', token_ttl: 60, metadata: { username: 'ana' } } // prettier-ignore
  const request = { id: `l-${token}`, operation: 'update', path: 'auth/userpass/login/ana', mount_type: 'userpass', mount_point: 'auth/userpass/' } // prettier-ignore
  return [JSON.stringify({ time: new Date(T0 + at * SECOND).toISOString(), type: 'response', request, response: { auth } })] // prettier-ignore
}

const reads = (path: string) => ({ ...KV, operation: 'read', path: `secret/data/${path}` })
const revokes = (token: string) => ({ operation: 'update', path: 'auth/token/revoke', data: { token: hashOf(token) } })
const [UNSEEN, OVERDUE, ENDED] = ['a', 'b', 'c'].map((one) => one.repeat(24)) as [string, string, string]
const VALUE = { data: { metadata: { version: 1 } } }

let vault: VaultHistory
beforeAll(async () => {
  vault = await openVaultHistory([
    ...[UNSEEN, OVERDUE, ENDED].flatMap((token, index) => logsIn(index, token)),
    ...asked(5, OVERDUE, reads('app'), VALUE),
    ...asked(6, ENDED, reads('app'), VALUE),
    // Whether this one was answered is on no record.
    ...asked(7, UNSEEN, reads('app')),
    ...asked(8, UNSEEN, reads('other')),
    ...asked(20, ENDED, revokes(ENDED), {}),
    ...asked(900, 'd'.repeat(24), revokes(OVERDUE), {}),
  ])
}, 120_000)
afterAll(() => vault.close())

async function openOf(path: string) {
  const { rows } = await vault.reader.pool.query<{ id: string }>(`SELECT replace(credential::text, '-', '') AS id FROM access_credential WHERE path = $1`, [path]) // prettier-ignore
  const credential = rows[0]?.id ?? ''
  const [summary] = (await summariesOf(vault.reader.pool, [credential])).get(credential) ?? []
  const { name = '', reason = '' } = summary?.accessor ?? {}
  return openAccessReader(vault.reader).openOf({
    credential,
    accessor: { kind: 'unknown', reason: `${name}: ${reason}` },
  })
}

describe('what is open of an access', () => {
  it('R6.5 has a token whose read is recorded without its answer, with what else it perhaps read, and one that perhaps ended', async () => {
    const { tokens } = await openOf('app')
    const open = tokens.map(({ accessor, alsoReads }) => [accessor, alsoReads])
    expect(open.sort()).toEqual([
      [UNSEEN, ['secret/other']],
      [OVERDUE, []],
    ])
  })
})
