import { Inject, Injectable, Module, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common'
import type { Logger } from '@catena/platform'
import { DecisionViewRunner, MentionTeller, type AccessReader, type ProjectionRunner } from '@catena/projections'
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
  private readonly teller: MentionTeller
  private readonly runner: ProjectionRunner
  private readonly decisions: DecisionViewRunner
  private readonly governance: ReturnType<typeof governanceAside>

  constructor(
    @Inject(INSTANCE) private readonly instance: Instance,
    @Inject(READER) private readonly reader: AccessReader,
    @Inject(LOGGER) private readonly logger: Logger,
    probes: Probes,
  ) {
    this.teller = new MentionTeller(instance.databaseUrl)
    this.runner = accessIndexRunner(
      instance,
      (error) => logger.error({ error }, 'the access index cannot be kept up; trying again'),
      (stretch) => this.teller.tell(stretch),
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
    this.sumClocks().catch((error: unknown) =>
      this.logger.debug({ error }, 'clocks were not summed up ahead: the first page does it'),
    )
  }

  /** Once the index has what was recorded before the start: with all records that is seconds of work, which the first page need not wait for. */
  private async sumClocks(): Promise<void> {
    await this.runner.caughtUp(await this.instance.ledger.head())
    await this.reader.sumClocks()
  }

  /** Resolves when the access index has read up to the position. */
  caughtUp(position: number): Promise<void> {
    return this.runner.caughtUp(position)
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.runner.stop(), this.decisions.stop(), this.governance.stop()])
    this.teller.close()
  }
}

@Module({ providers: [Projector], exports: [Projector] })
export class ProjectorModule {}
