import type { Key, Verb } from '@catena/domain'

/** By verb and key. */
export class ByVerb<T> {
  private readonly verbs = new Map<Verb, Map<Key, T>>()

  get(verb: Verb, key: Key): T | undefined {
    return this.verbs.get(verb)?.get(key)
  }

  set(verb: Verb, key: Key, value: T): void {
    const known = this.verbs.get(verb)
    if (known === undefined) this.verbs.set(verb, new Map([[key, value]]))
    else known.set(key, value)
  }

  clear(): void {
    this.verbs.clear()
  }
}
