/** At most so many in any span of time, counted in memory. */
export class AtMost {
  private readonly times: number[] = []

  constructor(
    private readonly max: number,
    private readonly spanMs: number,
  ) {}

  /** True: this one counts. */
  takes(now: number): boolean {
    while (this.times[0] !== undefined && this.times[0] <= now - this.spanMs) this.times.shift()
    if (this.times.length >= this.max) return false
    this.times.push(now)
    return true
  }
}
