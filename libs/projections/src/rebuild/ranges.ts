/** Positions after `after` up to and including `last`. */
export interface PositionRange {
  readonly after: number
  readonly last: number
}

/** Disjoint ranges that together hold every position up to `last`, ascending. */
export function rangesUpTo(last: number, size: number): PositionRange[] {
  return Array.from({ length: Math.ceil(last / size) }, (_, index) => ({
    after: index * size,
    last: Math.min((index + 1) * size, last),
  }))
}
