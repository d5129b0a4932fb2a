import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { OutsideFailed } from '@catena/platform'
import type { OrderSlip } from '../action.js'
import { csvFileReceiver } from './csv-file.js'
import { githubCarrier } from './github.js'
import { keycloakCarrier } from './keycloak.js'
import { vaultCarrier } from './vault.js'
import { webhookReceiver } from './webhook.js'

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, unknown>
  readonly body: string
}

/** A fake of the systems: it says again what Vault 1.21, Keycloak 26.4 and GitHub were seen to answer. */
const ANSWERS: Record<string, [status: number, body?: unknown]> = {
  'POST /v1/sys/leases/revoke/pki/issue/web/1': [204],
  'POST /v1/auth/token/revoke-accessor': [204],
  'DELETE /v1/auth/approle/role/pay': [403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] }],
  'POST /realms/acme/protocol/openid-connect/token': [200, { access_token: 'short-lived' }],
  'GET /admin/realms/acme/groups?search=payments&exact=true': [200, [{ id: 'top', name: 'finance', subGroups: [{ id: 'g-1', name: 'payments', subGroups: [] }] }]],
  'GET /admin/realms/acme/groups?search=nobody&exact=true': [200, []],
  'GET /admin/realms/acme/groups?search=twice&exact=true': [200, [{ id: 'a', name: 'twice', path: '/twice' }, { id: 'f', name: 'f', path: '/f', subGroups: [{ id: 'b', name: 'twice', path: '/f/twice' }] }]],
  'DELETE /admin/realms/acme/users/u-1/groups/b': [204],
  'DELETE /admin/realms/acme/users/u-1/groups/g-1': [204],
  'GET /admin/realms/acme/clients?clientId=deploy': [200, [{ id: 'c-1', clientId: 'deploy', enabled: true, secret: 'in-clear' }]],
  'PUT /admin/realms/acme/clients/c-1': [204],
  'DELETE /repos/acme/deploy/actions/secrets/KEY': [204],
  'DELETE /repos/acme/hidden/actions/secrets/KEY': [404, { message: 'Not Found' }],
  'POST /orders': [202],
} // prettier-ignore

const signal = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'catena-remediation-'))
const secretFile = join(folder, 'secret')
let server: Server
let base: URL
let seen: Seen[]
let answers: typeof ANSWERS

beforeAll(async () => {
  writeFileSync(secretFile, 'hush\n')
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      seen.push({ method, path, headers, body })
      const [status, answer] = answers[`${method} ${path}`] ?? [500, 'this fake does not know it']
      response
        .writeHead(status)
        .end(typeof answer === 'string' ? answer : answer === undefined ? '' : JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
beforeEach(() => {
  seen = []
  answers = { ...ANSWERS }
})
afterAll(() => {
  rmSync(folder, { recursive: true })
  server.closeAllConnections()
  server.close()
})

const vault = () =>
  vaultCarrier({ id: 'v', kind: 'vault', url: base, actsOn: 'vault/prod', tokenFile: secretFile, namespace: 'team', allow: [], gives: [] }) // prettier-ignore
const keycloak = () =>
  keycloakCarrier({ id: 'k', kind: 'keycloak', url: base, scope: 'acme', realm: 'acme', clientId: 'catena', clientSecretFile: secretFile, allow: [], gives: [] }) // prettier-ignore
const github = () => githubCarrier({ id: 'g', kind: 'github', url: base, tokenFile: secretFile, allow: [], gives: [] })

describe('Vault', () => {
  it('R6.5 is asked to end a lease and a token, with its own token and namespace', async () => {
    expect(await vault().carryOut({ do: 'revoke-lease', lease: 'pki/issue/web/1' }, signal)).toBe('Vault took it')
    await vault().carryOut({ do: 'revoke-accessor', accessor: 'Acc' }, signal)
    expect(seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ sync: true }, { accessor: 'Acc' }])
    expect(seen[0]?.headers).toMatchObject({ 'x-vault-token': 'hush', 'x-vault-namespace': 'team' })
  })

  it('says so when it no longer knows a token, as after the same order was cut off', async () => {
    answers['POST /v1/auth/token/revoke-accessor'] = [200, { warnings: ['No token found with this accessor'] }]
    expect(await vault().carryOut({ do: 'revoke-accessor', accessor: 'A' }, signal)).toBe('Vault no longer knows it')
  })

  it('that refuses has not done it, and no secret is told', async () => {
    const refused = vault().carryOut({ do: 'delete-role', role: 'auth/approle/role/pay' }, signal)
    await expect(refused).rejects.toThrow(/^Vault answered 403 .*permission denied/)
    await expect(refused).rejects.not.toThrow(/hush/)
  })

  it('is asked for no lease that climbs out of its path', async () => {
    await expect(vault().carryOut({ do: 'revoke-lease', lease: '../../seal' }, signal)).rejects.toThrow('is no lease')
    expect(seen).toEqual([])
  })

  it.each(['sys/seal', 'auth/../sys/mounts/role/x', 'auth/approle/role/../../x', 'auth/token/create'])('is never asked to delete %s', async (role) => {
    await expect(vault().carryOut({ do: 'delete-role', role }, signal)).rejects.toThrow('is no role of an auth method')
    expect(seen).toEqual([])
  }) // prettier-ignore
})

describe('Keycloak', () => {
  it('R6.5 takes a person out of a group, also of one inside another', async () => {
    const done = await keycloak().carryOut({ do: 'remove-from-group', user: 'u-1', group: 'payments' }, signal)
    expect(done).toBe('Keycloak took the user out of payments')
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE', headers: { authorization: 'Bearer short-lived' } })
  })

  it('disables a client and leaves the rest of it as it is', async () => {
    await keycloak().carryOut({ do: 'disable-client', client: 'deploy' }, signal)
    expect(JSON.parse(seen.at(-1)?.body ?? '')).toEqual({ id: 'c-1', clientId: 'deploy', enabled: false })
  })

  it('is never asked to take out of a group of which there are several, unless by its path', async () => {
    const of = (group: string) => keycloak().carryOut({ do: 'remove-from-group', user: 'u-1', group }, signal)
    await expect(of('twice')).rejects.toThrow('Keycloak has several groups twice: name the path of one, as in /twice')
    expect(seen.some(({ method }) => method === 'DELETE')).toBe(false)
    await of('/f/twice')
    expect(seen.at(-1)?.path).toBe('/admin/realms/acme/users/u-1/groups/b')
  })

  it.each<[string, unknown]>([
    ['POST /realms/acme/protocol/openid-connect/token', '<html>sign in to the network</html>'],
    ['POST /realms/acme/protocol/openid-connect/token', { token_type: 'Bearer' }],
    ['GET /admin/realms/acme/clients?clientId=deploy', '[{"id":"c-1","secret":"in-clear"'],
    ['GET /admin/realms/acme/clients?clientId=deploy', { error: 'none' }],
  ])('R6.5 whose place something else takes and answers 200 to %s has failed, and nothing of it is told', async (question, answer) => {
    answers = { ...answers, [question]: [200, answer] }
    const done = keycloak().carryOut({ do: 'disable-client', client: 'deploy' }, signal)
    await expect(done).rejects.toBeInstanceOf(OutsideFailed)
    await expect(done).rejects.not.toThrow(/in-clear|html/)
  }) // prettier-ignore

  it('R6.5 that answers without an end has failed, and it says so', async () => {
    answers = { ...answers, 'GET /admin/realms/acme/clients?clientId=deploy': [200, 'x'.repeat(5 * 1024 * 1024)] }
    const done = keycloak().carryOut({ do: 'disable-client', client: 'deploy' }, signal)
    await expect(done).rejects.toThrow('Keycloak answered with more than is read')
  })

  it('without such a group has done nothing', async () => {
    await expect(
      keycloak().carryOut({ do: 'remove-from-group', user: 'u-1', group: 'nobody' }, signal),
    ).rejects.toThrow('Keycloak has no group nobody')
  })
})

describe('GitHub', () => {
  it('R6.5 deletes a secret; what the token may not see counts as not done', async () => {
    await github().carryOut({ do: 'delete-secret', repository: 'acme/deploy', secret: 'KEY' }, signal)
    await expect(
      github().carryOut({ do: 'delete-secret', repository: 'acme/hidden', secret: 'KEY' }, signal),
    ).rejects.toThrow('GitHub answered 404')
  })
})

describe('a system that cannot be used', () => {
  it('is named with what to do: unreachable, redirecting, without its secret', async () => {
    const closed = vaultCarrier({ id: 'v', kind: 'vault', url: new URL('http://127.0.0.1:9'), actsOn: '', tokenFile: secretFile, namespace: undefined, allow: [], gives: [] }) // prettier-ignore
    await expect(closed.carryOut({ do: 'revoke-lease', lease: 'l' }, signal)).rejects.toThrow('127.0.0.1:9 cannot be reached') // prettier-ignore
    answers['POST /v1/sys/leases/revoke/l'] = [307]
    await expect(vault().carryOut({ do: 'revoke-lease', lease: 'l' }, signal)).rejects.toThrow(/answered 307|cannot be reached/) // prettier-ignore
    const nameless = githubCarrier({ id: 'g', kind: 'github', url: base, tokenFile: join(folder, 'none'), allow: [], gives: [] }) // prettier-ignore
    await expect(nameless.carryOut({ do: 'delete-secret', repository: 'a/b', secret: 'K' }, signal)).rejects.toThrow(
      'is empty or cannot be read',
    )
  })
})

describe('whoever takes orders over', () => {
  const slip: OrderSlip = {
    id: 'i/3', item: 'i', campaign: 'c', outcome: 'revoke', accessor: '=HYPERLINK("x")', credential: 'd', system: 'vault/prod', path: 'secret/a "b"', dueAt: Date.UTC(2026, 0, 2), why: 'the right stands',
  } // prettier-ignore

  it('gets a signed order by webhook, with an id that tells a repetition', async () => {
    await webhookReceiver({ id: 't', kind: 'webhook', url: new URL('/orders', base), secretFile }).handOver(
      slip,
      signal,
    )
    const [{ headers, body } = seen[0]!] = seen
    expect(headers['catena-signature']).toBe(`sha256=${createHmac('sha256', 'hush').update(body).digest('hex')}`)
    expect(headers['idempotency-key']).toBe('i/3')
    expect(JSON.parse(body)).toMatchObject({ type: 'remediation-order', id: 'i/3', dueAt: '2026-01-02T00:00:00.000Z' })
  })

  it('gets it signed by the first secret of the file as it is at that moment, so that it can be exchanged', async () => {
    const own = join(folder, 'exchanged')
    const receiver = webhookReceiver({ id: 't', kind: 'webhook', url: new URL('/orders', base), secretFile: own })
    writeFileSync(own, 'old')
    await receiver.handOver(slip, signal)
    writeFileSync(own, 'new\nold\n')
    await receiver.handOver(slip, signal)
    const signed = (secret: string, at: number) => `sha256=${createHmac('sha256', secret).update(seen[at]?.body ?? '').digest('hex')}`
    expect(seen.map(({ headers }) => headers['catena-signature'])).toEqual([signed('old', 0), signed('new', 1)])
  }) // prettier-ignore

  it('gets a line of CSV that no spreadsheet takes for a formula', async () => {
    const receiver = csvFileReceiver({ id: 's', kind: 'csv', folder: join(folder, 'orders') })
    await receiver.handOver(slip, signal)
    await receiver.handOver({ ...slip, id: 'i/4' }, signal)
    const lines = readFileSync(join(folder, 'orders', 'remediation-orders.csv'), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")","vault/prod","secret/a ""b"""`)
  })
})
