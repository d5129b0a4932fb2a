import { behindString } from '../unwrapping/json-span.js'

const STRUCTURAL = new Set('{}[]:,')
const SPACES = [' ', '\n', '\t', '\r'] as const

/**
 * A record's text without the white space that means nothing, so that one record has one id whether it came pretty-printed or not.
 * Everything else stays as it is: spelling of numbers, escapes, order of members.
 */
export function normalForm(text: string): string {
  return mayHoldInsignificantSpace(text) ? withoutInsignificantSpace(text) : text
}

/** Between two tokens of JSON one is always structural, so insignificant space always touches a structural character. */
function mayHoldInsignificantSpace(text: string): boolean {
  return SPACES.some((space) => {
    for (let at = text.indexOf(space); at >= 0; at = text.indexOf(space, at + 1)) {
      if (at === 0 || at === text.length - 1) return true
      if (STRUCTURAL.has(text[at - 1] ?? '') || STRUCTURAL.has(text[at + 1] ?? '')) return true
    }
    return false
  })
}

function withoutInsignificantSpace(text: string): string {
  let kept = ''
  let at = 0
  while (at < text.length) {
    const quote = text.indexOf('"', at)
    const between = text.slice(at, quote < 0 ? text.length : quote)
    kept += between.replace(/[ \t\r\n]+/g, '')
    if (quote < 0) break
    at = behindString(text, quote)
    kept += text.slice(quote, at)
  }
  return kept
}
