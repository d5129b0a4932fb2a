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
  | Event<'NotificationFailed', { person: Key; occasions: readonly string[]; channel: string; why: string }>

/** Of one campaign: who was told of which occasion, by which channel. */
export interface Told {
  /** `<channel> <person> <occasion>` */
  readonly sent: ReadonlySet<string>
  readonly failures: ReadonlyMap<string, { readonly times: number; readonly nextTryAt: Instant }>
}

export interface NoteNotification {
  readonly do: 'NoteSent' | 'NoteFailed'
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

function decide({ sent }: Told, command: NoteNotification): NotificationEvent[] {
  const { campaign, person, channel, occasions, items, why } = command
  const news = occasions.filter((occasion) => !sent.has(markOf(channel, person, occasion)))
  if (news.length === 0) return []
  return command.do === 'NoteSent'
    ? [{ type: 'NotificationSent', data: { campaign, person, occasions: news, channel, items } }]
    : [{ type: 'NotificationFailed', data: { campaign, person, occasions: news, channel, why } }]
}

function evolve(state: Told, { type, data }: NotificationEvent, { at }: Decided): Told {
  const marks = data.occasions.map((occasion) => markOf(data.channel, data.person, occasion))
  if (type === 'NotificationSent') return { ...state, sent: new Set([...state.sent, ...marks]) }
  const failures = new Map(state.failures)
  for (const mark of marks) {
    const times = (failures.get(mark)?.times ?? 0) + 1
    failures.set(mark, { times, nextTryAt: nextTryAfter(times, at) })
  }
  return { ...state, failures }
}

/** Pure. Events' data are JSON by their types, which the compiler cannot see of interfaces. */
export const told = { initial: { sent: new Set(), failures: new Map() }, decide, evolve } as unknown as Decider<Told, NoteNotification, NotificationEvent & DecisionEvent> // prettier-ignore

export function toldStream(campaign: string): string {
  return `notification:${campaign}`
}
