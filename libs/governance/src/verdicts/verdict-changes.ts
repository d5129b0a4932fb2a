import type { VerdictChanged } from './verdict-decider.js'

/**
 * Why a verdict became another. `first`: it was judged for the first time. `control`: the control has another version. `evidence`: records that it
 * rests on are newer than the change before. `time`: none is, so time passed, or something ceased to be.
 */
export type ChangeCause = 'first' | 'control' | 'evidence' | 'time'

export interface CausedChange {
  readonly change: VerdictChanged['data']
  /** Of the event itself. */
  readonly recordedAt: number
  readonly cause: ChangeCause
  /** The records that were new. */
  readonly news: readonly number[]
}

/** Changes of one credential in the order in which they were recorded, each with what caused it. */
export function causesOf(changes: readonly { readonly data: VerdictChanged['data']; readonly position: number }[]): CausedChange[] {
  const before = new Map<string, VerdictChanged['data']>()
  return changes.map(({ data, position }) => {
    const last = before.get(data.control)
    before.set(data.control, data)
    const news = data.witnesses.filter((witness) => witness > (last?.position ?? 0))
    return { change: data, recordedAt: position, cause: causeOf(data, last, news), news }
  })
} // prettier-ignore

function causeOf(
  { controlVersion }: VerdictChanged['data'],
  last: VerdictChanged['data'] | undefined,
  news: readonly number[],
): ChangeCause {
  if (last === undefined) return 'first'
  if (news.length > 0) return 'evidence'
  // 0 stands where the control did not apply.
  const isOther = controlVersion !== 0 && last.controlVersion !== 0 && controlVersion !== last.controlVersion
  return isOther ? 'control' : 'time'
}
