import { Injectable } from '@nestjs/common'

/** What a part of the process has to say of itself: a reason why it works worse than it should, or nothing. */
export type Probe = () => string | undefined

/** Parts that can work badly while the process answers, e.g. without Kafka. */
@Injectable()
export class Probes {
  private readonly probes: Probe[] = []

  add(probe: Probe): void {
    this.probes.push(probe)
  }

  reasons(): string[] {
    return this.probes.map((probe) => probe()).filter((reason) => reason !== undefined)
  }
}
