const MINUTE_MS = 60_000
/** Callers that are remembered; more than that in a minute share what is left of the oldest. */
const CALLERS_MAX = 10_000

/** What each caller may spend in a minute; it comes back steadily. */
export class CallerBudgets {
  private readonly left = new Map<string, { amount: number; at: number }>()

  constructor(
    private readonly perMinute: number,
    private readonly now: () => number,
  ) {}

  /** False: the caller has not that much left, and keeps what it has. */
  spend(caller: string, amount: number): boolean {
    const at = this.now()
    const before = this.left.get(caller) ?? { amount: this.perMinute, at }
    const has = Math.min(this.perMinute, before.amount + ((at - before.at) * this.perMinute) / MINUTE_MS)
    const isEnough = has >= amount
    this.left.delete(caller)
    this.left.set(caller, { amount: isEnough ? has - amount : has, at })
    const [oldest] = this.left.keys()
    if (this.left.size > CALLERS_MAX && oldest !== undefined) this.left.delete(oldest)
    return isEnough
  }
}
