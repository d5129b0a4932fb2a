import type pg from 'pg'

/** Positions per partition of `event`; ledger_ensure_partition knows the same number. */
export const PARTITION_POSITIONS = 2 ** 20
/** The next partition is made this many positions before it is needed. */
const AHEAD_POSITIONS = 2 ** 17

/** Makes partitions inside the append that needs them, under the lock on the head, so that no two appenders race. */
export class Partitions {
  private reached = -1
  private made = -1

  async ensure(client: pg.Client, first: number, last: number): Promise<void> {
    const wanted = Math.floor((last + AHEAD_POSITIONS) / PARTITION_POSITIONS)
    const from = this.reached < 0 ? Math.floor(first / PARTITION_POSITIONS) : this.reached + 1
    for (let number = from; number <= wanted; number++) {
      await client.query('SELECT ledger_ensure_partition($1)', [String(number * PARTITION_POSITIONS)])
    }
    this.made = Math.max(this.made, wanted)
  }

  /** Only a committed partition is there for the next append. */
  committed(): void {
    this.reached = Math.max(this.reached, this.made)
  }

  rolledBack(): void {
    this.made = this.reached
  }
}
