import 'reflect-metadata'
import { Module, type DynamicModule, type INestApplication, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import {
  ConfigurationError,
  createLogger,
  DatabaseUnavailable,
  DataFolderInUse,
  onTermination,
  readSettings,
  SchemaMismatch,
  type Configuration,
  type Settings,
} from '@catena/platform'
import { openReader } from './access.js'
import { openInstance, type Instance } from './instance.js'
import { InstanceModule } from './instance.module.js'

export type Part = Type | DynamicModule
type Environment = Readonly<Record<string, string | undefined>>

/** Parts of Catena at work in this process. */
export interface RunningProcess {
  readonly instance: Instance
  readonly app: INestApplication
  /** `http://127.0.0.1:4600`; undefined where the parts serve no HTTP. */
  readonly url: string | undefined
  /** Unready, finish the batches, commit, drain, close. */
  stop(): Promise<void>
}

/** Opens the instance and starts parts around it; with `http` it listens where the settings say. Stops again what it began where it fails. */
export async function startProcess(
  parts: readonly Part[],
  settings: Settings,
  env: Environment,
  options: { readonly http: boolean; readonly configuration?: Configuration },
): Promise<RunningProcess> {
  const logger = createLogger(settings.logLevel)
  const { configuration, http } = options
  const instance = await openInstance(settings, env, {
    ...(configuration === undefined ? {} : { configuration }),
    api: http,
  })
  if (instance.rolesByHand !== undefined) {
    logger.warn(
      { sql: instance.rolesByHand },
      'the database user may not make roles, so only triggers guard the ledger: have this run',
    )
  }
  const { reader, close } = openReader(instance)
  const app = await NestFactory.create<NestExpressApplication>(composed(parts, { instance, reader, logger }), {
    logger: false,
    abortOnError: false,
    // Each part reads its bodies itself: records are streamed, questions are small.
    bodyParser: false,
  })
  const stop = async (): Promise<void> => {
    await app.close()
    await close()
    await instance.close()
  }
  try {
    if (http) await app.listen(settings.port, settings.host)
    else await app.init()
  } catch (error) {
    await stop()
    throw error
  }
  return { instance, app, url: http ? await app.getUrl() : undefined, stop }
}

/** Runs parts until SIGTERM. */
export async function runParts(parts: readonly Part[], options: { readonly http: boolean }): Promise<void> {
  await orExplain(async () => {
    const settings = readSettings(process.env)
    const running = await startProcess(parts, settings, process.env, options)
    onTermination(() => running.stop())
    const sources = running.instance.configuration.sources.map(({ id }) => id)
    createLogger(settings.logLevel).info({ sources, url: running.url }, 'started')
  })
}

@Module({})
class CatenaModule {}

/** A module of these parts around one opened instance. */
export function composed(parts: readonly Part[], shared: Parameters<typeof InstanceModule.forRoot>[0]): DynamicModule {
  return { module: CatenaModule, imports: [InstanceModule.forRoot(shared), ...parts] }
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

const MENDABLE = [ConfigurationError, DatabaseUnavailable, DataFolderInUse, SchemaMismatch]

export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') {
    const port = (error as { port?: number }).port
    return `port ${port ?? ''} is taken: stop what holds it, or choose another with CATENA_PORT`
  }
  return MENDABLE.some((kind) => error instanceof kind) || error.name === 'LedgerUnavailable'
    ? error.message
    : (error.stack ?? error.message)
}
