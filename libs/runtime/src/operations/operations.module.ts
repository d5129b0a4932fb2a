import { Metrics, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { Inject, Module, type DynamicModule, type NestModule } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import type { Express } from 'express'
import type { Instance } from '../instance.js'
import { LOGGER } from '../instance.module.js'
import { correlate } from './correlate.js'
import { HealthController } from './health.controller.js'
import { KafkaWatch, measureKafka } from './kafka-watch.js'
import { MetricsController } from './metrics.controller.js'
import { measureInstallation } from './measure-installation.js'
import { Probes } from './probes.js'
import { securityHeaders } from './security-headers.js'

/** What every process has: health, metrics, an id for each request, and headers that keep answers from running and being kept. Before all other parts. */
@Module({})
export class OperationsModule implements NestModule {
  static forRoot(parts: {
    readonly instance: Instance
    readonly reader: AccessReader
    readonly logger: Logger
    readonly metrics?: Metrics
  }): DynamicModule {
    const { instance, reader, logger, metrics = new Metrics() } = parts
    const watch = new KafkaWatch(instance, logger)
    measureInstallation(metrics, { ledger: instance.ledger, reader, sources: instance.configuration.sources })
    measureKafka(metrics, watch)
    return {
      module: OperationsModule,
      global: true,
      controllers: [HealthController, MetricsController],
      providers: [Probes, { provide: Metrics, useValue: metrics }, { provide: KafkaWatch, useValue: watch }],
      exports: [Probes, Metrics, KafkaWatch],
    }
  }

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  configure(): void {
    const server = this.host.httpAdapter.getInstance<Express>()
    server.disable('x-powered-by')
    server.use(correlate(this.logger), securityHeaders)
  }
}
