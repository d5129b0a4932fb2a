import { setTimeout as sleep } from 'node:timers/promises'
import type { AccessReader } from '@catena/projections'
import { Controller, Get, Inject, ServiceUnavailableException, type BeforeApplicationShutdown } from '@nestjs/common'
import { INSTANCE, READER } from '../instance.module.js'
import type { Instance } from '../instance.js'
import { Probes } from './probes.js'
import { projectionDelay, type ProjectionDelay } from './projection-delay.js'

/** Longest wait for the database; a balancer asks every few seconds. */
const PATIENCE_MS = 2_000
/** Answers that are older than this are told as a fault of the projector. */
export const PROJECTION_DELAY_MAX_MS = 60_000

export interface Health {
  /** `degraded`: it answers, and somebody should look. */
  readonly status: 'live' | 'ready' | 'degraded' | 'not ready'
  readonly reasons?: readonly string[]
  /** Entries of the ledger that are not yet part of answers. */
  readonly lag?: number
}

/** `/health/live`: the process works. `/health/ready`: it can do its work, because its database answers and nothing holds it back. */
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private ending = false

  constructor(
    @Inject(INSTANCE) private readonly instance: Pick<Instance, 'ledger'>,
    @Inject(READER) private readonly reader: Pick<AccessReader, 'projectedPosition'>,
    private readonly probes: Probes,
  ) {}

  @Get('live')
  live(): Health {
    return { status: 'live' }
  }

  @Get('ready')
  async ready(): Promise<Health> {
    if (this.ending) throw unready('the process is ending')
    const held = this.probes.held()
    if (held !== undefined) throw unready(held)
    const asked = projectionDelay(this.instance.ledger, this.reader, Date.now()).catch(() => undefined)
    const delay = await Promise.race([asked, sleep(PATIENCE_MS, undefined, { ref: false })])
    if (delay === undefined) throw unready('the database does not answer')
    const reasons = [...behind(delay), ...this.probes.reasons()]
    const lag = delay.positions
    return reasons.length === 0 ? { status: 'ready', lag } : { status: 'degraded', lag, reasons }
  }

  beforeApplicationShutdown(): void {
    this.ending = true
  }
}

function behind({ ms = 0, detached }: ProjectionDelay): string[] {
  if (detached !== undefined) return [`answers do not contain what follows: ${detached.message}`]
  if (ms <= PROJECTION_DELAY_MAX_MS) return []
  return [`answers do not contain what came in the last ${Math.round(ms / 1000)} s: is a projector at work?`]
}

function unready(reason: string): ServiceUnavailableException {
  return new ServiceUnavailableException({ status: 'not ready', reasons: [reason] } satisfies Health)
}
