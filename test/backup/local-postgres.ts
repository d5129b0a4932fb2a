import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { steadyPort } from '@catena/testing'

const ROOT = '/usr/lib/postgresql'
const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql']

/** A PostgreSQL server of the machine's own packages, with the client programs of the same version; empty. */
export interface LocalPostgres {
  readonly version: string
  readonly url: string
  /** Runs one of its client programs. */
  run(program: 'pg_dump' | 'pg_restore' | 'psql', args: readonly string[]): void
  stop(): Promise<void>
}

/** The folder of the newest version whose server and client programs are all here; pg_dump refuses servers that are newer than itself. */
export function localPostgresFolder(): string | undefined {
  if (!existsSync(ROOT)) return undefined
  const folders = readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)).map((version) => join(ROOT, version, 'bin')) // prettier-ignore
  return folders.find((folder) => PROGRAMS.every((program) => existsSync(join(folder, program))))
}

export async function startLocalPostgres(programs: string): Promise<LocalPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'catena-backup-server-'))
  const cluster = join(folder, 'cluster')
  mkdirSync(cluster, { mode: 0o700 })
  // A server refuses to run as root.
  const account = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined
  if (account !== undefined) {
    chmodSync(folder, 0o711)
    chownSync(cluster, account.uid, account.gid)
  }
  const program = (name: string): string => join(programs, name)
  execFileSync(program('initdb'), ['-D', cluster, '-U', 'catena', '--auth=trust', '--encoding=UTF8', '--locale=C'], {
    stdio: 'ignore',
    cwd: cluster,
    ...account,
  })
  const port = await steadyPort()
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
  const server = spawn(program('postgres'), ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])], {
    stdio: 'ignore',
    cwd: cluster,
    ...account,
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const url = `postgresql://catena@127.0.0.1:${port}/catena`
  const run: LocalPostgres['run'] = (name, args) =>
    void execFileSync(program(name), args, { stdio: ['ignore', 'ignore', 'pipe'] })
  while (!tries(() => run('psql', ['-c', 'CREATE DATABASE catena', url.replace(/catena$/, 'postgres')])))
    await sleep(50)
  return {
    version: execFileSync(program('postgres'), ['--version']).toString().trim(),
    url,
    run,
    stop: async () => {
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function tries(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres']).toString())
}
