import { setTimeout as sleep } from 'node:timers/promises'
import type { AccessReader } from '@catena/projections'
import { INSTANCE, READER, type Instance } from '@catena/runtime'
import { Controller, Get, Inject, ServiceUnavailableException, type BeforeApplicationShutdown } from '@nestjs/common'

/** Longest wait for the database; a balancer asks every few seconds. */
const PATIENCE_MS = 2_000

export interface Health {
  readonly status: 'live' | 'ready' | 'not ready'
  readonly reason?: string
  /** Entries of the ledger that are not yet part of answers. */
  readonly lag?: number
}

/** `/health/live`: the process works. `/health/ready`: it can answer, because its database does. */
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private ending = false

  constructor(
    @Inject(INSTANCE) private readonly instance: Pick<Instance, 'ledger'>,
    @Inject(READER) private readonly reader: Pick<AccessReader, 'projectedPosition'>,
  ) {}

  @Get('live')
  live(): Health {
    return { status: 'live' }
  }

  @Get('ready')
  async ready(): Promise<Health> {
    if (this.ending) throw unready('the process is ending')
    const lag = await Promise.race([this.lag(), sleep(PATIENCE_MS, undefined, { ref: false })])
    if (lag === undefined) throw unready('the database does not answer')
    return { status: 'ready', lag }
  }

  beforeApplicationShutdown(): void {
    this.ending = true
  }

  private async lag(): Promise<number | undefined> {
    try {
      const position = await this.reader.projectedPosition()
      return (await this.instance.ledger.head()) - position
    } catch {
      return undefined
    }
  }
}

function unready(reason: string): ServiceUnavailableException {
  return new ServiceUnavailableException({ status: 'not ready', reason } satisfies Health)
}
