import { callerKey, type Caller, type DecisionEvent, type Instant, type Key } from '@catena/domain'
import type { Named } from '../ownership/state.js'

/** Who asks, as the rules of sharing need it. */
export interface Party extends Named {
  /** All keys by which this person is known: nobody decides on their own request through a second one. */
  readonly keys: readonly Key[]
  /** Further keys whose matters are the party's own, as of `Caller`; they give no right. */
  readonly alsoKnownAs?: readonly Key[]
  /** A program: what it approves is marked as such. */
  readonly isMachine: boolean
}

export function partyOf({ id, name, kind, keys, alsoKnownAs = [] }: Caller): Party {
  const own = callerKey(id)
  const further = alsoKnownAs.length === 0 ? {} : { alsoKnownAs }
  return { key: keys[0] ?? own, name, keys: [...keys, own], ...further, isMachine: kind === 'machine' }
}

export function isOneOf({ keys }: Party, others: readonly Key[]): boolean {
  return keys.some((key) => others.includes(key))
}

/** Is it the party's own matter, by whatever key? Who decides on it must be somebody else. */
export function isOwn({ keys, alsoKnownAs = [] }: Party, others: readonly (Key | undefined)[]): boolean {
  return [...keys, ...alsoKnownAs].some((key) => others.includes(key))
}

/** As an event has it of a program that asks: who answers for it asked, too. */
export function answeredFor({ isMachine, alsoKnownAs = [] }: Party): { readonly answeredForBy?: Key[] } {
  return isMachine && alsoKnownAs.length > 0 ? { answeredForBy: [...alsoKnownAs] } : {}
}

/** Every stream of sharing says which credentials it is about. */
export type SharedThing = {
  readonly credentials: readonly string[]
}

/** An event whose data a decider's own types describe closer. */
export type SharingEvent<Type extends string, Data> = DecisionEvent & { readonly type: Type; readonly data: Data }

/** Why a window cannot stand; undefined: it can. */
export function windowFault(from: Instant, until: Instant | undefined, now: Instant): string | undefined {
  if (until === undefined) return undefined
  if (until <= from) return 'the window ends before it begins: choose a later end'
  return until <= now ? 'the window is over already: choose a later end' : undefined
}
