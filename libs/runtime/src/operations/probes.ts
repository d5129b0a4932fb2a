import { Injectable } from '@nestjs/common'

/** What a part of the process has to say of itself: a reason why it works worse than it should, or nothing. */
export type Probe = () => string | undefined

/** Parts that can work badly while the process answers, e.g. without Kafka. */
@Injectable()
export class Probes {
  private readonly probes: Probe[] = []
  private readonly holds: Probe[] = []

  add(probe: Probe): void {
    this.probes.push(probe)
  }

  /** While that gives a reason the process is not ready, though it answers. */
  hold(probe: Probe): void {
    this.holds.push(probe)
  }

  /** Why nobody should be sent here yet. */
  held(): string | undefined {
    return this.holds.map((probe) => probe()).find((reason) => reason !== undefined)
  }

  reasons(): string[] {
    return this.probes.map((probe) => probe()).filter((reason) => reason !== undefined)
  }
}
