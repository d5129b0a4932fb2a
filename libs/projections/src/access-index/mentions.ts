import { BroadcastChannel } from 'node:worker_threads'
import type { Activity, Key } from '@catena/domain'
import { isRecord, type LedgerEvent } from '@catena/ledger'
import { uuidOf } from './identity.js'

/** Positions that are kept, about a kB each, while nobody asked for what comes after them. */
export const HEARD_POSITIONS_MAX = 30_000

/** Which fact an event of the ledger joined, and the keys that it names. */
export interface Mention {
  readonly position: number
  readonly factId: string
  readonly keys: readonly Key[]
}

/** What the ledger tells after one position, up to and with another. */
export interface MentionStretch {
  readonly after: number
  readonly through: number
  readonly mentions: readonly Mention[]
  /** Positions of what is no record. Decisions on identities are mentions as well. */
  readonly decisions: readonly number[]
}

export function mentionOf({ factId, positions: [position = 0], groups }: Activity): Mention {
  return { position, factId, keys: [...new Set(groups.flatMap(({ forms }) => forms.map(({ key }) => key)))] }
}

/** Undefined where a record tells of nothing, or positions are missing: whoever asks has to look for himself. */
export function stretchOf(
  events: readonly LedgerEvent[],
  activities: readonly (Activity | undefined)[],
): MentionStretch | undefined {
  const [after, through] = [(events[0]?.position ?? 1) - 1, events.at(-1)?.position ?? 0]
  if (through - after !== events.length) return undefined
  const decisions = events.filter((event) => !isRecord(event)).map(({ position }) => position)
  const mentions = activities.flatMap((activity) => (activity === undefined ? [] : [mentionOf(activity)]))
  const isTold = events.every((event, number) => activities[number] !== undefined || !isRecord(event))
  return isTold ? { after, through, mentions, decisions } : undefined
}

/** Tells other threads of this process what was interpreted here, so that they need not read and interpret it again. */
export class MentionTeller {
  private readonly channel: BroadcastChannel

  constructor(databaseUrl: string) {
    this.channel = new BroadcastChannel(channelOf(databaseUrl))
    this.channel.unref()
  }

  tell(stretch: MentionStretch): void {
    this.channel.postMessage(stretch)
  }

  close(): void {
    this.channel.close()
  }
}

/**
 * What was heard of late from whoever keeps the access index, in the same process. It is what the ledger tells: events stay what they are, so it matters
 * neither whether the index holds them yet nor how often they are told.
 */
export class HeardMentions {
  private readonly channel: BroadcastChannel
  private stretches: MentionStretch[] = []

  constructor(databaseUrl: string) {
    this.channel = new BroadcastChannel(channelOf(databaseUrl))
    this.channel.unref()
    this.channel.onmessage = (message: unknown) => this.hear((message as { readonly data: MentionStretch }).data)
  }

  hear(stretch: MentionStretch): void {
    if (stretch.after !== this.stretches.at(-1)?.through) this.stretches = []
    this.stretches.push(stretch)
    while (stretch.through - (this.stretches[0]?.through ?? 0) >= HEARD_POSITIONS_MAX) this.stretches.shift()
  }

  /** What came before is not asked for any more. */
  forget(upTo: number): void {
    while (this.stretches[0] !== undefined && this.stretches[0].through <= upTo) this.stretches.shift()
  }

  /** Undefined: not all of it was heard. */
  between(after: number, through: number): MentionStretch | undefined {
    const [first, last] = [this.stretches[0], this.stretches.at(-1)]
    if (first === undefined || last === undefined || after < first.after || through > last.through) return undefined
    const isIn = (position: number): boolean => position > after && position <= through
    const within = this.stretches.filter((stretch) => stretch.through > after && stretch.after < through)
    return {
      after,
      through,
      mentions: within.flatMap(({ mentions }) => mentions.filter(({ position }) => isIn(position))),
      decisions: within.flatMap(({ decisions }) => decisions.filter(isIn)),
    }
  }

  close(): void {
    this.channel.close()
  }
}

/** Only threads on the same database understand each other. */
function channelOf(databaseUrl: string): string {
  return `catena-mentions-${uuidOf(databaseUrl)}`
}
