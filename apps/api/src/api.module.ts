import { EvidenceGraphModule, type EvidenceGraphOptions } from '@catena/graphql'
import type { Logger } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import { INSTANCE, LOGGER, READER, type Instance } from '@catena/runtime'
import { Module, type NestModule } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import express, { type Express } from 'express'
import { serveGraphiql } from './graphiql/serve-graphiql.js'
import { HealthController } from './health.controller.js'
import { securityHeaders } from './security-headers.js'

/** Largest GraphQL request, bytes; a query with its variables is a few kilobytes. */
const BODY_BYTES_MAX = 256 * 1024

function graphOptions(instance: Instance, reader: AccessReader, logger: Logger): EvidenceGraphOptions {
  return {
    reader,
    ledger: instance.ledger,
    introspection: true,
    reportFault: (error, correlationId) => logger.error({ error, correlationId }, 'a question could not be answered'),
  }
}

/** Questions and answers: GraphQL at /graphql, its workbench in the browser, and health. Needs the InstanceModule. */
@Module({
  imports: [EvidenceGraphModule.forRootAsync({ inject: [INSTANCE, READER, LOGGER], useFactory: graphOptions })],
  controllers: [HealthController],
})
export class ApiModule implements NestModule {
  constructor(private readonly host: HttpAdapterHost) {}

  /** Bodies are parsed for GraphQL alone: other parts of the process read theirs as they come. */
  configure(): void {
    const server = this.host.httpAdapter.getInstance<Express>()
    server.disable('x-powered-by')
    server.use(securityHeaders, serveGraphiql())
    server.use('/graphql', express.json({ limit: BODY_BYTES_MAX }))
  }
}
