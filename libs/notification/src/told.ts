import {
  nextTryAfter,
  TRIES_MAX,
  type Decided,
  type Decider,
  type DecisionEvent,
  type Instant,
  type Key,
} from '@catena/domain'

interface Event<Type extends string, Data> {
  readonly type: Type
  readonly data: Data & { readonly campaign: string }
}

export type NotificationEvent =
  /** A message went out: which occasions it spoke of, and by which channel. */
  | Event<'NotificationSent', { person: Key; occasions: readonly string[]; channel: string; items: number }>
  /** `isWithheld`: it was not tried; noted once of an occasion, and no try is used up. */
  | Event<
      'NotificationFailed',
      { person: Key; occasions: readonly string[]; channel: string; why: string; isWithheld?: true }
    >

/** Of one campaign: who was told of which occasion, by which channel. */
export interface Told {
  /** `<channel> <person> <occasion>` */
  readonly sent: ReadonlySet<string>
  readonly failures: ReadonlyMap<string, { readonly times: number; readonly nextTryAt: Instant }>
  /** Not sent, because the person has left or is locked: goes out once that ends. */
  readonly withheld: ReadonlySet<string>
}

export interface NoteNotification {
  readonly do: 'NoteSent' | 'NoteFailed' | 'NoteWithheld'
  readonly campaign: string
  readonly person: Key
  readonly occasions: readonly string[]
  readonly channel: string
  readonly items: number
  readonly why: string
}

export function markOf(channel: string, person: Key, occasion: string): string {
  return `${channel} ${person} ${occasion}`
}

export function isDue({ sent, failures }: Told, mark: string, now: Instant): boolean {
  const failed = failures.get(mark)
  return !sent.has(mark) && (failed === undefined || (failed.times < TRIES_MAX && failed.nextTryAt <= now))
}

function decide({ sent, withheld }: Told, command: NoteNotification): NotificationEvent[] {
  const { campaign, person, channel, occasions, items, why } = command
  const isKnown = (mark: string): boolean => sent.has(mark) || (command.do === 'NoteWithheld' && withheld.has(mark))
  const news = occasions.filter((occasion) => !isKnown(markOf(channel, person, occasion)))
  if (news.length === 0) return []
  const data = { campaign, person, occasions: news, channel }
  if (command.do === 'NoteSent') return [{ type: 'NotificationSent', data: { ...data, items } }]
  const isWithheld = command.do === 'NoteWithheld' ? ({ isWithheld: true } as const) : {}
  return [{ type: 'NotificationFailed', data: { ...data, why, ...isWithheld } }]
}

function evolve(state: Told, { type, data }: NotificationEvent, { at }: Decided): Told {
  const marks = data.occasions.map((occasion) => markOf(data.channel, data.person, occasion))
  if (type === 'NotificationSent') return { ...state, sent: new Set([...state.sent, ...marks]) }
  if (data.isWithheld === true) return { ...state, withheld: new Set([...state.withheld, ...marks]) }
  const [failures, withheld] = [new Map(state.failures), new Set(state.withheld)]
  for (const mark of marks) {
    withheld.delete(mark)
    const times = (failures.get(mark)?.times ?? 0) + 1
    failures.set(mark, { times, nextTryAt: nextTryAfter(times, at) })
  }
  return { ...state, failures, withheld }
}

/** Pure. Events' data are JSON by their types, which the compiler cannot see of interfaces. */
export const told = { initial: { sent: new Set(), failures: new Map(), withheld: new Set() }, decide, evolve } as unknown as Decider<Told, NoteNotification, NotificationEvent & DecisionEvent> // prettier-ignore

export function toldStream(campaign: string): string {
  return `notification:${campaign}`
}
