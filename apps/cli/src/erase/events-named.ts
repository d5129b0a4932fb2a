import { ERASED_POSITIONS_MAX } from '@catena/ledger'
import { CommandFailure } from '../exit-codes.js'

export interface NamedEvents {
  readonly positions: readonly number[]
  /** Hex, lower case. */
  readonly recordIds: readonly string[]
}

/** `12`, `20..29` and record ids of 32 hexadecimal digits, separated by commas or blanks. */
export function eventsNamed(given: readonly string[]): NamedEvents {
  const words = given.flatMap((one) => one.split(/[\s,]+/)).filter((word) => word !== '')
  if (words.length === 0) throw wrong('')
  const recordIds = words.filter((word) => /^[0-9a-f]{32}$/i.test(word)).map((word) => word.toLowerCase())
  const positions = words.filter((word) => !/^[0-9a-f]{32}$/i.test(word)).flatMap(rangeOf)
  return { positions, recordIds }
}

function rangeOf(word: string): number[] {
  const match = /^#?(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(word)
  const first = Number(match?.[1] ?? 0)
  const last = Number(match?.[2] ?? first)
  if (first < 1 || last < first) throw wrong(word)
  if (last - first >= ERASED_POSITIONS_MAX)
    throw new CommandFailure(
      `--events ${word} names ${last - first + 1} events: erase at most ${ERASED_POSITIONS_MAX} at once`,
    )
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function wrong(word: string): CommandFailure {
  return new CommandFailure(
    `--events: "${word}" is no position and no record id: write 12, 20..29, or 32 hexadecimal digits as \`catena trace --evidence\` shows them`,
  )
}
