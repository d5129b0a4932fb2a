import { formatInstant, type Instant, type JsonObject } from '@catena/domain'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation, ResourceType, ScimDoor } from './door.js'

/** Longest wait for the read model to show what was stored. */
const SHOWN_MAX_MS = 5_000
const LOOK_EVERY_MS = 10
/** As far as this clock may be behind what was told, the next word still comes after it, ms. Told by a clock that was further ahead, it is of no use as a measure. */
const BEHIND_MAX_MS = 3_600_000

/** Writes of one source, one after the other: what a client was told before is what its next request finds. */
export class ScimWriter {
  private underway: Promise<unknown> = Promise.resolve()
  private last: Instant = 0

  constructor(private readonly door: ScimDoor) {}

  /** `work` may look before it writes; nobody else of this source writes meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.underway.then(work, work)
    this.underway = turn.catch(() => undefined)
    return turn
  }

  /**
   * Two requests never have one time, and none is before what was told of its resource (`toldAt`), so that their order is kept, whoever took them.
   * Resolves when answers show what was stored, or after a while.
   */
  async write(resourceType: ResourceType, operation: Operation, id: string, told: Told = {}): Promise<void> {
    const { body, toldAt = 0 } = told
    this.last = this.momentAfter(Math.max(this.last, toldAt))
    const record = {
      at: formatInstant(this.last),
      operation,
      resourceType,
      id,
      ...(body === undefined ? {} : { body: withoutPassword(body) }),
    }
    const head = await this.door.store(JSON.stringify(record))
    const deadline = performance.now() + SHOWN_MAX_MS
    while ((await this.door.reader.projectedPosition()) < head && performance.now() < deadline)
      await sleep(LOOK_EVERY_MS)
  }

  private momentAfter(told: Instant): Instant {
    const now = this.door.now()
    return told < now || told - now > BEHIND_MAX_MS ? now : told + 1
  }
}

/** What is written, and when the newest was told of the same resource. */
interface Told {
  readonly body?: JsonObject
  readonly toldAt?: Instant
}

/** It would be dropped before it is stored, too. */
function withoutPassword(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name.toLowerCase() !== 'password'))
}
