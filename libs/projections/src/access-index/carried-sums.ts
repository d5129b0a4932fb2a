import type { Bound, Change, ClockSums, UseBound } from './clock-sums.js'

/** Not to be told from what changed alone: sum all up anew. */
export const ANEW = 'anew'

/** Least start of all tokens, from that before and what the changed ones gave and give. */
export function carryStart(known: Bound | undefined, { before, now }: Change<Bound>): Bound | undefined | typeof ANEW {
  if (known === undefined || (now !== undefined && isLess(now, known))) return now
  return before !== undefined && !isLess(known, before) && (now === undefined || isLess(known, now)) ? ANEW : known
}

/** Last uses of all tokens; `known.start` limited those before, `start` limits them now. */
export function carryUse(
  known: ClockSums,
  start: Bound | undefined,
  { before, now }: Change<UseBound>,
): UseBound | undefined | typeof ANEW {
  if (isOtherLimit(known, start)) return ANEW
  const tokens = (known.use?.tokens ?? 0) - (before?.tokens ?? 0) + (now?.tokens ?? 0)
  const late = (known.use?.late ?? 0) - (before?.late ?? 0) + (now?.late ?? 0)
  const greatest = carryStart(turned(known.use), { before: turned(before), now: turned(now) })
  if (greatest === ANEW) return tokens === 0 ? undefined : ANEW
  return greatest === undefined ? undefined : { bound: -greatest.bound, since: greatest.since, late, tokens }
}

/** A lower limit may cut off uses that counted; a higher one may let in some that did not. */
function isOtherLimit({ start: limit, use }: ClockSums, start: Bound | undefined): boolean {
  const [then, now] = [limit?.bound ?? Infinity, start?.bound ?? Infinity]
  return now > then || (now < then && (use?.bound ?? -Infinity) > now)
}

/** The greatest is the least of the opposites. */
function turned(bound: Bound | undefined): Bound | undefined {
  return bound === undefined ? undefined : { bound: -bound.bound, since: bound.since }
}

function isLess(a: Bound, b: Bound): boolean {
  return a.bound < b.bound || (a.bound === b.bound && a.since < b.since)
}
