import 'reflect-metadata'
import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { loadLocalToken, openCallers, requireSafeDoor, type Callers } from '@catena/callers'
import {
  ACCESS_DEFAULTS,
  CannotStart,
  ConfigurationError,
  createLogger,
  DatabaseUnavailable,
  DataFolderInUse,
  findInstance,
  loadConfiguration,
  Metrics,
  onTermination,
  readSettings,
  requireFreePort,
  SchemaMismatch,
  systemClock,
  type Configuration,
  type Settings,
} from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { openReader } from './access.js'
import { guardServer, readTls } from './http-server.js'
import { openInstance, type Instance } from './instance.js'
import { InstanceModule } from './instance.module.js'
import { OperationsModule } from './operations/operations.module.js'

export type Part = Type | DynamicModule
type Environment = Readonly<Record<string, string | undefined>>

/** Parts of Catena at work in this process. */
export interface RunningProcess {
  readonly instance: Instance
  readonly app: INestApplication
  readonly callers: Callers
  /** `http://127.0.0.1:4600` */
  readonly url: string
  /** Unready, finish the batches, commit, drain, close. */
  stop(): Promise<void>
}

/** Opens the instance, starts parts around it and listens where the settings say. Stops again what it began where it fails. */
export async function startProcess(
  parts: readonly Part[],
  settings: Settings,
  env: Environment,
  options: { readonly configuration?: Configuration } = {},
): Promise<RunningProcess> {
  const logger = createLogger(settings.logLevel)
  await requirePort(settings)
  const configuration = options.configuration ?? (await loadConfiguration(settings, env))
  requireSafeDoor(settings, configuration.access ?? ACCESS_DEFAULTS)
  const tls = configuration.access?.tls
  const httpsOptions = tls === undefined ? undefined : readTls(tls)
  const metrics = new Metrics()
  const instance = await openInstance(settings, env, { configuration, api: true, metrics })
  if (instance.rolesByHand !== undefined) {
    logger.warn(
      { sql: instance.rolesByHand },
      'the database user may not make roles, so only triggers guard the ledger: have this run',
    )
  }
  const { reader, close } = openReader(instance)
  const end = async (): Promise<void> => {
    await close()
    await instance.close()
  }
  try {
    const callers = await callersOf(instance, reader.pool, env)
    const module = composed(parts, { instance, reader, logger, metrics, callers })
    const { app, leave } = await listen(module, instance, httpsOptions)
    const stop = (): Promise<void> => leave().then(end)
    return { instance, app, callers, url: await app.getUrl(), stop }
  } catch (error) {
    await end()
    throw error
  }
}

async function listen(
  module: DynamicModule,
  { settings, configuration }: Pick<Instance, 'settings' | 'configuration'>,
  httpsOptions: ReturnType<typeof readTls> | undefined,
): Promise<{ readonly app: INestApplication; readonly leave: () => Promise<void> }> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: false,
    abortOnError: false,
    // Each part reads its bodies itself: records are streamed, questions are small.
    bodyParser: false,
    ...(httpsOptions === undefined ? {} : { httpsOptions }),
  })
  const guarded = guardServer(app.getHttpServer(), configuration.access?.tls)
  const leave = async (): Promise<void> => {
    guarded.stop()
    await app.close()
  }
  try {
    await app.listen(settings.port, settings.host)
  } catch (error) {
    await leave()
    throw error
  }
  return { app, leave }
}

async function callersOf(
  { configuration, settings, ledger, callerKeys }: Instance,
  pool: AccessReader['pool'],
  env: Environment,
): Promise<Callers> {
  const access = configuration.access ?? ACCESS_DEFAULTS
  const localToken = access.provider === undefined ? await loadLocalToken(settings.dataFolder) : undefined
  return openCallers({ pool, streams: ledger, keys: callerKeys, clock: systemClock, access, env, localToken })
}

/** Asked before anything is made on disk. Who holds the same data folder is told by its lock, which says more. */
async function requirePort({ host, port, databaseUrl, dataFolder }: Settings): Promise<void> {
  if (databaseUrl === undefined && (await findInstance(dataFolder)) !== undefined) return
  await requireFreePort(host, port)
}

/** Runs parts until SIGTERM. `port`: where CATENA_PORT names none. */
export async function runParts(parts: readonly Part[], { port }: { readonly port: number }): Promise<void> {
  await orExplain(async () => {
    const settings = readSettings(process.env, process.cwd(), { port })
    const running = await startProcess(parts, settings, process.env)
    onTermination(() => running.stop())
    const sources = running.instance.configuration.sources.map(({ id }) => id)
    createLogger(settings.logLevel).info({ sources, url: running.url }, 'started')
  })
}

@Module({})
class CatenaModule {}

/** What the parts of one process share. */
export type Shared = Parameters<typeof InstanceModule.forRoot>[0] & { readonly metrics?: Metrics }

/** A module of these parts around one opened instance, with health and metrics. */
export function composed(parts: readonly Part[], shared: Shared): DynamicModule {
  return { module: CatenaModule, imports: [InstanceModule.forRoot(shared), OperationsModule.forRoot(shared), ...parts] }
}

/** Mistakes that a person can mend end the process with one clear line; anything else is a defect and shows where it happened. */
export async function orExplain(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    process.exitCode = 1
    setTimeout(() => process.exit(1), 1_000).unref()
  }
}

const MENDABLE = [CannotStart, ConfigurationError, DatabaseUnavailable, DataFolderInUse, SchemaMismatch]

export function explain(error: unknown): string {
  const { code, port, address, syscall } = (error ?? {}) as NodeJS.ErrnoException & { port?: number; address?: string }
  if (code === 'EADDRINUSE')
    return `port ${port ?? ''} is taken: stop what holds it, or choose another with CATENA_PORT`
  if (syscall === 'listen' && code === 'EACCES')
    return `this user may not listen on port ${port ?? ''}: choose one above 1023 with CATENA_PORT`
  if (syscall === 'listen' || syscall === 'getaddrinfo')
    return `nothing can listen on ${address ?? 'that address'} (${code ?? 'unknown reason'}): check CATENA_HOST`
  if (!(error instanceof Error)) return String(error)
  return MENDABLE.some((kind) => error instanceof kind) || error.name === 'LedgerUnavailable'
    ? error.message
    : (error.stack ?? error.message)
}
