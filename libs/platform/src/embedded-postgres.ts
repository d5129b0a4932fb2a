import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { makeDataFolder } from './data-folder.js'
import { connect, noteEmbedded } from './database.js'
import { endWithProcess } from './end-with-process.js'
import { FolderLocked, holderOf, lockFolder } from './folder-lock.js'
import { watchPostgresServer } from './postgres-server-watch.js'
import { startPostgresServer, stopPostgresServer, type PostgresServer } from './postgres-server.js'

const DATABASE = 'catena'

/** A running Catena as its data folder tells of it. */
export interface Instance {
  readonly pid: number
  /** Of the API, where the process has one. */
  readonly port?: number
  readonly databasePort: number
  /** Contains the password. */
  readonly databaseUrl: string
  /** The catena.yaml that it was started with, where there is one. */
  readonly configFile?: string
}

export interface EmbeddedPostgres {
  readonly databaseUrl: string
  readonly port: number
  /** Checkpoints, ends the server and frees the folder. */
  stop(): Promise<void>
}

/** The data folder belongs to another live process. One line: who, where, what to do. */
export class DataFolderInUse extends Error {
  constructor(
    readonly dataFolder: string,
    readonly pid: number,
    instance: Instance | undefined,
  ) {
    const ports = instance
      ? ` (${instance.port === undefined ? '' : `port ${instance.port}, `}database port ${instance.databasePort})`
      : ''
    super(`${dataFolder} is in use by process ${pid}${ports}: stop it first, or set CATENA_DATA to another folder`)
    this.name = 'DataFolderInUse'
  }
}

/**
 * Starts PostgreSQL in `<data>/postgres` with a database `catena`, holds the folder's lock, and writes `<data>/catena.json`
 * by which other processes of the same user find it. A server that a killed process left behind is taken over; one that dies is
 * started again on its port. It ends with this process, unless that is killed.
 * Throws DataFolderInUse.
 */
export async function startEmbeddedPostgres(options: {
  readonly dataFolder: string
  readonly port?: number
  readonly configFile?: string
}): Promise<EmbeddedPostgres> {
  const dataFolder = resolve(options.dataFolder)
  // As root the server runs as another user, which must be able to walk through, not to look around.
  const created = await makeDataFolder(dataFolder)
  if (created !== undefined) await chmod(dataFolder, 0o711)
  const unlock = await lock(dataFolder)
  const folder = join(dataFolder, 'postgres')
  const starting = serve(dataFolder, folder, options)
  const end = async (): Promise<void> => {
    const { watch } = await starting.catch(() => ({ watch: undefined }))
    await watch?.end()
    await stopPostgresServer(folder)
    await rm(instanceFile(dataFolder), { force: true })
    unlock()
  }
  const unbind = endWithProcess(end)
  const stop = (): Promise<void> => end().finally(unbind)
  try {
    const { databaseUrl, port } = await starting
    return { databaseUrl, port, stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}

async function serve(dataFolder: string, folder: string, { port, configFile }: Pick<Instance, 'port' | 'configFile'>) {
  const server = await startPostgresServer({ folder })
  await createDatabase(server)
  const databaseUrl = server.urlOf(DATABASE)
  await writeInstance(dataFolder, {
    pid: process.pid,
    ...(port === undefined ? {} : { port }),
    databasePort: server.port,
    databaseUrl,
    ...(configFile === undefined ? {} : { configFile: resolve(configFile) }),
  })
  noteEmbedded(databaseUrl, join(folder, 'server.log'))
  return { databaseUrl, port: server.port, watch: watchPostgresServer(folder, server) }
}

/** The Catena that runs on a data folder; undefined when none does. */
export async function findInstance(dataFolder: string): Promise<Instance | undefined> {
  const folder = resolve(dataFolder)
  if (!holderOf(lockFile(folder))) return undefined
  const instance = await readInstance(folder)
  if (instance !== undefined) noteEmbedded(instance.databaseUrl, join(folder, 'postgres', 'server.log'))
  return instance
}

async function lock(dataFolder: string): Promise<() => void> {
  try {
    return lockFolder(lockFile(dataFolder))
  } catch (error) {
    if (error instanceof FolderLocked) throw new DataFolderInUse(dataFolder, error.pid, await readInstance(dataFolder))
    throw error
  }
}

async function createDatabase(server: PostgresServer): Promise<void> {
  const client = await connect(server.adminUrl, { applicationName: 'catena-start', statementTimeoutMs: 0 })
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

async function readInstance(dataFolder: string): Promise<Instance | undefined> {
  try {
    return JSON.parse(await readFile(instanceFile(dataFolder), 'utf8')) as Instance
  } catch {
    return undefined
  }
}

async function writeInstance(dataFolder: string, instance: Instance): Promise<void> {
  const draft = `${instanceFile(dataFolder)}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(instance, undefined, 2)}\n`, { mode: 0o600 })
  await rename(draft, instanceFile(dataFolder))
}

function lockFile(dataFolder: string): string {
  return join(dataFolder, 'catena.lock')
}

function instanceFile(dataFolder: string): string {
  return join(dataFolder, 'catena.json')
}
