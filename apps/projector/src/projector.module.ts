import { Inject, Injectable, Module, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common'
import type { Logger } from '@catena/platform'
import { INSTANCE, keepAccessIndex, LOGGER, type AccessIndexKeeper, type Instance } from '@catena/runtime'

/** Keeps the read models up with the ledger while the process lives. */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly keeper: AccessIndexKeeper

  constructor(@Inject(INSTANCE) instance: Instance, @Inject(LOGGER) logger: Logger) {
    this.keeper = keepAccessIndex(instance, (error) =>
      logger.error({ error }, 'the access index cannot be kept up; trying again'),
    )
  }

  onApplicationBootstrap(): void {
    this.keeper.start()
  }

  /** Resolves when the access index has read up to the position. */
  caughtUp(position: number): Promise<void> {
    return this.keeper.caughtUp(position)
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.keeper.stop()
  }
}

@Module({ providers: [Projector], exports: [Projector] })
export class ProjectorModule {}
