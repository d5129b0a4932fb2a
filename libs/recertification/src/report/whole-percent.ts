/** What a quotient of counts may lie below the hundredth that it is: 29 of 50 times 100 makes a little less than 58. */
const QUOTIENT_ERROR = 1e-9

/** Never rounded up: 99.9 is not all. */
export function wholePercent(share: number): number {
  return Math.floor(100 * share + QUOTIENT_ERROR)
}
