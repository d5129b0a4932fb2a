/** Something that stands beside the ledger, looked at against what the ledger says. */
export interface LookedAt {
  /** Of what there were so many. */
  readonly count: number
  /** Empty: nothing is wrong. At most BESIDE_MAX. Never content. */
  readonly findings: readonly string[]
  readonly findingsCount: number
}

/** How many were looked at; of how many, where that is known. */
export type OnLooked = (done: number, of?: number) => void

/** Enough to see what happened. */
export const BESIDE_MAX = 100

/** Collects them in bounded memory. */
export class Beside {
  private readonly found: string[] = []
  private findingsCount = 0
  count = 0

  add(finding: string): void {
    this.findingsCount += 1
    if (this.found.length < BESIDE_MAX) this.found.push(finding)
  }

  get lookedAt(): LookedAt {
    return { count: this.count, findings: this.found, findingsCount: this.findingsCount }
  }
}
