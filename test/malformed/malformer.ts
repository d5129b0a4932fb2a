/** Bytes that begin as something right and go wrong in ways that a seed decides. */
export class Malformer {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0 || 1
  }

  /** xorshift32: from 0 up to below 1. */
  next(): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) / 2 ** 32
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)] as T
  }

  /** One to four changes: cut, doubled, swapped, strange characters, deep nesting. */
  spoil(text: string): string {
    let spoiled = text
    for (let change = 0; change <= Math.floor(this.next() * 4); change++) spoiled = this.change(spoiled)
    return spoiled
  }

  private change(text: string): string {
    const at = Math.floor(this.next() * (text.length + 1))
    const to = Math.min(text.length, at + Math.floor(this.next() * 12))
    switch (Math.floor(this.next() * 7)) {
      case 0:
        return text.slice(0, at)
      case 1:
        return text.slice(0, at) + text.slice(to)
      case 2:
        return text.slice(0, to) + text.slice(at)
      case 3:
        return text.slice(0, at) + this.pick(STRANGE) + text.slice(at)
      case 4:
        return text.slice(0, at) + this.pick(STRANGE).repeat(1 + Math.floor(this.next() * 300)) + text.slice(to)
      case 5:
        return text.slice(to) + text.slice(0, at)
      default:
        return text.slice(0, at) + this.pick(TOKENS) + text.slice(at)
    }
  }
}

const STRANGE = [
  '\0',
  '\ud800',
  '\ufeff',
  '"',
  '{',
  '}',
  '[',
  ']',
  '(',
  '\\',
  '\u202e',
  '\u001b[31m',
  '\r\n',
  "'",
  '`',
  '$',
  '%s',
  '\u2028',
  '9',
  '-',
  'é',
  '😀',
]
const TOKENS = [
  '__schema', '__typename', '...', '@skip(if: true)', '@include(if: "x")', 'fragment f on Evidence { ...f }', '1e400', '-0', '99999999999999999999',
  "'; DROP TABLE event; --", '" OR 1=1', '${7*7}', '../../../etc/passwd', 'null', 'true', '{"__proto__":{"x":1}}', '"constructor"', 'mutation', 'subscription', '#', '"""',
] // prettier-ignore
