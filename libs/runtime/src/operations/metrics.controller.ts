import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Callers } from '@catena/callers'
import type { Role } from '@catena/domain'
import { isLoopback, Metrics } from '@catena/platform'
import { Controller, Get, HttpException, Inject, Req, Res } from '@nestjs/common'
import { CALLERS, INSTANCE } from '../instance.module.js'
import type { Instance } from '../instance.js'

/** Numbers of records and ids of sources tell an attacker what is watched and when it falls silent. */
const READERS: readonly Role[] = ['operator', 'export', 'auditor', 'security-engineer']

/** `GET /metrics`: this process in Prometheus' text format. On loopback for everybody there, elsewhere with a token. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(INSTANCE) private readonly instance: Pick<Instance, 'settings'>,
    @Inject(CALLERS) private readonly callers: Pick<Callers, 'identify'>,
  ) {}

  @Get()
  async show(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    if (!isLoopback(this.instance.settings.host)) await this.requireReader(request)
    const text = await this.metrics.text()
    response.setHeader('content-type', this.metrics.contentType)
    response.end(text)
  }

  private async requireReader(request: IncomingMessage): Promise<void> {
    const caller = await this.callers.identify(request)
    if (caller === undefined)
      throw new HttpException({ error: 'unauthenticated', message: 'send a token as bearer: docs/operations.md' }, 401)
    if (!caller.roles.some((role) => READERS.includes(role)))
      throw new HttpException(
        { error: 'forbidden', message: `one of these roles is needed: ${READERS.join(', ')}` },
        403,
      )
  }
}
