import type { ConsumedBatch, ConsumedMessage, PartitionControl } from '@catena/platform'

/** Why a message is not to be had. */
export type MessageAbsence = 'no-partition' | 'below-start' | 'beyond-end' | 'compacted'
export type MessageAt = { readonly message: ConsumedMessage } | { readonly absent: MessageAbsence }

/** Where a partition begins, and the offset behind its last message. */
export interface PartitionBounds {
  readonly low: bigint
  readonly high: bigint
}

/** Goes over wanted offsets of one partition in order: each is sought, and what a fetch from there does not begin with is not there. */
export class OffsetSearch {
  readonly found = new Map<bigint, MessageAt>()
  private readonly wanted: bigint[]
  private sought: bigint | undefined

  /** Without bounds there is no such partition. */
  constructor(offsets: readonly bigint[], bounds: PartitionBounds | undefined) {
    const ascending = [...new Set(offsets)].sort((a, b) => (a < b ? -1 : 1))
    for (const offset of ascending) {
      const absent = absenceOf(offset, bounds)
      if (absent !== undefined) this.found.set(offset, { absent })
    }
    this.wanted = ascending.filter((offset) => !this.found.has(offset))
  }

  get isDone(): boolean {
    return this.wanted.length === 0
  }

  take({ messages }: ConsumedBatch, control: Pick<PartitionControl, 'seek' | 'pause'>): void {
    const [first, last] = [messages[0]?.offset, messages.at(-1)?.offset]
    const byOffset = new Map(messages.map((message) => [message.offset, message]))
    while (first !== undefined && last !== undefined && this.isReached(first, last)) this.settleNext(byOffset)
    const next = this.wanted[0]
    this.sought = next
    if (next === undefined) control.pause()
    else control.seek(next)
  }

  /** Does a fetch from `first` to `last` tell of the next offset? One that was sought tells also if it begins behind it. */
  private isReached(first: bigint, last: bigint): boolean {
    const next = this.wanted[0]
    if (next === undefined) return false
    return (next >= first && next <= last) || (next < first && this.sought === next)
  }

  private settleNext(messages: ReadonlyMap<bigint, ConsumedMessage>): void {
    const offset = this.wanted.shift()
    if (offset === undefined) return
    const message = messages.get(offset)
    this.found.set(offset, message === undefined ? { absent: 'compacted' } : { message })
  }
}

function absenceOf(offset: bigint, bounds: PartitionBounds | undefined): MessageAbsence | undefined {
  if (bounds === undefined) return 'no-partition'
  if (offset < bounds.low) return 'below-start'
  return offset >= bounds.high ? 'beyond-end' : undefined
}
