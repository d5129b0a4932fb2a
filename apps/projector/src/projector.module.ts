import { Inject, Injectable, Module, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common'
import type { Logger } from '@catena/platform'
import type { ProjectionRunner } from '@catena/projections'
import { accessIndexRunner, INSTANCE, LOGGER, Probes, type Instance } from '@catena/runtime'

/** Keeps the read models up with the ledger while the process lives. */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runner: ProjectionRunner

  constructor(@Inject(INSTANCE) instance: Instance, @Inject(LOGGER) logger: Logger, probes: Probes) {
    this.runner = accessIndexRunner(instance, (error) =>
      logger.error({ error }, 'the access index cannot be kept up; trying again'),
    )
    probes.add(() => (this.runner.state.status === 'aside' ? this.runner.state.reason : undefined))
  }

  onApplicationBootstrap(): void {
    this.runner.start()
  }

  /** Resolves when the access index has read up to the position. */
  caughtUp(position: number): Promise<void> {
    return this.runner.caughtUp(position)
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.stop()
  }
}

@Module({ providers: [Projector], exports: [Projector] })
export class ProjectorModule {}
