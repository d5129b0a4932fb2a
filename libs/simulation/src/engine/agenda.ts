/** Something that goes on in the organisation: it yields how long it waits before it goes on, ms. */
export type Course = Generator<number, void, void>

interface Entry {
  readonly at: number
  /** Of two at one moment the one that was entered first comes first. */
  readonly serial: number
  readonly course: Course
}

/** What is to happen next: a heap of courses by their next moment. It holds what goes on at once, never what is over. */
export class Agenda {
  private readonly heap: Entry[] = []
  private serial = 0

  constructor(
    private moment: number,
    /** Nothing happens later. */
    readonly until: number,
  ) {}

  get now(): number {
    return this.moment
  }

  get pending(): number {
    return this.heap.length
  }

  start(course: Course, at = this.moment): void {
    this.push({ at: Math.max(at, this.moment), serial: this.serial++, course })
  }

  /** Lets the next course go on. False where nothing is left to happen. */
  step(): boolean {
    const [first] = this.heap
    if (first === undefined || first.at > this.until) return false
    this.pop()
    this.moment = first.at
    const { done, value } = first.course.next()
    if (done !== true) this.start(first.course, this.moment + Math.max(0, value))
    return true
  }

  private push(entry: Entry): void {
    let index = this.heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(entry, this.at(parent))) break
      this.heap[index] = this.at(parent)
      index = parent
    }
    this.heap[index] = entry
  }

  private pop(): void {
    const last = this.heap.pop()
    if (last === undefined || this.heap.length === 0) return
    let index = 0
    for (;;) {
      const least = this.lesserChild(index)
      if (least === undefined || !isBefore(this.at(least), last)) break
      this.heap[index] = this.at(least)
      index = least
    }
    this.heap[index] = last
  }

  private lesserChild(index: number): number | undefined {
    const [left, right] = [2 * index + 1, 2 * index + 2]
    if (left >= this.heap.length) return undefined
    return right < this.heap.length && isBefore(this.at(right), this.at(left)) ? right : left
  }

  private at(index: number): Entry {
    return this.heap[index] as Entry
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.serial < b.serial)
}
