import { spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { steadyPort } from '@catena/testing'
import type { VaultSide } from './revoke-story.js'

/** VAULT_BINARY, else where docs/remediation.md says. */
export const VAULT_BINARY = process.env['VAULT_BINARY'] ?? join(homedir(), '.cache', 'catena-test', 'vault', 'vault')
export const hasVault = existsSync(VAULT_BINARY)

export interface RealVault extends VaultSide {
  /** True: the token of this accessor is still good. */
  knows(accessor: string): Promise<boolean>
  readonly accessor: string
  readonly folder: string
  stop(): void
}

const POLICY =
  'path "secret/data/ledger" { capabilities = ["read"] } path "pki/issue/web" { capabilities = ["update"] }'
/** All that remediation needs. */
const REMEDIATION_POLICY = 'path "sys/leases/revoke/*" { capabilities = ["update"] } path "auth/token/revoke-accessor" { capabilities = ["update"] }' // prettier-ignore

/** A development server with a file audit device. */
export interface BareVault {
  readonly url: URL
  readonly folder: string
  readonly log: string
  readonly serverLog: string
  /** As root. */
  root(method: string, path: string, body?: object): Promise<Answer>
  /** With a token; '' for none. */
  call(token: string, method: string, path: string, body?: object): Promise<Answer>
  stop(): void
}

export async function startBareVault(): Promise<BareVault> {
  const folder = mkdtempSync(join(tmpdir(), 'catena-vault-'))
  const serverLog = join(folder, 'server.log')
  const port = await steadyPort()
  const url = new URL(`http://127.0.0.1:${port}`)
  const child: ChildProcess = spawn(
    VAULT_BINARY,
    ['server', '-dev', '-dev-root-token-id=root', `-dev-listen-address=127.0.0.1:${port}`],
    { stdio: ['ignore', openSync(serverLog, 'a'), openSync(serverLog, 'a')], env: { ...process.env, HOME: folder } },
  )
  const call = callerOf(url)
  for (let tries = 0; (await call('root', 'GET', 'sys/health').catch(() => undefined)) === undefined; tries++) {
    if (tries === 600) throw new Error('Vault did not start within a minute')
    await sleep(100)
  }
  const log = join(folder, 'audit.log')
  const root = (method: string, path: string, body?: object): Promise<Answer> => call('root', method, path, body)
  await root('POST', 'sys/audit/file', { type: 'file', options: { file_path: log, hmac_accessor: 'false' } })
  const stop = (): void => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, folder, log, serverLog, root, call, stop }
}

/** A development server in which ana has done what `VaultSide.before` says, with its audit log and a token that may revoke, and nothing else. */
export async function startRealVault(): Promise<RealVault> {
  const { url, folder, log, serverLog, root, call, stop } = await startBareVault()
  await root('POST', 'sys/policies/acl/ana', { policy: POLICY })
  await root('POST', 'sys/policies/acl/remediation', { policy: REMEDIATION_POLICY })
  await root('POST', 'sys/auth/userpass', { type: 'userpass' })
  await root('POST', 'auth/userpass/users/ana', { password: 'x', token_policies: 'ana' })
  await root('POST', 'sys/mounts/pki', { type: 'pki' })
  await root('POST', 'pki/root/generate/internal', { common_name: 'example.org' })
  await root('POST', 'pki/roles/web', {
    allowed_domains: 'example.org',
    allow_subdomains: true,
    generate_lease: true,
    ttl: '1h',
  })
  await root('POST', 'secret/data/ledger', { data: { k: 'v' } })
  const { auth: remediation } = await root('POST', 'auth/token/create', { policies: ['remediation'], period: '24h' })
  const { auth } = await call('', 'POST', 'auth/userpass/login/ana', { password: 'x' })
  await call(auth!.client_token, 'GET', 'secret/data/ledger')
  await call(auth!.client_token, 'POST', 'pki/issue/web', { common_name: 'a.example.org' })
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, remediation!.client_token, { mode: 0o600 })
  const before = join(folder, 'before.log')
  copyFileSync(log, before)
  return {
    url,
    tokenFile,
    before,
    now: Date.now(),
    after: async () => {
      await sleep(500)
      return [log, serverLog]
    },
    accessor: auth!.accessor,
    folder,
    knows: async (accessor) => (await root('POST', 'auth/token/lookup-accessor', { accessor })).status === 200,
    stop,
  }
}

export interface Answer {
  readonly status: number
  readonly auth?: { readonly client_token: string; readonly accessor: string } | null
}

function callerOf(url: URL) {
  return async (token: string, method: string, path: string, body?: object): Promise<Answer> => {
    const response = await fetch(new URL(`/v1/${path}`, url), {
      method,
      headers: token === '' ? {} : { 'x-vault-token': token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { ...(text === '' ? {} : (JSON.parse(text) as object)), status: response.status }
  }
}
