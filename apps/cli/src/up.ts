import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { createLogger, loadConfiguration, type Configuration, type Settings } from '@catena/platform'
import { composed, openInstance, openReader, type Instance } from '@catena/runtime'
import { ApiModule } from '../../api/src/api.module.js'
import { IngestModule } from '../../ingest/src/ingest.module.js'
import { Projector, ProjectorModule } from '../../projector/src/projector.module.js'

/** A whole Catena in this process. */
export interface Running {
  readonly instance: Instance
  readonly projector: Projector
  /** `http://127.0.0.1:4600`. */
  readonly url: string
  /** Unready, finish the batches, commit, drain, close. */
  stop(): Promise<void>
}

/** Starts database, ingest, projector and API in one process, and listens. */
export async function startAll(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  given?: Configuration,
): Promise<Running> {
  const logger = createLogger(settings.logLevel)
  const configuration = given ?? (await loadConfiguration(settings, env))
  const instance = await openInstance(settings, env, { configuration, api: true })
  const { reader, close } = openReader(instance)
  const parts = [ProjectorModule, IngestModule, ApiModule]
  const app = await NestFactory.create<NestExpressApplication>(composed(parts, { instance, reader, logger }), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  })
  const stop = async (): Promise<void> => {
    await app.close()
    await close()
    await instance.close()
  }
  try {
    await app.listen(settings.port, settings.host)
  } catch (error) {
    await stop()
    throw error
  }
  return { instance, projector: app.get(Projector), url: await app.getUrl(), stop }
}
