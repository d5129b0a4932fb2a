import { Metrics } from '@catena/platform'
import { Controller, Get, Res } from '@nestjs/common'
import type { ServerResponse } from 'node:http'

/** `GET /metrics`: this process in Prometheus' text format. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  async show(@Res() response: ServerResponse): Promise<void> {
    const text = await this.metrics.text()
    response.setHeader('content-type', this.metrics.contentType)
    response.end(text)
  }
}
