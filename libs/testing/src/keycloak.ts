import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '@catena/platform'
import { endWhenUnused } from './end-when-unused.js'
import { steadyPort } from './steady-port.js'

/** Two busy cores take 20 to 40 s. */
const START_TIMEOUT_MS = 180_000
const ADMIN = { username: 'admin', password: 'of-this-test-only' }

/** A real Keycloak in memory, on loopback. */
export interface TestKeycloak {
  readonly url: string
  /** `admin/realms/<path>` as an administrator. What was created answers with its id. Throws where Keycloak refuses. */
  admin<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T>
  /** The end of its server's log, for tests that fail. */
  log(): string
  stop(): void
}

/** Starts the Keycloak of a folder (`findKeycloak`), without realms but `master`. */
export async function startKeycloak(folder: string): Promise<TestKeycloak> {
  const [port, own] = [await steadyPort(), mkdtempSync(join(tmpdir(), 'catena-keycloak-'))]
  const url = `http://127.0.0.1:${port}`
  const pid = launch(folder, own, port)
  const until = Date.now() + START_TIMEOUT_MS
  while (!(await fetch(`${url}/realms/master`).then(({ ok }) => ok).catch(() => false))) {
    if (Date.now() > until || !isAlive(pid))
      throw new Error(`Keycloak did not start: ${logIn(own)}`)
    await sleep(250)
  } // prettier-ignore
  return {
    url,
    admin: (method, path, body) => askAdmin(url, method, path, body),
    log: () => logIn(own),
    stop: () => {
      process.kill(-pid, 'SIGKILL')
      rmSync(own, { recursive: true, force: true })
    },
  }
}

function logIn(folder: string): string {
  return readFileSync(join(folder, 'server.log'), 'utf8').slice(-4_000)
}

/** Its own process group, so that the shell script and its Java end together. */
function launch(folder: string, own: string, port: number): number {
  const log = openSync(join(own, 'server.log'), 'a')
  const flags = ['start-dev', '--db=dev-mem', `--http-port=${port}`, '--http-host=127.0.0.1', '--cache=local']
  const env = {
    ...process.env,
    KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.username,
    KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
    JAVA_OPTS_KC_HEAP: '-Xms64m -Xmx512m',
  }
  const child = spawn(join(folder, 'bin', 'kc.sh'), flags, { detached: true, stdio: ['ignore', log, log], env })
  child.unref()
  closeSync(log)
  const pid = child.pid ?? 0
  mkdirSync(join(own, 'users'))
  writeFileSync(join(own, 'users', String(process.pid)), '')
  endWhenUnused(own, -pid)
  return pid
}

async function askAdmin<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const token = await passwordToken(`${url}/realms/master`, { client_id: 'admin-cli', ...ADMIN })
  const response = await fetch(`${url}/admin/realms${path === '' ? '' : `/${path}`}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`Keycloak answered ${response.status} to ${method} ${path}: ${text}`)
  const created = response.headers.get('location')?.split('/').at(-1)
  return (text === '' ? { id: created } : JSON.parse(text)) as T
}

/** An access token by the person's own password, of a realm `<url>/realms/<name>`. */
export async function passwordToken(realm: string, given: Readonly<Record<string, string>>): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'password', scope: 'openid', ...given })
  const response = await fetch(`${realm}/protocol/openid-connect/token`, { method: 'POST', body: form })
  const { access_token: token, ...rest } = (await response.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`no token of ${realm}: ${JSON.stringify(rest)}`)
  return token
}
