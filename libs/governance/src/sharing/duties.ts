import { refusal, type Decided, type Decider, type Instant } from '@catena/domain'
import type { SharingEvent } from './party.js'

export const DUTIES = ['request', 'approve', 'hold', 'use', 'review', 'operate'] as const
export type Duty = (typeof DUTIES)[number]
export type DutyPair = readonly [Duty, Duty]

export type DutiesEvent = SharingEvent<
  'ExclusiveDutiesPublished',
  { readonly pairs: [Duty, Duty][]; readonly version: number }
>

export interface DutiesState {
  readonly pairs: readonly DutyPair[]
  readonly version: number
  readonly by?: string
  readonly at?: Instant
}

/** Who asks never approves, whatever is published: the deciders refuse that themselves. */
export const DUTIES_DEFAULT: readonly DutyPair[] = [['request', 'approve'], ['use', 'review']] // prettier-ignore

export const DUTIES_STREAM = 'exclusive-duties'

/** Pairs of duties that one person must not have for one credential (R5.10), published as a whole. */
export const exclusiveDuties: Decider<DutiesState, readonly DutyPair[], DutiesEvent, 'SAME_DUTY'> = {
  initial: { pairs: DUTIES_DEFAULT, version: 0 },
  decide: ({ version }, pairs) =>
    pairs.some(([one, other]) => one === other)
      ? refusal('SAME_DUTY', 'a duty cannot exclude itself: name two')
      : [
          {
            type: 'ExclusiveDutiesPublished',
            data: { pairs: pairs.map(([one, other]) => [one, other]), version: version + 1 },
          },
        ],
  evolve: (_, { data }, { actor, at }: Decided) => ({ pairs: data.pairs, version: data.version, by: actor, at }),
}

/** The first duty already held that excludes the one to be taken. */
export function excludedBy(pairs: readonly DutyPair[], held: ReadonlySet<Duty>, taking: Duty): Duty | undefined {
  for (const [one, other] of pairs) {
    if (one === taking && held.has(other)) return other
    if (other === taking && held.has(one)) return one
  }
  return undefined
}
