import type { Activity } from '@catena/domain'

/** Records whose activities are kept: some MB, and more than a reader that keeps up is ever behind. */
export const KEPT_RECORDS_MAX = 4_000

/** Of what positions after the first up to and with the second tell; undefined where one of them cannot be read, or more are records than are looked through. */
export type Observations = (after: number, through: number) => Promise<readonly Activity[] | undefined>

/** What follows `after` up to and with `through`. */
interface Kept {
  readonly after: number
  readonly through: number
  readonly activities: readonly Activity[]
}

/**
 * Reads and interprets what was recorded once, for all that ask about the same positions; asked for others, or more than it keeps, it reads them
 * anew. What an erasure takes away later was known when it was read.
 */
export class RecentObservations {
  private kept: Kept = { after: 0, through: 0, activities: [] }
  private turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly read: Observations) {}

  /** Undefined: one of them cannot be read. One after the other, so that nothing is read twice. */
  between(after: number, through: number): Promise<readonly Activity[] | undefined> {
    const answer = this.turn.then(() => this.answer(after, through))
    this.turn = answer.catch(() => undefined)
    return answer
  }

  private async answer(after: number, through: number): Promise<readonly Activity[] | undefined> {
    const { kept } = this
    if (after < kept.after || after > kept.through) return this.begin(after, through)
    if (through > kept.through) {
      const further = await this.read(kept.through, through)
      if (further === undefined) return undefined
      this.keep({ after: kept.after, through, activities: [...kept.activities, ...further] }, after)
    }
    return within(this.kept.activities, after, through)
  }

  private async begin(after: number, through: number): Promise<readonly Activity[] | undefined> {
    const activities = await this.read(after, through)
    if (activities !== undefined && through > this.kept.through) this.keep({ after, through, activities }, after)
    return activities
  }

  /** Not more than the limit, but all that is asked for now. Decisions between are nothing to keep, however many they are. */
  private keep(kept: Kept, asked: number): void {
    const [oldest = kept.after] = kept.activities.at(-1 - KEPT_RECORDS_MAX)?.positions ?? []
    const after = Math.max(kept.after, Math.min(asked, oldest))
    this.kept = { ...kept, after, activities: within(kept.activities, after, kept.through) }
  }
}

function within(activities: readonly Activity[], after: number, through: number): readonly Activity[] {
  return activities.filter(({ positions: [position = 0] }) => position > after && position <= through)
}
