import { CommandFailure } from '../exit-codes.js'

export interface Positions {
  readonly from?: number
  readonly to?: number
}

/** `100..200`, `100..`, `..200`, or one position; everything where nothing is given. */
export function positionsOf(text: string | undefined): Positions {
  if (text === undefined) return {}
  const match = /^(\d{1,15})?(\.\.)?(\d{1,15})?$/.exec(text)
  const [from, dots, to] = [match?.[1], match?.[2], match?.[3]]
  if ((from ?? to) === undefined || (dots === undefined && to !== undefined)) throw wrong(text)
  const range = {
    ...(from === undefined ? {} : { from: Number(from) }),
    ...(dots === undefined ? { to: Number(from) } : to === undefined ? {} : { to: Number(to) }),
  }
  if (range.from === 0 || range.to === 0 || (range.from ?? 1) > (range.to ?? Infinity)) throw wrong(text)
  return range
}

/** What is not there can be neither right nor wrong. */
export function requireWithin({ from, to }: Positions, head: number): void {
  const asked = Math.max(from ?? 0, to ?? 0)
  if (asked > head) throw new CommandFailure(`there is no position ${asked}: the ledger ends at ${head}`)
}

function wrong(text: string): CommandFailure {
  return new CommandFailure(`--positions is "${text}": write a range such as 100..200, 100.. or ..200, from 1`)
}
