import type { VerdictChange, VerdictChanged } from './verdict-decider.js'

/** What the change was judged by: the last ledger position that was known, and the moment it is about. */
type Judged = Pick<VerdictChanged['data'], 'position' | 'at'>

/**
 * Why a verdict became another. `first`: it was judged for the first time. `control`: the control has another version. `evidence`: records that it
 * rests on are newer than the change before. `time`: none is, so time passed, or something ceased to be.
 */
export type ChangeCause = 'first' | 'control' | 'evidence' | 'time'

export interface CausedChange extends Judged {
  readonly change: VerdictChange
  /** Of the event itself. */
  readonly recordedAt: number
  readonly cause: ChangeCause
  /** The records that were new. */
  readonly news: readonly number[]
}

/** Changes of one credential in the order in which they were recorded, each with what caused it. */
export function causesOf(recorded: readonly { readonly data: VerdictChanged['data']; readonly position: number }[]): CausedChange[] {
  const before = new Map<string, VerdictChange & Judged>()
  return recorded.flatMap(({ data: { position, at, changes }, position: recordedAt }) =>
    changes.map((change) => {
      const last = before.get(change.control)
      before.set(change.control, { ...change, position, at })
      const news = change.witnesses.filter((witness) => witness > (last?.position ?? 0))
      return { change, position, at, recordedAt, cause: causeOf(change, last, news), news }
    }),
  )
} // prettier-ignore

function causeOf(
  { controlVersion }: VerdictChange,
  last: VerdictChange | undefined,
  news: readonly number[],
): ChangeCause {
  if (last === undefined) return 'first'
  if (news.length > 0) return 'evidence'
  // 0 stands where the control did not apply.
  const isOther = controlVersion !== 0 && last.controlVersion !== 0 && controlVersion !== last.controlVersion
  return isOther ? 'control' : 'time'
}
