import type { Instant } from '@catena/domain'

/** Changes that a process remembers; what was told before has long been shown by the index, or is of clocks long past. */
const REMEMBERED_MAX = 100_000

/**
 * When each request counts from: when it came. None is at or before what was told of its resource, however far ahead the clock was that told it:
 * the change would be undone by what it changes. No two of a process have one time. Other resources are not drawn along.
 */
export class Moments {
  private readonly newest = new Map<string, Instant>()
  private readonly given = new Set<Instant>()

  /** `toldAt`: of the same resource, as answers show it; they may lag behind what this process gave. */
  next(resource: string, now: Instant, toldAt = -Infinity): Instant {
    let at = Math.max(now, Math.max(toldAt, this.newest.get(resource) ?? -Infinity) + 1)
    while (this.given.has(at)) at += 1
    this.newest.delete(resource)
    this.newest.set(resource, at)
    this.given.add(at)
    dropOldest(this.newest)
    dropOldest(this.given)
    return at
  }
}

function dropOldest<T>(remembered: Map<T, unknown> | Set<T>): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= REMEMBERED_MAX) return
    remembered.delete(oldest)
  }
}
