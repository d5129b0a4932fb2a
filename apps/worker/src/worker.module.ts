import { Inject, Injectable, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common'
import { systemClock, type LedTimer, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { campaignTimer, microCertificationTimer } from '@catena/recertification'
import {
  INSTANCE,
  LOGGER,
  READER,
  notificationTimer,
  recertificationDesk,
  remediationTimer,
  type Instance,
} from '@catena/runtime'
import { EventsController } from './events.controller.js'
import { exportAside, type Startable } from './export.js'

/** Writes the feed and sends it to the destinations, and lets campaigns go on by the clock, while the process lives. */
@Injectable()
export class Worker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly export: Startable
  private readonly timers: readonly LedTimer[]

  constructor(
    @Inject(INSTANCE) instance: Instance,
    @Inject(READER) reader: AccessReader,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { databaseUrl } = instance
    this.export = exportAside(instance, reader, logger)
    const desk = recertificationDesk(instance, reader)
    const trying = (what: string) => (error: unknown) => logger.error({ error }, `${what}; trying again`)
    this.timers = [
      campaignTimer({ desk, databaseUrl, clock: systemClock, onError: trying('campaigns cannot go on') }),
      microCertificationTimer({
        desk,
        databaseUrl,
        clock: systemClock,
        onError: trying('triggers cannot be followed'),
      }),
      remediationTimer(instance, reader, desk, trying('orders of campaigns cannot be carried out')),
      notificationTimer(instance, reader, trying('reviewers cannot be told')),
    ]
  }

  onApplicationBootstrap(): void {
    this.export.start()
    for (const timer of this.timers) timer.start()
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.export, ...this.timers].map((one) => one.stop()))
  }
}

@Module({ providers: [Worker], controllers: [EventsController] })
export class WorkerModule {}
