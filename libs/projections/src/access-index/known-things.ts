import { byFirstPosition, MAKERS_MAX } from '@catena/access-chain'
import type { Activity, Key } from '@catena/domain'

/** One thing by all names that are known of it. */
export interface Thing {
  readonly names: readonly Key[]
  /** Who had it made, the earliest known first: as many as are looked at. */
  readonly makers: readonly Activity[]
}

/**
 * What names were known to be of one thing, and who was known to have made it, as more becomes known. However many share one value, what is kept of each
 * thing stays small, and whoever looked at it is told only of what he would see otherwise.
 */
export class KnownThings<Reader> {
  private readonly things = new Map<Key, MutableThing<Reader>>()
  private readonly touched = new Set<Reader>()

  /** Whoever reads is told of it from now on. */
  read(key: Key, reader: Reader): Thing {
    const thing = this.of(key)
    thing.readers.add(reader)
    return thing
  }

  /** Shown to be one thing. */
  join(a: Key, b: Key): void {
    const [one, other] = [this.of(a), this.of(b)]
    if (one === other) return
    const [large, small] = one.names.length < other.names.length ? [other, one] : [one, other]
    const makers = earliest([...large.makers, ...small.makers])
    for (const thing of [large, small]) if (!isSame(thing.makers, makers)) this.touch(thing)
    for (const name of small.names) {
      large.names.push(name)
      this.things.set(name, large)
    }
    for (const reader of small.readers) large.readers.add(reader)
    large.makers = makers
  }

  made(key: Key, maker: Activity): void {
    const thing = this.of(key)
    const makers = earliest([...thing.makers, maker])
    if (isSame(thing.makers, makers)) return
    thing.makers = makers
    this.touch(thing)
  }

  /** What is known of one who made it is more than before. */
  changed(key: Key): void {
    this.touch(this.of(key))
  }

  /** Those who would read something else now than when they read. */
  takeTouched(): readonly Reader[] {
    const taken = [...this.touched]
    this.touched.clear()
    return taken
  }

  private of(key: Key): MutableThing<Reader> {
    const known = this.things.get(key)
    if (known !== undefined) return known
    const thing: MutableThing<Reader> = { names: [key], makers: [], readers: new Set() }
    this.things.set(key, thing)
    return thing
  }

  private touch({ readers }: MutableThing<Reader>): void {
    for (const reader of readers) this.touched.add(reader)
  }
}

interface MutableThing<Reader> {
  readonly names: Key[]
  makers: readonly Activity[]
  readonly readers: Set<Reader>
}

function earliest(makers: readonly Activity[]): readonly Activity[] {
  return [...new Set(makers)].sort(byFirstPosition).slice(0, MAKERS_MAX)
}

function isSame(a: readonly Activity[], b: readonly Activity[]): boolean {
  return a.length === b.length && a.every((maker, number) => maker === b[number])
}
