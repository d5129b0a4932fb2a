/** Remembers what was used lately: when a generation is full, the one before it is forgotten. */
export class BoundedCache<Value> {
  private young = new Map<string, Value>()
  private old = new Map<string, Value>()

  /** At most twice `generationMax` values are held. */
  constructor(private readonly generationMax: number) {}

  get(key: string, compute: (key: string) => Value): Value {
    const held = this.young.get(key)
    if (held !== undefined) return held
    const value = this.old.get(key) ?? compute(key)
    if (this.young.size >= this.generationMax) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
    return value
  }
}
