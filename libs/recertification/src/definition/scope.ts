import { hash } from 'node:crypto'

/** What of an access a scope may ask for. */
export const SCOPE_FIELDS = {
  credential: 'text', system: 'text', container: 'text', path: 'text', accessor: 'text', accessor_kind: 'text', grant: 'text',
  chain: 'text', environment: 'text', verdict: 'text', privileged: 'text', unused_days: 'number', uses: 'number', grant_ends_in_days: 'number',
  copies: 'number', left: 'text',
} as const satisfies Record<string, 'text' | 'number'> // prettier-ignore
export type ScopeField = keyof typeof SCOPE_FIELDS
export type ScopeOperator = '=' | '!=' | '~' | '<' | '>' | '<=' | '>='

export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Scope[] }
  | { readonly kind: 'not'; readonly part: Scope }
  | {
      readonly kind: 'compare'
      readonly field: ScopeField
      readonly operator: ScopeOperator
      readonly value: string | number
    }
  | { readonly kind: 'in'; readonly field: ScopeField; readonly values: readonly string[] }

/** A scope that cannot be read; the message says where and what to write. */
export class BadScope extends Error {}

/** Deepest nesting of brackets. */
const DEPTH_MAX = 20
const TEXT_MAX = 2_000
const TOKEN = /\s*(?:(!=|<=|>=|[=~<>(),])|"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_.:/@*-]+))/y

interface Token {
  readonly text: string
  readonly quoted: boolean
}

/** First 128 bits of SHA-256 of the text, in hex: two campaigns with the same hash asked the same. */
export function scopeHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32)
}

/** `system = "vault/prod" and (privileged = yes or unused_days > 90)`; `all` is everything. Throws BadScope. */
export function parseScope(text: string): Scope {
  if (text.length > TEXT_MAX) throw new BadScope(`the scope has ${text.length} characters: write at most ${TEXT_MAX}`)
  const reader = new Reader(tokens(text))
  if (reader.peek() === undefined) throw new BadScope('the scope is empty: write `all`, or what it selects')
  const scope = readOr(reader, 0)
  const rest = reader.peek()
  if (rest !== undefined) throw new BadScope(`the scope has ${rest.text} too much: join conditions with and, or`)
  return scope
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  TOKEN.lastIndex = 0
  const trimmed = text.trimEnd()
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(trimmed)
    if (match === null) throw new BadScope(`the scope cannot be read from "${trimmed.slice(at, at + 20)}" on`)
    const [, sign, quoted, word] = match
    found.push(quoted === undefined ? { text: sign ?? word ?? '', quoted: false } : { text: quoted.replace(/\\(.)/g, '$1'), quoted: true })
  }
  return found
} // prettier-ignore

class Reader {
  private next = 0
  constructor(private readonly all: readonly Token[]) {}

  peek(): Token | undefined {
    return this.all[this.next]
  }

  take(): Token {
    const token = this.all[this.next++]
    if (token === undefined) throw new BadScope('the scope ends too early: a condition is a field, an operator and a value')
    return token
  } // prettier-ignore

  takes(word: string): boolean {
    const token = this.peek()
    if (token?.quoted !== false || token.text.toLowerCase() !== word) return false
    this.next += 1
    return true
  }
}

function readOr(reader: Reader, depth: number): Scope {
  const parts = [readAnd(reader, depth)]
  while (reader.takes('or')) parts.push(readAnd(reader, depth))
  return parts.length === 1 ? (parts[0] as Scope) : { kind: 'or', parts }
}

function readAnd(reader: Reader, depth: number): Scope {
  const parts = [readOne(reader, depth)]
  while (reader.takes('and')) parts.push(readOne(reader, depth))
  return parts.length === 1 ? (parts[0] as Scope) : { kind: 'and', parts }
}

function readOne(reader: Reader, depth: number): Scope {
  if (depth > DEPTH_MAX) throw new BadScope(`the scope nests deeper than ${DEPTH_MAX} brackets`)
  if (reader.takes('not')) return { kind: 'not', part: readOne(reader, depth + 1) }
  if (reader.takes('all')) return { kind: 'all' }
  if (reader.takes('(')) {
    const inner = readOr(reader, depth + 1)
    if (!reader.takes(')')) throw new BadScope('a bracket of the scope is not closed')
    return inner
  }
  return readCondition(reader)
}

function readCondition(reader: Reader): Scope {
  const field = fieldOf(reader.take())
  if (reader.takes('in')) return { kind: 'in', field, values: readList(reader) }
  const operator = reader.take().text
  const { text } = reader.take()
  if (SCOPE_FIELDS[field] === 'number') return { kind: 'compare', field, operator: orderOf(operator, field), value: numberOf(text, field) }
  if (operator !== '=' && operator !== '!=' && operator !== '~')
    throw new BadScope(`${field} ${operator}: text is compared with = or != or ~ (contains), or in (…)`)
  return { kind: 'compare', field, operator, value: text }
} // prettier-ignore

function fieldOf({ text, quoted }: Token): ScopeField {
  if (!quoted && Object.hasOwn(SCOPE_FIELDS, text)) return text as ScopeField
  throw new BadScope(`${text} is no field of a scope; there are ${Object.keys(SCOPE_FIELDS).join(', ')}`)
}

function readList(reader: Reader): string[] {
  if (!reader.takes('(')) throw new BadScope('in is followed by a list in brackets: in ("a", "b")')
  const values = [reader.take().text]
  while (reader.takes(',')) values.push(reader.take().text)
  if (!reader.takes(')')) throw new BadScope('a bracket of the scope is not closed')
  return values
}

function orderOf(operator: string, field: string): ScopeOperator {
  if (['=', '!=', '<', '>', '<=', '>='].includes(operator)) return operator as ScopeOperator
  throw new BadScope(`${field} ${operator}: numbers are compared with =, !=, <, >, <= or >=`)
}

function numberOf(text: string, field: string): number {
  const number = Number(text)
  if (text !== '' && Number.isFinite(number)) return number
  throw new BadScope(`${field} is compared with a number, not with ${text}`)
}
