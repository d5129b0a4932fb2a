import 'reflect-metadata'
import { Module, type DynamicModule, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  ConfigurationError,
  createLogger,
  DatabaseUnavailable,
  DataFolderInUse,
  onTermination,
  readSettings,
  SchemaMismatch,
} from '@catena/platform'
import { openReader } from './access.js'
import { openInstance } from './instance.js'
import { InstanceModule } from './instance.module.js'

type Part = Type | DynamicModule

/** Starts one part of Catena alone, without an HTTP server of its own, until SIGTERM. */
export async function runPart(part: Part): Promise<void> {
  await orExplain(async () => {
    const settings = readSettings(process.env)
    const logger = createLogger(settings.logLevel)
    const instance = await openInstance(settings, process.env)
    const { reader, close } = openReader(instance)
    const app = await NestFactory.createApplicationContext(composed([part], { instance, reader, logger }), {
      logger: false,
      abortOnError: false,
    })
    onTermination(async () => {
      await app.close()
      await close()
      await instance.close()
    })
    logger.info({ sources: instance.configuration.sources.map(({ id }) => id) }, 'started')
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
