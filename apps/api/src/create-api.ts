import type { Callers } from '@catena/callers'
import type { Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { composed, type Instance } from '@catena/runtime'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { ApiModule } from './api.module.js'

export interface Api {
  /** Resolves with the address, e.g. `http://127.0.0.1:4600`. Rejects with EADDRINUSE where the port is taken. */
  listen(host: string, port: number): Promise<string>
  /** Answers what was asked, then closes. The instance and the reader stay open. */
  close(): Promise<void>
}

/** The API alone, around an instance that the caller opened. */
export async function createApi(shared: {
  readonly instance: Instance
  readonly reader: AccessReader
  readonly logger: Logger
  readonly callers: Callers
}): Promise<Api> {
  const app = await NestFactory.create<NestExpressApplication>(composed([ApiModule], shared), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  })
  return {
    listen: async (host, port) => {
      await app.listen(port, host)
      return app.getUrl()
    },
    close: () => app.close(),
  }
}
