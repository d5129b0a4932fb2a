import { Inject, Injectable, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common'
import { systemClock, type LedTimer, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { campaignTimer, microCertificationTimer } from '@catena/recertification'
import {
  INSTANCE,
  kafkaFor,
  LOGGER,
  READER,
  notificationTimer,
  recertificationDesk,
  remediationTimer,
  type Instance,
} from '@catena/runtime'
import { DeliveryEngine, draftsOfSources, FeedWriter } from '@catena/siem'
import { EventsController } from './events.controller.js'

/** Writes the feed and sends it to the destinations, and lets campaigns go on by the clock, while the process lives. */
@Injectable()
export class Worker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly writer: FeedWriter
  private readonly engine: DeliveryEngine
  private readonly timers: readonly LedTimer[]

  constructor(
    @Inject(INSTANCE) instance: Instance,
    @Inject(READER) reader: AccessReader,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { databaseUrl, ledger, interpretation } = instance
    this.writer = new FeedWriter({
      databaseUrl,
      ledger,
      reader,
      interpretation,
      clock: systemClock,
      onError: (error) => logger.error({ error }, 'the feed cannot be written; trying again'),
      onCut: () => logger.warn('a record reached more chains than are looked at again; the oldest keep what was told of them'),
      watch: async () => draftsOfSources(interpretation.sources, await ledger.intake(), systemClock.now()),
    })
    const desk = recertificationDesk(instance, reader)
    const trying = (what: string) => (error: unknown) => logger.error({ error }, `${what}; trying again`)
    this.timers = [
      campaignTimer({ desk, databaseUrl, clock: systemClock, onError: trying('campaigns cannot go on') }),
      microCertificationTimer({ desk, databaseUrl, clock: systemClock, onError: trying('triggers cannot be followed') }),
      remediationTimer(instance, reader, desk, trying('orders of campaigns cannot be carried out')),
      notificationTimer(instance, reader, trying('reviewers cannot be told')),
    ]
    this.engine = new DeliveryEngine({
      databaseUrl,
      streams: ledger,
      clock: systemClock,
      random: Math.random,
      env: process.env,
      connectKafka: kafkaFor(instance.settings, 'catena-export', logger),
      onError: (error, destination) => logger.error({ error, destination }, 'a destination cannot be served; trying again'),
    })
  } // prettier-ignore

  onApplicationBootstrap(): void {
    this.writer.start()
    this.engine.start()
    for (const timer of this.timers) timer.start()
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.writer, this.engine, ...this.timers].map((one) => one.stop()))
  }
}

@Module({ providers: [Worker], controllers: [EventsController] })
export class WorkerModule {}
