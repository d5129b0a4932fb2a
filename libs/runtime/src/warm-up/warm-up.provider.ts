import type { Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common'
import { LOGGER, READER } from '../instance.module.js'
import { Probes } from '../operations/probes.js'
import { needsWarmUp, readAhead } from './warm-up.js'

/** Warms a process up that answers questions; until then it answers them, and says that it is not ready. */
@Injectable()
export class WarmUp implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ended = new AbortController()
  private work: Promise<void> | undefined
  private isWarm = false

  constructor(
    @Inject(READER) private readonly reader: AccessReader,
    @Inject(LOGGER) private readonly logger: Logger,
    probes: Probes,
  ) {
    probes.hold(() => (this.isWarm ? undefined : 'it is warming up: it answers, more slowly than it will'))
  }

  /** Before anybody can ask: where there is little, the process is ready from its first moment. */
  async onApplicationBootstrap(): Promise<void> {
    const isNeeded = await needsWarmUp(this.reader).catch((error: unknown) => this.failed(error))
    if (isNeeded) this.work = this.run()
    else this.isWarm = true
  }

  private async run(): Promise<void> {
    const start = performance.now()
    try {
      const read = await readAhead(this.reader, this.ended.signal)
      this.logger.debug({ ...read, ms: Math.round(performance.now() - start) }, 'warmed up')
    } catch (error) {
      this.failed(error)
    } finally {
      this.isWarm = true
    }
  }

  private failed(error: unknown): false {
    this.logger.warn({ error }, 'the process could not be warmed up: its first answers are slower')
    return false
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ended.abort()
    await this.work
  }
}
