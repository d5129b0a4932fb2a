import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  connect,
  isAlive,
  migrateDatabase,
  readMigrations,
  startPostgresServer,
  type PostgresServer,
} from '@catena/platform'
import type pg from 'pg'
import { locked } from './locked.js'
import { noteUser, TEST_RUN } from './test-run.js'

/** A database of its own, with all migrations applied, on a server that the spec files of this checkout share. */
export interface TestPostgres {
  readonly databaseUrl: string
  /** Drops the database. The server ends by itself a while after the last test process. */
  stop(): Promise<void>
}

/** What a database holds when it is made. */
export interface Seed {
  /** Its own among all seeds: small letters, digits and `_`. */
  readonly name: string
  /** Fills a database that has all migrations, and leaves no connection to it. Called once in a run of the tests. */
  readonly fill: (databaseUrl: string) => Promise<void>
}

/** A lock that is older was left by a process that died. */
const LOCK_AGE_MAX_MS = 60_000

/** Nothing of these databases outlives the machine. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_connections: '200' }

/** A machine that stands still for some seconds is no server that is away. */
const CONNECT_SECONDS = 60

let databases = 0

/** Call it in `beforeAll` with a timeout of 60 s: the first call on a machine creates the cluster. */
export async function startTestPostgres(seed?: Seed): Promise<TestPostgres> {
  const folder = join(tmpdir(), `catena-test-${hash(fileURLToPath(import.meta.url)).slice(0, 12)}`)
  mkdirSync(folder, { recursive: true })
  const { server, migrated } = await joinServer(folder)
  const sow = (sown: Seed) => locked(join(folder, 'seeds', sown.name), () => prepareSeeded(server, migrated, sown))
  const template = seed === undefined ? migrated : await sow(seed)
  const name = `spec_${process.pid}_${++databases}_${Date.now()}`
  await admin(server, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const stop = async (): Promise<void> => {
    await admin(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  }
  return { databaseUrl: `${server.urlOf(name)}?connect_timeout=${CONNECT_SECONDS}`, stop }
}

/** A database with a connection to it. */
export interface TestClient extends TestPostgres {
  readonly client: pg.Client
}

/** The same as `startTestPostgres`, with one connection, which ends before the database goes. */
export async function startTestClient(): Promise<TestClient> {
  const postgres = await startTestPostgres()
  const client = await connect(postgres.databaseUrl, { applicationName: 'catena-test' })
  const stop = async (): Promise<void> => {
    await client.end()
    await postgres.stop()
  }
  return { ...postgres, client, stop }
}

async function joinServer(folder: string): Promise<{ server: PostgresServer; migrated: string }> {
  const unlock = await lock(folder)
  try {
    noteUser(folder, TEST_RUN)
    const server = await startPostgresServer({ folder, settings: SETTINGS })
    stopWhenUnused(folder, server)
    return { server, migrated: await prepareTemplate(server) }
  } finally {
    unlock()
  }
}

const LEDGER_TABLES = [
  ...['event', 'source_key', 'stream_head', 'lane', 'intake', 'quarantine', 'quarantine_release', 'webhook_delivery'],
  'event_archive',
]

/**
 * Empties the ledger behind the back of its triggers, which only a superuser can, once nobody is in the midst of anything. To delete
 * a few rows is quicker than to TRUNCATE, which makes new files for every table and index.
 */
export async function emptyLedger(databaseUrl: string): Promise<void> {
  const client = await connect(databaseUrl, { applicationName: 'catena-test' })
  try {
    await client.query(`SET session_replication_role = replica; BEGIN; LOCK TABLE ${LEDGER_TABLES.join(', ')};
      ${LEDGER_TABLES.map((table) => `DELETE FROM ${table};`).join(' ')}
      UPDATE ledger_head SET position = 0; COMMIT`)
  } finally {
    await client.end()
  }
}

async function prepareTemplate(server: PostgresServer): Promise<string> {
  const migrations = await readMigrations()
  const name = `template_${hash(migrations.map(({ name, checksum }) => name + checksum).join()).slice(0, 16)}`
  const client = await connect(server.adminUrl, { applicationName: 'catena-test' })
  try {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database')
    const existing = rows.map((row) => row.datname)
    for (const orphan of existing.filter(isOrphan)) await client.query(`DROP DATABASE IF EXISTS ${orphan} WITH (FORCE)`)
    if (existing.includes(name)) return name
    // Renamed when complete, so that a half-migrated template is never copied.
    const draft = `draft_${process.pid}`
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${draft}`)
    await migrateDatabase(server.urlOf(draft))
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`)
    return name
  } finally {
    await client.end()
  }
}

/** Renamed when full, as a migrated one. What was made with the code of this run, no other run takes. */
async function prepareSeeded(server: PostgresServer, migrated: string, { name, fill }: Seed): Promise<string> {
  const [seeded, draft] = [`seeded_${TEST_RUN}_${name}`, `draft_${process.pid}_${name}`]
  if ((await admin(server, `SELECT 1 FROM pg_database WHERE datname = '${seeded}'`)) > 0) return seeded
  await admin(server, `DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
  await admin(server, `CREATE DATABASE ${draft} TEMPLATE ${migrated}`)
  await fill(server.urlOf(draft))
  await admin(server, `ALTER DATABASE ${draft} RENAME TO ${seeded}`)
  return seeded
}

function isOrphan(database: string): boolean {
  const pid = /^(?:spec|draft|seeded)_(\d+)/.exec(database)?.[1]
  return pid !== undefined && !isAlive(Number(pid))
}

/** Rows that it returned or changed. */
async function admin(server: PostgresServer, sql: string): Promise<number> {
  const client = await connect(server.adminUrl, { applicationName: 'catena-test' })
  try {
    return (await client.query(sql)).rowCount ?? 0
  } finally {
    await client.end()
  }
}

/** A folder is made by one process only, so it serves as a lock that plain JavaScript can take too. */
async function lock(folder: string): Promise<() => void> {
  const path = join(folder, 'lock')
  for (;;) {
    try {
      mkdirSync(path)
      return () => rmdirSync(path)
    } catch {
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > LOCK_AGE_MAX_MS) rmSync(path, { recursive: true, force: true })
      await sleep(50)
    }
  }
}

/**
 * Jest's workers end without a last word, so a small process of its own watches their ids
 * and stops the server once none has been alive for ten seconds.
 */
const WATCHER = `
const fs = require('node:fs')
const [folder, pid] = process.argv.slice(1)
const users = folder + '/users'
const alive = (id) => { try { process.kill(Number(id), 0); return true } catch { return false } }
const used = () => fs.readdirSync(users).filter((id) => alive(id) || fs.rmSync(users + '/' + id, { force: true })).length > 0
let quiet = 0
const watch = setInterval(() => {
  if (!alive(pid)) process.exit(0)
  quiet = used() ? 0 : quiet + 1
  if (quiet < 10) return
  try { fs.mkdirSync(folder + '/lock') } catch { return }
  if (used()) return fs.rmdirSync(folder + '/lock')
  clearInterval(watch)
  process.kill(Number(pid), 'SIGINT')
  const stopped = () => !alive(pid) || !fs.existsSync(folder + '/cluster/postmaster.pid')
  setInterval(() => { if (stopped()) { fs.rmdirSync(folder + '/lock'); process.exit(0) } }, 50)
}, 1000)
`

function stopWhenUnused(folder: string, server: PostgresServer): void {
  const mark = join(folder, 'watched')
  const [watched, watcher] = existsSync(mark) ? readFileSync(mark, 'utf8').split(' ').map(Number) : []
  if (watched === server.pid && watcher !== undefined && isAlive(watcher)) return
  const child = spawn(process.execPath, ['-e', WATCHER, folder, String(server.pid)], {
    detached: true,
    stdio: 'ignore',
    cwd: dirname(folder),
  })
  child.unref()
  writeFileSync(mark, `${server.pid} ${child.pid ?? 0}`)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
