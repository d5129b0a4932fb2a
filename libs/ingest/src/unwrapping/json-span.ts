/** Where a value stands in a text of JSON: `[from, to)`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** The spans of an object's members by name, byte-exact: re-writing a record would give it another id. The text must be valid JSON. */
export function membersOf(text: string, { from }: Span): ReadonlyMap<string, Span> {
  const members = new Map<string, Span>()
  for (let at = behindSpace(text, from + 1); text[at] === '"'; at = behindSpace(text, at)) {
    const colon = behindSpace(text, behindString(text, at))
    const name = JSON.parse(text.slice(at, behindString(text, at))) as string
    const value = valueAt(text, colon + 1)
    members.set(name, value)
    at = behindSpace(text, value.to)
    if (text[at] === ',') at += 1
  }
  return members
}

/** The spans of a list's elements, in order. */
export function elementsOf(text: string, { from }: Span): Span[] {
  const elements: Span[] = []
  let at = behindSpace(text, from + 1)
  while (at < text.length && text[at] !== ']') {
    const value = valueAt(text, at)
    elements.push(value)
    at = behindSpace(text, value.to)
    if (text[at] === ',') at = behindSpace(text, at + 1)
  }
  return elements
}

function valueAt(text: string, start: number): Span {
  const from = behindSpace(text, start)
  if (text[from] === '"') return { from, to: behindString(text, from) }
  let depth = 0
  let at = from
  while (at < text.length) {
    const sign = text[at]
    if (sign === '"') {
      at = behindString(text, at)
      continue
    }
    if (depth === 0 && (sign === ',' || sign === '}' || sign === ']' || isSpace(sign))) break
    if (sign === '{' || sign === '[') depth += 1
    if (sign === '}' || sign === ']') depth -= 1
    at += 1
    if (depth === 0 && (sign === '}' || sign === ']')) break
  }
  return { from, to: at }
}

/** Index behind the string that opens at `quote`; the text's end where it never closes. */
export function behindString(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text[at - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return at + 1
  }
  return text.length
}

function behindSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text[at])) at += 1
  return at
}

function isSpace(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t'
}
