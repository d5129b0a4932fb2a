import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { CannotStart } from './cannot-start.js'
import { freePort, isFree } from './free-port.js'
import { requireTraversable, serverAccount, serverBinary, serverEnvironment, type Account } from './postgres-host.js'
import { commandOf, isAlive } from './processes.js'

/** Longest wait for a server to accept connections; a crash recovery of a full WAL takes longest. */
const START_TIMEOUT_MS = 120_000
/** Longest wait for a clean stop. */
const STOP_TIMEOUT_MS = 30_000
const SERVER_USER = 'postgres'

/** A server of our own over one data folder. */
export interface PostgresServer {
  readonly pid: number
  readonly port: number
  /** Of the maintenance database. Contains the password. */
  readonly adminUrl: string
  urlOf(database: string): string
}

export interface PostgresFolder {
  /** Holds `cluster/`, `server.log` and `password`. */
  readonly folder: string
  /** Server settings beside the defaults, e.g. `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A sixth of the machine's memory, which others need too: the indexes that grow at random places want to lie in it, 3 GB of them at 10 million records. */
const SHARED_BUFFERS_MB = Math.round(Math.min(4_096, Math.max(128, totalmem() / 6 / 1_048_576)))

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: `${SHARED_BUFFERS_MB}MB`,
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  max_connections: '60',
  jit: 'off',
  lc_messages: 'C',
}

/** Starts the server, or finds the one that a killed process left behind on the same folder. */
export async function startPostgresServer(options: PostgresFolder): Promise<PostgresServer> {
  const folder = resolve(options.folder)
  const cluster = join(folder, 'cluster')
  const account = serverAccount()
  await mkdir(folder, { recursive: true })
  if (account) await requireTraversable(folder)
  const password = await readPassword(join(folder, 'password'))
  const running = await runningServer(folder)
  if (running && (await accepts(running.port, password))) return serverAt(running.pid, running.port, password)
  if (running) await stopProcess(running.pid)
  if (!existsSync(cluster)) await createCluster(folder, cluster, account)
  const port = await usualPort(cluster)
  const pid = launch(folder, cluster, port, { ...SETTINGS, ...options.settings }, account)
  await waitUntilReady(folder, pid, port, password)
  return serverAt(pid, port, password)
}

/** After a crash the port of before, where it is free, so that whoever was connected finds the server again. */
async function usualPort(cluster: string): Promise<number> {
  const before = (await readLockFile(cluster))?.port
  return before !== undefined && (await isFree(before)) ? before : freePort()
}

/** The server of a folder, whoever started it. */
export async function runningServer(folder: string): Promise<{ pid: number; port: number } | undefined> {
  const noted = await readLockFile(join(folder, 'cluster'))
  return noted !== undefined && isPostgres(noted.pid) ? noted : undefined
}

/** What the last server wrote at its start; it stays after a crash. */
async function readLockFile(cluster: string): Promise<{ pid: number; port: number } | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => undefined)
  const lines = text?.split('\n')
  const [pid, port] = [Number(lines?.[0]), Number(lines?.[3])]
  return Number.isInteger(pid) && pid > 0 && port > 0 ? { pid, port } : undefined
}

/** Ends open sessions, writes a checkpoint and waits for the end. */
export async function stopPostgresServer(folder: string): Promise<void> {
  const running = await runningServer(folder)
  if (running) await stopProcess(running.pid)
}

async function stopProcess(pid: number): Promise<void> {
  const deadline = Date.now() + STOP_TIMEOUT_MS
  process.kill(pid, 'SIGINT')
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new CannotStart(`the embedded PostgreSQL (process ${pid}) did not stop within ${STOP_TIMEOUT_MS / 1000} s`)
    await sleep(20)
  }
}

function serverAt(pid: number, port: number, password: string): PostgresServer {
  const urlOf = (database: string): string => `postgresql://${SERVER_USER}:${password}@127.0.0.1:${port}/${database}`
  return { pid, port, adminUrl: urlOf('postgres'), urlOf }
}

async function createCluster(folder: string, cluster: string, account: Account | undefined): Promise<void> {
  // Made aside and renamed, so that an interrupted initdb never looks like a cluster.
  const aside = `${cluster}.new`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { mode: 0o700 })
  if (account) {
    await chown(aside, account.uid, account.gid)
    await chown(join(folder, 'password'), account.uid, account.gid)
  }
  const flags = [
    `--pgdata=${aside}`,
    `--username=${SERVER_USER}`,
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ]
  await promisify(execFile)(serverBinary('initdb'), flags, { env: serverEnvironment(), cwd: aside, ...account })
  await rename(aside, cluster)
}

function launch(
  folder: string,
  cluster: string,
  port: number,
  settings: Readonly<Record<string, string>>,
  account: Account | undefined,
): number {
  const log = openSync(join(folder, 'server.log'), 'a', 0o600)
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  // Detached: a Ctrl-C in the terminal must reach Catena only, which then stops the server in order.
  const child = spawn(serverBinary('postgres'), ['-D', cluster, ...flags], {
    detached: true,
    stdio: ['ignore', log, log],
    env: serverEnvironment(),
    cwd: cluster,
    ...account,
  })
  child.on('error', () => undefined)
  child.unref()
  closeSync(log)
  if (child.pid === undefined) throw new CannotStart('the embedded PostgreSQL could not be started')
  return child.pid
}

async function waitUntilReady(folder: string, pid: number, port: number, password: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS
  while (Date.now() < deadline) {
    if (await accepts(port, password)) return
    if (!isPostgres(pid)) break
    await sleep(25)
  }
  const log = await readFile(join(folder, 'server.log'), 'utf8').catch(() => '')
  const lastLine = log.trimEnd().split('\n').at(-1) ?? ''
  throw new CannotStart(
    `the embedded PostgreSQL did not start; its log ${join(folder, 'server.log')} ends with: ${lastLine}`,
  )
}

async function accepts(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SERVER_USER,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

async function readPassword(file: string): Promise<string> {
  await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  return (await readFile(file, 'utf8')).trim()
}

function isPostgres(pid: number): boolean {
  return isAlive(pid) && (commandOf(pid) ?? SERVER_USER).startsWith('postgres')
}
