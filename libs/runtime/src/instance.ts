import { hkdfSync } from 'node:crypto'
import { connectorFor } from '@catena/connectors'
import { deriveCallerKeys, openKeyFile, type CallerKeys } from '@catena/callers'
import { deriveIntakeKeys, type IntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import {
  createLogger,
  findInstance,
  loadConfiguration,
  loadInstallationKey,
  migrateDatabase,
  prepareRoles,
  startEmbeddedPostgres,
  type Configuration,
  type Metrics,
  type Settings,
} from '@catena/platform'
import type { Interpretation } from '@catena/projections'
import { requireSameKey } from './installation-check.js'
import { measureIntake } from './operations/measure-intake.js'

const KEY_BYTES = 32

/** What every process of one Catena shares: its database, its ledger, its sources and the keys of its intake. */
export interface Instance {
  readonly settings: Settings
  /** As the application: it can add to the ledger and change nothing there. */
  readonly databaseUrl: string
  /** As the owner of the tables: for migrations, archives and erasure. */
  readonly ownerUrl: string
  /** What a database administrator should run where the owner may not make roles; undefined: the walls stand. */
  readonly rolesByHand: string | undefined
  readonly configuration: Configuration
  readonly interpretation: Interpretation
  readonly ledger: PostgresLedger
  readonly keys: IntakeKeys
  readonly callerKeys: CallerKeys
  /** 32 secret bytes for a use, of the installation key; one use tells nothing of another. */
  keyFor(use: string): Buffer
  close(): Promise<void>
}

/**
 * Opens the instance that settings name: the database of DATABASE_URL, else an embedded one in the data folder, which this process then
 * holds until `close`. Applies missing migrations. Throws ConfigurationError, DataFolderInUse, DatabaseUnavailable, SchemaMismatch.
 */
export async function openInstance(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly configuration?: Configuration; readonly api?: boolean; readonly metrics?: Metrics } = {},
): Promise<Instance> {
  const configuration = options.configuration ?? (await loadConfiguration(settings, env))
  const database = await openDatabase(settings, options.api === true, configuration.file)
  try {
    await migrateDatabase(database.url)
    return await assemble(settings, configuration, database.url, database.stop, options.metrics)
  } catch (error) {
    await database.stop()
    throw error
  }
}

/**
 * Joins an instance from outside: the database of DATABASE_URL or of the process that runs on the data folder; where none runs, opens it
 * for as long as the caller needs it.
 */
export async function joinInstance(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Instance> {
  const running = await runningAt(settings)
  if (running === undefined) return openInstance(settings, env)
  const configuration = await configurationBeside(running, settings, env)
  return assemble(settings, configuration, running.databaseUrl, () => Promise.resolve())
}

/** What a command goes by: CATENA_CONFIG, else the file of the process that it joins, whose answers rest on it, else what is found as at a start. */
export async function joinedConfiguration(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Configuration> {
  return configurationBeside(await runningAt(settings), settings, env)
}

type Running = Awaited<ReturnType<typeof findInstance>>

async function runningAt({ databaseUrl, dataFolder }: Settings): Promise<Running> {
  return databaseUrl === undefined ? findInstance(dataFolder) : undefined
}

function configurationBeside(
  running: Running,
  { dataFolder, configFile = running?.configFile }: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Configuration> {
  return loadConfiguration({ dataFolder, configFile }, env)
}

async function openDatabase(
  settings: Settings,
  api: boolean,
  configFile: string | undefined,
): Promise<{ url: string; stop: () => Promise<void> }> {
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl, stop: () => Promise.resolve() }
  const embedded = await startEmbeddedPostgres({
    dataFolder: settings.dataFolder,
    ...(api ? { port: settings.port } : {}),
    ...(configFile === undefined ? {} : { configFile }),
  })
  return { url: embedded.databaseUrl, stop: () => embedded.stop() }
}

async function assemble(
  settings: Settings,
  configuration: Configuration,
  ownerUrl: string,
  stop: () => Promise<void>,
  metrics?: Metrics,
): Promise<Instance> {
  const { databaseUrl, byHand } = await prepareRoles(ownerUrl)
  const installationKey = await loadInstallationKey(settings.installationKeyFile)
  await requireSameKey(databaseUrl, installationKey, settings.installationKeyFile)
  const keys = deriveIntakeKeys(installationKey)
  const ledger = new PostgresLedger({
    databaseUrl,
    ...(metrics === undefined ? {} : { onAppended: measureIntake(metrics, configuration.sources) }),
  })
  const callerKeys = callerKeysOf(settings, configuration, installationKey)
  const close = async (): Promise<void> => {
    callerKeys.stop?.()
    await ledger.close()
    await stop()
  }
  return {
    settings,
    databaseUrl,
    ownerUrl,
    rolesByHand: byHand,
    configuration,
    ledger,
    keys,
    callerKeys,
    keyFor: (use) => Buffer.from(hkdfSync('sha256', installationKey, '', `catena ${use}`, KEY_BYTES)),
    close,
    interpretation: { sources: configuration.sources, connectorFor },
  }
}

function callerKeysOf(
  { logLevel }: Settings,
  { access }: Configuration,
  installationKey: Buffer,
): CallerKeys & { stop?(): void } {
  if (access?.keysFile === undefined) return deriveCallerKeys(installationKey)
  return openKeyFile(access.keysFile, installationKey, ({ message }) =>
    createLogger(logLevel).error({ message }, 'keys of callers stay as they were'),
  )
}
