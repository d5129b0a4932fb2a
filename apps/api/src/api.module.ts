import type { Callers } from '@catena/callers'
import { EvidenceGraphModule, sealCursors, type EvidenceGraphOptions } from '@catena/graphql'
import { isWithin, releaseEntries } from '@catena/ingest'
import { Metrics, systemClock, type Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import {
  CALLERS,
  INSTANCE,
  kafkaFor,
  KafkaWatch,
  LOGGER,
  openReleaseDesk,
  recertificationDesk,
  READER,
  WarmUp,
  type Instance,
} from '@catena/runtime'
import { ExportDesk } from '@catena/siem'
import { Inject, Module, type NestModule } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import type { Express } from 'express'
import { serveGraphiql } from './graphiql/serve-graphiql.js'
import { DeviceLoginController } from './login/device-login.controller.js'
import { LoginController } from './login/login.controller.js'
import { FORM_BODY, JSON_BODY, readBody } from './read-body.js'
import { serveReview } from './review/serve-review.js'

/** Largest GraphQL request, bytes; a query with its variables is a few kilobytes. */
const BODY_BYTES_MAX = 256 * 1024

function graphOptions(
  instance: Instance,
  reader: AccessReader,
  logger: Logger,
  metrics: Metrics,
  kafka: KafkaWatch,
  { identify, recordRead, expectRead, recordDenial, access }: Callers,
): EvidenceGraphOptions {
  const durations = metrics.durations({
    name: 'catena_graphql_request_seconds',
    help: 'GraphQL requests by type of operation and how they ended.',
    labels: ['operation', 'outcome'],
  })
  return {
    reader,
    ledger: instance.ledger,
    identify,
    callerKeys: instance.callerKeys,
    recordRead,
    expectRead,
    recordDenial,
    introspection: true,
    reportFault: (error, correlationId) => logger.error({ error, correlationId }, 'a question could not be answered'),
    observeRequest: ({ operation, outcome, seconds }) => durations({ operation, outcome }, seconds),
    decisions: { streams: instance.ledger, pool: reader.pool, clock: systemClock },
    recertification: recertificationDesk(instance, reader),
    exportDesk: new ExportDesk({
      streams: instance.ledger,
      pool: reader.pool,
      clock: systemClock,
      sources: instance.configuration.sources.map(({ id }) => id),
      env: process.env,
      connectKafka: kafkaFor(instance.settings, 'catena-export-test', logger),
    }),
    kafkaLag: () => kafka.lag(),
    releaseEntries: async (entries, actor) => {
      const mayRead = (file: string) => isWithin(file, access.releaseFrom)
      const open = openReleaseDesk(instance, { actor, mayRead })
      return releaseEntries(open.desk, entries).finally(() => open.close())
    },
  }
}

/** Questions and answers: GraphQL at /graphql and its workbench in the browser. Needs what `composed` provides. */
@Module({
  controllers: [LoginController, DeviceLoginController],
  providers: [WarmUp],
  imports: [
    EvidenceGraphModule.forRootAsync({
      inject: [INSTANCE, READER, LOGGER, Metrics, KafkaWatch, CALLERS],
      useFactory: graphOptions,
    }),
  ],
})
export class ApiModule implements NestModule {
  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CALLERS) private readonly callers: Callers,
    @Inject(INSTANCE) private readonly instance: Instance,
  ) {}

  /** Bodies are parsed for GraphQL alone: other parts of the process read theirs as they come. */
  configure(): void {
    const server = this.host.httpAdapter.getInstance<Express>()
    server.use(serveReview(this.callers.identify), serveGraphiql(this.callers.identify))
    server.use(['/graphql', '/login/token', '/login/device'], readBody(JSON_BODY, BODY_BYTES_MAX))
    server.use('/graphql', sealCursors(this.instance.callerKeys))
    server.use('/logout/backchannel', readBody(FORM_BODY, BODY_BYTES_MAX))
  }
}
