import { trimEnd } from './framed.js'
import { LF } from './object-scan.js'

const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/**
 * Looks for a line that begins an object and is indented by no more than `indentMax`: there a broken object has ended.
 * `found`: index of the line feed before it, or -1; `searched`: where to go on once there are more bytes.
 */
export function nextObjectLine(bytes: Buffer, from: number, indentMax: number): { found: number; searched: number } {
  for (let searched = from; ;) {
    const lineFeed = bytes.indexOf(LF, searched)
    if (lineFeed < 0) return { found: -1, searched }
    let at = lineFeed + 1
    while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1
    if (at === bytes.length) return { found: -1, searched }
    if (bytes[at] === OPENING_BRACE && at - lineFeed - 1 <= indentMax) return { found: lineFeed, searched }
    searched = lineFeed + 1
  }
}

/** A line that holds the start of an object and not its end. */
export function endsInsideObject(line: Buffer): boolean {
  return line.includes(OPENING_BRACE) && line[trimEnd(line, 0, line.length) - 1] !== CLOSING_BRACE
}
