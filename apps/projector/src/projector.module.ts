import { Inject, Injectable, Module, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common'
import type { Logger } from '@catena/platform'
import { DecisionViewRunner, type AccessReader, type ProjectionRunner } from '@catena/projections'
import {
  accessIndexRunner,
  DECISION_VIEWS,
  governanceAside,
  INSTANCE,
  LOGGER,
  Probes,
  READER,
  type Instance,
} from '@catena/runtime'

/** Keeps the read models up with the ledger while the process lives. */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runner: ProjectionRunner
  private readonly decisions: DecisionViewRunner
  private readonly governance: ReturnType<typeof governanceAside>

  constructor(
    @Inject(INSTANCE) instance: Instance,
    @Inject(READER) reader: AccessReader,
    @Inject(LOGGER) logger: Logger,
    probes: Probes,
  ) {
    this.runner = accessIndexRunner(instance, (error) =>
      logger.error({ error }, 'the access index cannot be kept up; trying again'),
    )
    this.decisions = new DecisionViewRunner({
      views: DECISION_VIEWS,
      log: instance.ledger,
      databaseUrl: instance.databaseUrl,
      onError: (error) => logger.error({ error }, 'the views of decisions cannot be kept up; trying again'),
    })
    this.governance = governanceAside(instance, reader, logger)
    probes.add(() => (this.runner.state.status === 'aside' ? this.runner.state.reason : undefined))
  }

  onApplicationBootstrap(): void {
    this.runner.start()
    this.decisions.start()
    this.governance.start()
  }

  /** Resolves when the access index has read up to the position. */
  caughtUp(position: number): Promise<void> {
    return this.runner.caughtUp(position)
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.runner.stop(), this.decisions.stop(), this.governance.stop()])
  }
}

@Module({ providers: [Projector], exports: [Projector] })
export class ProjectorModule {}
