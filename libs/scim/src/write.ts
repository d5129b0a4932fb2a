import { formatInstant, type Instant, type JsonObject } from '@catena/domain'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Operation, ResourceType, ScimDoor } from './door.js'
import { Moments } from './moments.js'

/** Longest wait for the read model to show what was stored. */
const SHOWN_MAX_MS = 5_000
const LOOK_EVERY_MS = 10

/** Writes of one source, one after the other: what a client was told before is what its next request finds. */
export class ScimWriter {
  private underway: Promise<unknown> = Promise.resolve()
  private readonly moments = new Moments()

  constructor(private readonly door: ScimDoor) {}

  /** `work` may look before it writes; nobody else of this source writes meanwhile. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.underway.then(work, work)
    this.underway = turn.catch(() => undefined)
    return turn
  }

  /** Comes after what was told of its resource (`toldAt`), whoever took that. Resolves when answers show what was stored, or after a while. */
  async write(resourceType: ResourceType, operation: Operation, id: string, told: Told = {}): Promise<void> {
    const { body, toldAt } = told
    const record = {
      at: formatInstant(this.moments.next(`${resourceType} ${id}`, this.door.now(), toldAt)),
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
