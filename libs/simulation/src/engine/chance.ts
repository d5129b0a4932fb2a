/** Seeded chance: one seed gives one world. */
export class Chance {
  private state: number

  constructor(readonly seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    return this.bits() / 4294967296
  }

  /** 32 random bits. */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  is(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from `low` to below `high`. */
  between(low: number, high: number): number {
    return Math.floor(low + this.next() * (high - low))
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** A whole number whose expectation is `mean`. */
  around(mean: number): number {
    const spread = mean * (0.8 + this.next() * 0.4)
    return Math.floor(spread) + (this.is(spread % 1) ? 1 : 0)
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items]
    for (let last = left.length - 1; last > 0; last--) {
      const other = this.between(0, last + 1)
      const [a, b] = [left[last] as T, left[other] as T]
      left[last] = b
      left[other] = a
    }
    return left
  }

  /** Hexadecimal digits, eight at a time. */
  hex(eights: number): string {
    let text = ''
    for (let part = 0; part < eights; part++) {
      const bits = this.bits()
      text += FOUR[bits >>> 16] as string
      text += FOUR[bits & 0xffff] as string
    }
    return text
  }

  /** An id in the form of a UUID. */
  id(): string {
    const hex = this.hex(4)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /** Letters and digits as Vault's accessors and lease ids have them. */
  letters(count: number): string {
    let text = ''
    for (let index = 0; index < count; index++) text += LETTERS.charAt(this.bits() % LETTERS.length)
    return text
  }
}

/** Four hexadecimal digits by their value. */
const FOUR = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'))
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
